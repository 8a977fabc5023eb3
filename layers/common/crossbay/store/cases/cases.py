"""Cases, in their customer's partition, by status within the shop and by fleet within the organization."""

from collections.abc import Sequence
from dataclasses import replace

from crossbay.domain.access import Stamp
from crossbay.domain.cases.case import Case, CaseStatus
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.errors import Conflict, NotFound, Stale
from crossbay.store import audit, keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.id_index import RecordPlace, find_placed, put_place
from crossbay.store.operation import StoredItem
from crossbay.store.profile import profile_keys
from crossbay.store.reads import Item, Position, Query, Reads
from crossbay.store.transaction import Transaction

_KIND = "case"


def case_of(item: Item) -> Case:
    """What a stored item says."""
    return from_body(Case, item["body"])


def read_case(reads: Reads, shop_ref: ShopRef, case_id: str) -> Case:
    """Raises NotFound."""
    item = find_placed(reads, shop_ref, case_id, _KIND)
    if item is None:
        raise NotFound("case")
    return case_of(item)


def list_by_status(
    reads: Reads, shop_ref: ShopRef, status: CaseStatus, *, limit: int, after: Position | None = None
) -> tuple[tuple[Case, ...], Position | None]:
    """A page of the shop's open or closed cases, opened last first, and where the next starts."""
    pk, sk = profile_keys.by_case_status(shop_ref, status.value, "", "")
    query = Query(
        pk=pk, prefix=sk.removesuffix("#"), index="GSI1", limit=limit, after=after, newest_first=True
    )
    page = reads.query(query)
    return tuple(case_of(item) for item in page.items), page.next


def list_of_customer(
    reads: Reads,
    organization_id: str,
    ref: CustomerRef,
    *,
    limit: int | None = None,
    after: Position | None = None,
) -> tuple[tuple[Case, ...], Position | None]:
    """A page of the customer's cases, opened last first (ids sort by time), and where the next starts."""
    pk, prefix = profile_keys.case(_partition(organization_id, ref), "")
    query = Query(pk=pk, prefix=prefix, limit=limit, after=after, newest_first=True, consistent=True)
    page = reads.query(query)
    return tuple(case_of(item) for item in page.items), page.next


def list_of_fleets(
    reads: Reads, organization_id: str, fleet_ids: Sequence[str], *, limit: int, before: str = ""
) -> tuple[tuple[Case, ...], str]:
    """A page of these fleets' cases, opened last first, and what to name as `before` for the next one.

    An empty `before` starts at the newest; an empty answer means that there is no more.
    """
    queries = [
        Query(
            pk=profile_keys.by_fleet_case(organization_id, fleet_id, "", "").pk,
            last=before,
            index="GSI2",
            limit=limit + 2,  # that of `before` itself comes again; one more tells of a next page
            newest_first=True,
        )
        for fleet_id in fleet_ids
    ]
    items = [item for page in reads.query_many(queries) for item in page.items]
    items = sorted(items, key=lambda item: str(item["gsi2sk"]), reverse=True)
    left = [item for item in items if not before or item["gsi2sk"] < before]
    shown = left[:limit]
    return tuple(case_of(item) for item in shown), shown[-1]["gsi2sk"] if len(left) > limit else ""


def require_case(transaction: Transaction, case: Case, *, refusal: Exception) -> None:
    """Nothing is written unless the case stands as read."""
    key = profile_keys.case(_partition(case.organization_id, CustomerRef.of(case)), case.id)
    transaction.require_version(key, case.version, refusal=refusal)


def put_case(
    transaction: Transaction,
    before: Case | None,
    after: Case,
    *,
    what: str,
    stamp: Stamp,
    refusal: Exception | None = None,
) -> Case:
    """Write the case as it became with its audit entry, in a larger transaction; gives it back as saved.

    what: for the audit, `opened`, `changed` ... refusal: raised in the place of Stale.
    """
    after = replace(
        after,
        version=before.version + 1 if before else 1,
        created_at=before.created_at if before else stamp.at,
        updated_at=stamp.at,
    )
    shop_ref = ShopRef.of(after)
    partition = _partition(after.organization_id, CustomerRef.of(after))
    key = profile_keys.case(partition, after.id)
    of_fleet = profile_keys.by_fleet_case(after.organization_id, after.fleet_id, after.opened_at, after.id)
    transaction.replace(
        key,
        StoredItem(
            type=_KIND,
            body=to_body(after),
            version=after.version,
            gsi1=profile_keys.by_case_status(shop_ref, after.status.value, after.opened_at, after.id),
            gsi2=of_fleet if after.fleet_id else None,
        ),
        expected_version=before.version if before else 0,
        refusal=refusal or (Stale(_KIND) if before else Conflict("This case exists already.")),
    )
    if before is None:
        put_place(
            transaction, shop_ref, after.id, RecordPlace(kind=_KIND, customer_id=after.customer_id, sk=key.sk)
        )
    audit.write_entry(transaction, partition, stamp, f"case {what}", after.id, before=before, after=after)
    return after


def _partition(organization_id: str, ref: CustomerRef) -> str:
    return keys.customer_partition(organization_id, ref)
