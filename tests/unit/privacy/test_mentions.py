"""Which texts name the person who is erased, and what of a repair order stays (X6)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.address import Address
from crossbay.domain.customers.customer import Customer, Phone, ServiceAddress
from crossbay.domain.customers.vehicle import Vehicle
from crossbay.domain.work.repair_order import (
    Authorization,
    Job,
    LaborLine,
    PartLine,
    RepairOrder,
    VehicleSnapshot,
)
from crossbay.privacy.depersonalized import REMOVED, erased_order, texts_of
from crossbay.privacy.mentions import Mentions, whom

IDS: dict[str, Any] = {"organization_id": "o", "shop_id": "s"}
VIN = "1HGCM82633A004352"


def mentions(*earlier: dict[str, Any], **fields: Any) -> Mentions:
    sensible: dict[str, Any] = {
        "first_name": "Beatriz",
        "last_name": "Quillon",
        "phones": (Phone(number="+12125550142"),),
        "emails": ("bea.quillon@example.com",),
        "service_addresses": (ServiceAddress(id="a", address=Address(line1="41 Fernbridge Lane")),),
    }
    customer = Customer(id="c", **IDS, **(sensible | fields))
    car = Vehicle(id="v", customer_id="c", vin=VIN, plate="CBX 1047", make="Honda", **IDS)
    return Mentions(whom(customer, [car], earlier))


@pytest.mark.rule("X6")
@pytest.mark.parametrize(
    "text",
    [
        *("Mrs Quillon says it squeaks", "QUILLON'S tires", "for Beatriz", "customer Quillon waits"),
        *("call (212) 555-0142", "cell 2125550142", "bea.quillon@example.com", "tow from 41 Fernbridge Ln"),
        *("plate cbx-1047", f"vin {VIN}", "VIN ends 3A004352", "any.body@example.com"),
    ],
)
def test_a_text_with_anything_of_the_person_is_told(text: str) -> None:
    assert mentions().among([text, "Oil change"]) == {text}


@pytest.mark.rule("X6")
@pytest.mark.parametrize(
    "text",
    ["Oil change", "Front brake pads BP-1047", "Rotate 4 tires", "Honda Accord", "Cove Road special", ""],
)
def test_what_a_shop_writes_of_cars_stays(text: str) -> None:
    assert mentions().among([text]) == frozenset()


@pytest.mark.rule("X6")
def test_a_name_that_is_also_a_word_counts_but_for_the_make_of_the_own_car() -> None:
    texts = ["Brown was here", "quoted Brown", "Mr Honda waits", "Honda oil change"]

    brown, honda = mentions(last_name="Brown"), mentions(last_name="Honda")

    assert brown.among(texts) == {"Brown was here", "quoted Brown", "Mr Honda waits"}
    assert honda.among(texts) == {"Mr Honda waits"}


@pytest.mark.rule("X6")
def test_a_van_of_a_mr_van_der_berg_stays_a_van() -> None:
    assert mentions(last_name="van der Berg").among(["Van door", "Berg waits"]) == {"Berg waits"}


@pytest.mark.rule("X6")
def test_what_the_person_was_called_before_is_known_too() -> None:
    earlier: list[dict[str, Any]] = [
        {"last_name": "Maidenname"},
        {"plate": "OLD 4711"},
        {"phones": [{"number": "+12125550199"}]},
    ]
    texts = ["Maidenname wants wipers", "plate OLD4711", "call 212-555-0199", "Wipers"]

    assert mentions(*earlier).among(texts) == set(texts[:3])


_TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
_LABOR = st.builds(LaborLine, description=_TEXTS, amount_cents=st.integers(-10_000, 10_000))
_PARTS = st.builds(PartLine, description=_TEXTS, part_number=_TEXTS, amount_cents=st.integers(0, 10_000))
_JOBS = st.builds(
    Job,
    id=st.uuids().map(str),
    title=_TEXTS,
    category=_TEXTS,
    authorization=st.sampled_from(Authorization),
    labor=st.lists(_LABOR, max_size=2).map(tuple),
    parts=st.lists(_PARTS, max_size=2).map(tuple),
    amount_cents=st.integers(-10_000, 10_000),
    notes=_TEXTS,
    internal_notes=_TEXTS,
    copied_from=st.none(),
)


@pytest.mark.rule("X6")
@given(jobs=st.lists(_JOBS, max_size=3).map(tuple), chosen=st.sets(st.integers(0, 30)))
def test_every_amount_stays_and_no_text_that_names_the_person_does(
    jobs: tuple[Job, ...], chosen: set[int]
) -> None:
    car = VehicleSnapshot(id="v", vin=VIN, plate="CBX 1047", make="Honda")
    order = RepairOrder(
        id="r", customer_id="c", number="RO-1", opened_on="2027-03-01", vehicle=car, jobs=jobs, **IDS
    )
    typed = [text for text in texts_of(order) if text]
    naming = {text for place, text in enumerate(typed) if place in chosen} - {REMOVED}

    after = erased_order(order, naming, at="2027-03-02T00:00:00.000Z")

    assert after.approved_cents == order.approved_cents
    assert [job.amount_cents for job in after.jobs] == [job.amount_cents for job in order.jobs]
    assert [len(job.labor) + len(job.parts) for job in after.jobs] == [
        len(job.labor) + len(job.parts) for job in order.jobs
    ]
    assert naming.isdisjoint(texts_of(after))
    assert not [job for job in after.jobs if job.notes or job.internal_notes]
    assert (after.vehicle.vin, after.vehicle.plate) == ("", "")
