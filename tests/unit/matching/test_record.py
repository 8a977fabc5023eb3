from typing import Any

from crossbay.domain.address import Address
from crossbay.domain.customers.customer import Customer, CustomerKind, CustomerRef, Phone, ServiceAddress
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.matching.place import MatchAddress, match_address
from crossbay.matching.record import MatchRecord, MatchVehicle, record_of

OWNED: dict[str, Any] = {"organization_id": "o", "shop_id": "s"}


def test_each_field_is_normalized_once_and_doubles_go() -> None:
    home = Address(
        line1="1200 North Harbor Boulevard", city="Long Beach", region="CA", postal_code="90802-1234"
    )
    customer = Customer(
        id="1",
        **OWNED,
        first_name="José",
        last_name="O'Brien-Díaz",
        phones=(Phone(number="+15625550123"), Phone(number="(562) 555-0123")),
        emails=("Jose@Example.com", "jose@example.com "),
        billing_address=home,
        service_addresses=(ServiceAddress(id="a", address=home),),
    )
    car = Vehicle(
        id="v", **OWNED, customer_id="1", vin="1hgcm82633a004352", plate="7abc-123", plate_region="ca"
    )

    assert record_of(customer, [car, car]) == MatchRecord(
        ref=CustomerRef(shop_id="s", customer_id="1"),
        first_name="jose",
        last_name="obrien diaz",
        phones=("5625550123",),
        emails=("jose@example.com",),
        addresses=(
            MatchAddress(
                number="1200", street="n harbor blvd", city="long beach", region="ca", postal_code="90802"
            ),
        ),
        vehicles=(MatchVehicle(vin="1HGCM82633A004352", plate="7A8C123", plate_region="CA"),),
    )


def test_empty_fields_are_no_evidence() -> None:
    record = record_of(
        Customer(id="1", **OWNED), [Vehicle(id="v", **OWNED, customer_id="1", plate_region="CA")]
    )

    assert (record.phones, record.emails, record.addresses, record.vehicles) == ((), (), (), ())


def test_a_fleet_goes_by_its_company_without_the_legal_form() -> None:
    named = Customer(id="1", **OWNED, kind=CustomerKind.FLEET, company_name="Acme Plumbing, Inc.")
    under_a_person = Customer(
        id="2", **OWNED, kind=CustomerKind.FLEET, first_name="Acme", last_name="Plumbing"
    )

    assert record_of(named).company_name == record_of(under_a_person).company_name == "acme plumbing"


def test_a_street_on_the_second_line_is_still_the_street() -> None:
    address = match_address(Address(line1="c/o Pat Lee", line2="12 Main Street"))

    assert (address.number, address.street, address.unit) == ("12", "main st", "c o pat lee")
