from hypothesis import given

from crossbay.domain.customers.customer import CustomerKind
from crossbay.matching.blocking import Lookup, LookupKind, blocking_keys
from crossbay.matching.record import MatchRecord, MatchVehicle
from tests.unit.matching.people import HOME, PHONE, any_record, record


def test_every_identifying_field_is_looked_up() -> None:
    person = record(
        first_name="robert",
        last_name="smith",
        phones=(PHONE,),
        emails=("bob@example.com",),
        addresses=(HOME,),
        vehicles=(MatchVehicle(vin="1HGCM82633A004352", plate="7A8C123", plate_region="CA"),),
    )

    assert blocking_keys(person) == (
        Lookup(LookupKind.PHONE, PHONE),
        Lookup(LookupKind.EMAIL, "bob@example.com"),
        Lookup(LookupKind.EMAIL_LOCAL, "bob"),
        Lookup(LookupKind.VIN, "1HGCM82633A004352"),
        Lookup(LookupKind.PLATE, "7A8C123"),
        Lookup(LookupKind.NAME, "smith", "robert"),
        Lookup(LookupKind.NAME_FUZZY, "smith", "robert"),
        Lookup(LookupKind.NAME_FUZZY, "robert", "smith"),
        Lookup(LookupKind.STREET, "harb", "1200"),
        Lookup(LookupKind.POSTAL, "90802", "1200"),
        Lookup(LookupKind.POSTAL, "90802", "harb"),
    )


def test_a_surname_is_looked_up_alone_only_where_it_is_rare() -> None:
    rare = blocking_keys(record(first_name="robert", last_name="kowalczykiewicz"))
    common = blocking_keys(record(first_name="robert", last_name="smith"))

    assert Lookup(LookupKind.NAME, "kowalczykiewicz") in rare
    assert Lookup(LookupKind.NAME, "smith") not in common


def test_a_fleet_is_looked_up_by_its_company() -> None:
    fleet = record(kind=CustomerKind.FLEET, company_name="acme plumbing")

    assert Lookup(LookupKind.COMPANY, "acme plumbing") in blocking_keys(fleet)


@given(any_record)
def test_no_lookup_is_empty_or_doubled(customer: MatchRecord) -> None:
    lookups = blocking_keys(customer)

    assert len(set(lookups)) == len(lookups)
    assert all(lookup.value for lookup in lookups)
