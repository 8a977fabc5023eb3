"""Contacts of a fleet and of a person in the demo, through the API alone: two of the fleet may be one."""

from typing import Any

from crossbay.domain.customers.customer import CustomerKind
from local.client import Client, checked
from local.demo.model import Demo
from local.example import Example

_OF_A_FLEET: tuple[dict[str, Any], ...] = (
    {
        "name": "Nora Winslow",
        "role": "fleet manager",
        "email": "nora.winslow@example.com",
        "phones": [{"number": "+12025550131", "label": "office"}],
    },
    {"name": "Winslow, Nora", "phones": [{"number": "+12025550132", "label": "mobile"}]},
    {"name": "Front desk", "email": "desk@example.com", "phones": [{"number": "+12025550131"}]},
)
_OF_A_PERSON: tuple[dict[str, Any], ...] = (
    {"name": "Sam Keel", "role": "drives the car", "phones": [{"number": "+12025550133"}]},
)


def give_contacts(advisor: Client, shop_id: str, demo: Demo, site_key: str, example: Example | None) -> str:
    """Gives contacts to the first fleet that the search finds and to the example, unless they have some.

    Gives back the fleet's id as a customer, empty where none is found. site_key: the advisor's
    shop in the demo's first organization, which the API knows as shop_id.
    """
    fleet_id = _fleet(advisor, shop_id, demo, site_key)
    if fleet_id:
        _add(advisor, shop_id, fleet_id, _OF_A_FLEET)
    if example is not None:
        _add(advisor, shop_id, example.customer_id, _OF_A_PERSON)
    return fleet_id


def _fleet(advisor: Client, shop_id: str, demo: Demo, site_key: str) -> str:
    """Its id in the API; empty where no fleet of the shop is found."""
    books = next(shop for shop in demo.organizations[0].shops if shop.site.key == site_key)
    for customer in books.customers:
        if customer.kind is CustomerKind.FLEET:
            query = {"text": customer.company_name}
            found = checked(advisor("GET", f"/shops/{shop_id}/search", query=query))["entries"]
            for entry in found:
                if entry["kind"] == CustomerKind.FLEET:  # its people are found by its name too
                    customer_id: str = entry["customer_id"]
                    return customer_id
    return ""


def _add(advisor: Client, shop_id: str, customer_id: str, wanted: tuple[dict[str, Any], ...]) -> None:
    path = f"/shops/{shop_id}/customers/{customer_id}/contacts"
    if not checked(advisor("GET", path))["contacts"]:
        for fields in wanted:
            checked(advisor("POST", path, body=fields))
