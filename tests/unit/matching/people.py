"""Records to compare, with keyword overrides."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from crossbay.domain.customers.customer import CustomerKind, CustomerRef
from crossbay.matching.place import MatchAddress
from crossbay.matching.record import MatchRecord, MatchVehicle

HOME = MatchAddress(number="1200", street="harbor blvd", city="long beach", region="ca", postal_code="90802")
ELSEWHERE = MatchAddress(number="7", street="main st", city="tempe", region="az", postal_code="85281")
PHONE = "5625550123"
OTHER_PHONE = "6025550199"


def record(id_: str = "1", shop_id: str = "shop-1", **fields: Any) -> MatchRecord:
    return replace(MatchRecord(ref=CustomerRef(shop_id=shop_id, customer_id=id_)), **fields)


GIVEN = ["bob", "robert", "mary", "paul", "paula", "j", "jon", "john", "zelda", "mary ann", "roberta", ""]
FAMILY = ["smith", "smyth", "garcia", "garcia lopez", "kowalczykiewicz", "bob", "obrien", ""]
PHONES = [PHONE, OTHER_PHONE, "5625550124", "5550123"]
EMAILS = ["bob.smith@example.com", "bob.smth@example.com", "bob.smith@example.org", "office@example.com"]
ADDRESSES = [
    HOME,
    ELSEWHERE,
    MatchAddress(number="1200", street="harbor blvd", unit="apt 4", city="long beach", region="ca"),
    MatchAddress(street="willow creek", unit="harbor blvd", city="long beech", postal_code="90802"),
]
VEHICLES = [
    MatchVehicle(vin="1HGCM82633A004352", plate="7ABC123", plate_region="CA"),
    MatchVehicle(vin="1HGCM82633A004353", plate="7ABC123"),
    MatchVehicle(plate="7ABC123", plate_region="AZ"),
]


def _some(values: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.sets(st.sampled_from(values), max_size=2).map(lambda chosen: tuple(sorted(chosen)))


any_record = st.builds(
    MatchRecord,
    ref=st.builds(CustomerRef, shop_id=st.sampled_from(["a", "b"]), customer_id=st.sampled_from("123")),
    kind=st.sampled_from(CustomerKind),
    first_name=st.sampled_from(GIVEN),
    last_name=st.sampled_from(FAMILY),
    company_name=st.sampled_from(["", "acme plumbing", "acme plumbers", "zenith"]),
    phones=_some(PHONES),
    emails=_some(EMAILS),
    addresses=st.sets(st.sampled_from(ADDRESSES), max_size=2).map(lambda chosen: tuple(sorted(chosen))),
    vehicles=st.sets(st.sampled_from(VEHICLES), max_size=2).map(lambda chosen: tuple(sorted(chosen))),
)
