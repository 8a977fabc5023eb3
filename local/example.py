"""Someone worth a look in the tour: known in two shops, with work declined in the other one."""

from collections.abc import Iterator
from dataclasses import dataclass

from crossbay.domain.customers.customer import Customer
from crossbay.domain.work.repair_order import Authorization
from local.client import Client
from local.demo.model import Demo, ShopBooks

_TRIED = 20
"""Some of those people are linked, deleted or renamed by whoever played with the data before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A customer of the advisor's shop, and the candidate that the matching proposes first."""

    first_name: str
    last_name: str
    shop_id: str
    customer_id: str
    other_shop_id: str
    other_customer_id: str


def find_example(advisor: Client, shop_id: str, demo: Demo, site_key: str) -> Example | None:
    """The first of those people whom search and matching find just now, also by a mistyped name.

    site_key: the advisor's shop in the demo's first organization, which the API knows as shop_id.
    """
    second_best = None
    for customer, _ in zip(_known_elsewhere(demo, site_key), range(_TRIED), strict=False):
        example = _found(advisor, shop_id, customer)
        if example and _is_found_in_both_shops(advisor, example):
            return example
        second_best = second_best or example
    return second_best


def mistyped(name: str) -> str:
    """The name with one letter missing."""
    return name[:2] + name[3:]


def _found(advisor: Client, shop_id: str, customer: Customer) -> Example | None:
    text = f"{customer.first_name} {customer.last_name}"
    found = advisor("GET", f"/shops/{shop_id}/search", query={"text": text}).json()
    for entry in found.get("entries", [])[:1]:
        path = f"/shops/{shop_id}/customers/{entry['customer_id']}/candidates"
        for candidate in advisor("GET", path).json().get("candidates", [])[:1]:
            return Example(
                first_name=customer.first_name.title(),
                last_name=customer.last_name.title(),
                shop_id=shop_id,
                customer_id=entry["customer_id"],
                other_shop_id=candidate["card"]["shop_id"],
                other_customer_id=candidate["card"]["customer_id"],
            )
    return None


def _is_found_in_both_shops(advisor: Client, example: Example) -> bool:
    """Whether the tour's mistyped search shows the record of each shop."""
    query = {"text": f"{example.first_name} {mistyped(example.last_name)}", "scope": "organization"}
    found = advisor("GET", f"/shops/{example.shop_id}/search", query=query).json().get("entries", [])
    return {example.customer_id, example.other_customer_id} <= {entry["customer_id"] for entry in found}


def _known_elsewhere(demo: Demo, site_key: str) -> Iterator[Customer]:
    """People of the shop who declined something in exactly one other shop of the organization."""
    organization = demo.organizations[0]
    books = {shop.site.key: shop for shop in organization.shops}
    records: dict[str, dict[str, str]] = {}
    for known in demo.truth:
        if known.organization_key == organization.key:
            records.setdefault(known.party_key, {})[known.site_key] = known.customer_id
    for by_site in records.values():
        elsewhere = [site for site in by_site if site != site_key]
        if site_key not in by_site or len(elsewhere) != 1:
            continue
        customer = next(one for one in books[site_key].customers if one.id == by_site[site_key])
        if customer.last_name and _declined_something(books[elsewhere[0]], by_site[elsewhere[0]]):
            yield customer


def _declined_something(books: ShopBooks, customer_id: str) -> bool:
    return any(
        job.authorization is Authorization.DECLINED
        for order in books.repair_orders
        if order.customer_id == customer_id
        for job in order.jobs
    )
