"""Records made through the API, with sensible fields that a test overrides where it matters."""

from dataclasses import replace
from itertools import count
from typing import Any

from crossbay.domain.access import Stamp
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.domain.sources.source import Source, spelling_id
from crossbay.store.customers.customers import read_file, save_file
from crossbay.store.reads import Reads
from crossbay.store.sources.sources import put_listed
from crossbay.store.transaction import Transaction
from tests.helpers.doors import Answer, Caller

_numbers = count(1)


def make_customer(caller: Caller, shop: str, **fields: Any) -> dict[str, Any]:
    """A customer of the shop (`/shops/<id>`), under a name of its own unless one is given."""
    number = next(_numbers)
    body = {"first_name": "Ada", "last_name": f"Quill{_letters(number)}", "insist": True} | fields
    answer = caller("POST", f"{shop}/customers", body=body)
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


def make_vehicle(caller: Caller, customer: dict[str, Any], **fields: Any) -> dict[str, Any]:
    number = next(_numbers)
    body = {"plate": f"QX{number:04}", "plate_region": "NY", "make": "Honda", "model": "Civic"} | fields
    answer = caller("POST", f"{path_of(customer)}/vehicles", body=body)
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


def make_order(caller: Caller, customer: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A repair order of the customer, an open estimate unless said otherwise."""
    body = {"customer_id": customer["id"], "opened_on": "2026-01-05"} | fields
    answer = caller("POST", f"/shops/{customer['shop_id']}/repair-orders", body=body)
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


def make_equipment(caller: Caller, customer: dict[str, Any], **fields: Any) -> dict[str, Any]:
    answer = caller("POST", f"{path_of(customer)}/equipment", body={"name": "Lift"} | fields)
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


def make_quote(caller: Caller, customer: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A quote of the customer, a draft unless said otherwise."""
    answer = caller("POST", f"{path_of(customer)}/quotes", body={"title": "Brakes"} | fields)
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


def make_source(shop_ref: ShopRef, *spellings: str, **fields: Any) -> Source:
    """A source of the shop, as the count of its customers lists it."""
    source = Source(
        id=spelling_id(spellings[0]),
        organization_id=shop_ref.organization_id,
        shop_id=shop_ref.shop_id,
        spellings=spellings,
        **fields,
    )
    transaction = Transaction()
    put_listed(transaction, None, source, at="2026-11-02T12:00:00.000Z")
    transaction.commit()
    return source


def make_contact(caller: Caller, customer: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A contact that the customer's shop looks after."""
    body = {"name": "Ana Diaz", "role": "office manager"} | fields
    answer = caller("POST", f"{path_of(customer)}/contacts", body=body)
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


def make_fleet_records(caller: Caller, shop: str, fleet_id: str) -> dict[str, str]:
    """Ids by the names of routes: a customer of the fleet, its own contact, a case with a note.

    The caller may do everything and is one of the fleet's users.
    """
    customer = make_customer(caller, shop, kind="fleet", company_name="Acme Haulage", fleet_id=fleet_id)
    contact = caller(
        "POST", f"/fleet/customers/{customer['shop_id']}/{customer['id']}/contacts", body={"name": "Lou Vale"}
    ).json()
    asked = {
        "customer_id": customer["id"],
        "title": "Brake noise",
        "assignee_ids": [caller.claims["sub"]],
        "one_time_contacts": [{"name": "Robin Vale", "email": "robin@example.com"}],
    }
    case = caller("POST", f"{shop}/cases", body=asked).json()
    one_time = case["one_time_contacts"][0]["id"]
    written = {"kind": "note", "text": "Noise at the rear.", "recipients": [one_time]}
    note = caller("POST", f"{shop}/cases/{case['id']}/notes", body=written).json()
    return {
        "fleet_id": fleet_id,
        "fleet_customer_id": customer["id"],
        "fleet_contact_id": contact["id"],
        "case_id": case["id"],
        "one_time_contact_id": one_time,
        "case_note_id": note["id"],
    }


def job(title: str, authorization: str = "approved", **fields: Any) -> dict[str, Any]:
    return {"title": title, "authorization": authorization} | fields


def path_of(customer: dict[str, Any]) -> str:
    return f"/shops/{customer['shop_id']}/customers/{customer['id']}"


def ref_of(customer: dict[str, Any]) -> dict[str, str]:
    return {"shop_id": customer["shop_id"], "customer_id": customer["id"]}


def link(caller: Caller, customer: dict[str, Any], *others: dict[str, Any]) -> dict[str, Any]:
    """Links the others to the customer; gives back its link set."""
    body = {"customers": [ref_of(other) for other in others], "reason": "asked at the counter"}
    answer = caller("POST", f"{path_of(customer)}/links", body=body)
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]


def history(
    caller: Caller, customer: dict[str, Any], kind: str = "jobs", **query: Any
) -> list[dict[str, Any]]:
    """The rows of the first page of a history list."""
    answer = caller("GET", f"{path_of(customer)}/history/{kind}", query=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["rows"]  # type: ignore[no-any-return]


def lose_address(reads: Reads, customer: dict[str, Any], address_id: str) -> None:
    """The customer has the address no more, as before an address kept what hangs on it."""
    file = read_file(
        reads,
        customer["organization_id"],
        CustomerRef(shop_id=customer["shop_id"], customer_id=customer["id"]),
    )
    left = tuple(one for one in file.customer.service_addresses if one.id != address_id)
    after = replace(file, customer=replace(file.customer, service_addresses=left))
    save_file(file, after, stamp=Stamp(by="advisor", at="2026-11-02T12:00:00.000Z"))


def etag(record: dict[str, Any]) -> dict[str, str]:
    """The If-Match header for a change of the record as it was read."""
    return {"If-Match": f'"{record["version"]}"'}


def _letters(number: int) -> str:
    """1 is `b`, 10 is `ba`: names of letters alone."""
    return "".join("abcdefghij"[int(digit)] for digit in str(number))


def make_fleet(admin: Caller, name: str = "Acme") -> str:
    answer = admin("POST", "/fleets", body={"name": name})
    assert answer.status_code == 201, answer.text
    fleet_id: str = answer.json()["id"]
    return fleet_id


def fleet_customer(caller: Caller, shop: str, fleet_id: str, **fields: Any) -> dict[str, Any]:
    return make_customer(
        caller, shop, **{"kind": "fleet", "company_name": "Acme", "fleet_id": fleet_id} | fields
    )


def open_case(
    caller: Caller, customer: dict[str, Any], title: str = "Brake noise", **fields: Any
) -> dict[str, Any]:
    body = {"customer_id": customer["id"], "title": title} | fields
    answer = caller("POST", f"/shops/{customer['shop_id']}/cases", body=body)
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


def all_pages(caller: Caller, path: str, name: str, *, limit: int) -> list[dict[str, Any]]:
    found, cursor = [], ""
    while cursor is not None:
        answer = caller("GET", path, query={"limit": limit} | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        assert len(answer.json()[name]) <= limit
        found += answer.json()[name]
        cursor = answer.json()["next"]
    return found


def case_path(case: dict[str, Any]) -> str:
    return f"/shops/{case['shop_id']}/cases/{case['id']}"


def add_contact(caller: Caller, customer: dict[str, Any], **fields: Any) -> str:
    answer = caller("POST", f"{path_of(customer)}/contacts", body=fields)
    assert answer.status_code == 201, answer.text
    contact_id: str = answer.json()["id"]
    return contact_id


def write_in_case(caller: Caller, case: dict[str, Any], *recipients: str, **fields: Any) -> Answer:
    body = {"kind": "note", "text": "It is ready.", "recipients": list(recipients)} | fields
    return caller("POST", f"{case_path(case)}/notes", body=body)
