"""How far a walk through the table has come that saves everything anew: one broken off goes on from there."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from crossbay.errors import Conflict
from crossbay.store import keys
from crossbay.store.codec import from_body, to_body
from crossbay.store.operation import StoredItem
from crossbay.store.reads import Reads
from crossbay.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Resave:
    """organization_id: empty for all. after: the key of the last item looked at, empty at the start.

    items, customers: looked at so far. written: items.
    """

    organization_id: str = ""
    after: Mapping[str, str] = field(default_factory=dict)
    items: int = 0
    customers: int = 0
    written: int = 0
    version: int = 0


def read_resave(reads: Reads, organization_id: str) -> Resave:
    item = reads.get(keys.resave(organization_id), consistent=True)
    return from_body(Resave, item["body"]) if item else Resave(organization_id=organization_id)


def save_resave(resave: Resave) -> Resave:
    """Note how far it has come; give it back as saved. Raises Conflict when another one walks as well."""
    after, transaction = replace(resave, version=resave.version + 1), Transaction()
    transaction.replace(
        keys.resave(resave.organization_id),
        StoredItem(type="resave", body=to_body(after), version=after.version),
        expected_version=resave.version,
        refusal=_another(),
    )
    transaction.commit()
    return after


def end_resave(resave: Resave) -> None:
    """It is through: the next one begins at the start. Raises Conflict like `save_resave`."""
    transaction = Transaction()
    key = keys.resave(resave.organization_id)
    transaction.delete(key, expected_version=resave.version, refusal=_another())
    transaction.commit()


def _another() -> Conflict:
    return Conflict("Another resave is under way. Let it finish, or end it and run this one again.")
