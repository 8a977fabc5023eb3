"""What the demo's shops have to tell partners, through the API alone: visits of today, a file of the past.

Nothing that was imported before the partners were on is theirs to hear.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from crossbay.domain.calendar import local_date
from crossbay.domain.vin.vin import check_digit
from local.client import Client, checked

HISTORY_DAYS = 90


def _good(serial: int) -> str:
    draft = f"1HGCM82603A{serial:06}"
    return draft[:8] + check_digit(draft) + draft[9:]


def _mistyped(serial: int) -> str:
    return _good(serial).replace("0", "O", 1)


def _missing(serial: int) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """A visit of somebody new. vin: of the car, from a number of its own."""

    first_name: str
    last_name: str
    title: str
    vin: Callable[[int], str] = _good
    is_void: bool = False


_VISITS = (
    _Visit(first_name="Rosa", last_name="Belmonte", title="Oil & filter change"),
    _Visit(first_name="Ines", last_name="Lopez", title="Mrs Lopez says brakes squeal"),
    _Visit(first_name="Theo", last_name="Marwick", title="Battery replacement", vin=_mistyped),
    _Visit(first_name="June", last_name="Castell", title="Flat tire repair", vin=_missing),
    _Visit(first_name="Omar", last_name="Vidal", title="Coolant flush", is_void=True),
)
"""What a night can meet: a plain one, a name in a title, a wrong VIN, none, one that didn't happen."""


def give_something_to_tell(admin: Client, shop: dict[str, Any], *, number: int) -> None:
    """Today's visits, for the night to come, and CARFAX's file of the months before; once for a shop.

    shop: its contact card, with its id. number: 0 for the shop that gets every kind of visit.
    """
    path = f"/shops/{shop['id']}/partners/carfax/exports"
    if checked(admin("GET", path))["exports"]:
        return
    today = local_date(datetime.now(UTC), shop["time_zone"])
    for place, visit in enumerate(_VISITS if number == 0 else _VISITS[:1]):
        _make_visit(admin, shop, visit, today, serial=10 * number + place)
    first, last = (today - timedelta(days=days) for days in (HISTORY_DAYS, 1))
    checked(admin("POST", path, body={"first": first.isoformat(), "last": last.isoformat()}))


def _make_visit(admin: Client, shop: dict[str, Any], visit: _Visit, today: date, *, serial: int) -> None:
    """The visit, made once however often a start breaks off."""

    def post(path: str, body: dict[str, Any] | None = None, version: int = 0) -> dict[str, Any]:
        headers = {"Idempotency-Key": f"{serial} {path}", "If-Match": f'"{version}"'}
        made: dict[str, Any] = checked(
            admin("POST", f"/shops/{shop['id']}/{path}", body=body, headers=headers)
        )
        return made

    customer = post(
        "customers",
        {
            "first_name": visit.first_name,
            "last_name": visit.last_name,
            "phones": [{"number": f"{shop['phone'][:5]}55501{serial + 10:02}", "label": "mobile"}],
            "emails": [f"{visit.first_name}.{visit.last_name}@example.com".lower()],
            "insist": True,
        },
    )
    car = {"vin": visit.vin(serial), "year": 2003, "make": "Honda", "model": "Accord"}
    job = {"title": visit.title, "authorization": "approved", "amount_cents": 18_950}
    order = post(
        "repair-orders",
        {
            "customer_id": customer["id"],
            "vehicle_id": post(f"customers/{customer['id']}/vehicles", car)["id"],
            "invoiced_on": today.isoformat(),
            "status": "invoiced",
            "jobs": [job],
        },
    )
    if visit.is_void:
        post(f"repair-orders/{order['id']}/void", version=order["version"])
