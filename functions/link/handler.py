"""Candidates, links, "not the same person", their events and undo."""

from typing import Annotated

from crossbay.app.links import links
from crossbay.app.links.candidates import Proposals, propose
from crossbay.app.links.decided import DecidedPairs, read_decided
from crossbay.domain.access import Action, Caller
from crossbay.domain.customers.customer import CustomerRef
from crossbay.domain.link import LinkAction
from crossbay.domain.organization import Entitlement
from crossbay.entry.answers import LinkEventPage, no_content
from crossbay.entry.fields import Line
from crossbay.entry.http import Cursor, Door, Id, IdempotencyKey, Limit, Query, Response
from crossbay.entry.link_requests import HistorySettings, PairsInput, ReasonInput
from crossbay.store.customers.customers import read_file
from crossbay.store.links import links as store

door = Door("link")
app = door.app
lambda_handler = door.handler

WhyUnlinked = Annotated[Line, Query(description="Why, as the event keeps it.")]

_NO_REASON = ReasonInput()

CUSTOMER = "/shops/<shop_id>/customers/<customer_id>"


@app.get(f"{CUSTOMER}/candidates", tags=["links"], summary="Who may be the same person")
def list_candidates(shop_id: Id, customer_id: Id) -> Proposals:
    """The customer first, then candidates of other shops, best first, each with its score and reasons.

    Linked ones are among them whatever their score; those told apart are listed beside them.
    """
    caller, own = _customer(Action.READ_CUSTOMERS, shop_id, customer_id)
    return propose(door.reads, caller, own)


@app.get(f"{CUSTOMER}/links", tags=["links"], summary="List the links")
def list_customer_links(shop_id: Id, customer_id: Id) -> DecidedPairs:
    """Each decision that stands, also "not the same person", with the other record as it is now."""
    caller, own = _customer(Action.READ_CUSTOMERS, shop_id, customer_id)
    return read_decided(door.reads, caller, own)


@app.post(f"{CUSTOMER}/links", tags=["links"], summary="Link customers")
def link_customers(
    shop_id: Id, customer_id: Id, body: PairsInput, idempotency_key: IdempotencyKey = None
) -> DecidedPairs:
    """All of them or, where one can't be linked, none."""
    return _decide(LinkAction.LINK, shop_id, customer_id, body.refs(), body.reason, idempotency_key)


@app.post(f"{CUSTOMER}/not-same", tags=["links"], summary="These are not the same person")
def tell_customers_apart(
    shop_id: Id, customer_id: Id, body: PairsInput, idempotency_key: IdempotencyKey = None
) -> DecidedPairs:
    """Keeps the pairs out of the candidates until undone; takes a link away where there is one."""
    return _decide(LinkAction.NOT_SAME, shop_id, customer_id, body.refs(), body.reason, idempotency_key)


@app.delete(
    f"{CUSTOMER}/links/<other_shop_id>/<other_customer_id>",
    tags=["links"],
    summary="Remove a link",
    status_code=204,
)
def unlink_customer(
    shop_id: Id,
    customer_id: Id,
    other_shop_id: Id,
    other_customer_id: Id,
    reason: WhyUnlinked = "",
    idempotency_key: IdempotencyKey = None,
) -> Response[None]:
    """Harmless where the link is gone already; what was told apart stays so."""
    other = CustomerRef(shop_id=other_shop_id, customer_id=other_customer_id)
    _decide(LinkAction.UNLINK, shop_id, customer_id, [other], reason, idempotency_key)
    return no_content()


@app.get(f"{CUSTOMER}/link-events", tags=["links"], summary="List every decision")
def list_link_events(shop_id: Id, customer_id: Id, limit: Limit = 20, cursor: Cursor = None) -> LinkEventPage:
    """Newest first: who, when, why, both records as seen, score and reasons."""
    caller, own = _customer(Action.READ_CUSTOMERS, shop_id, customer_id)
    read_file(door.reads, caller.organization.id, CustomerRef(shop_id=shop_id, customer_id=customer_id))
    after = door.position(caller, cursor)
    events, following = store.list_events(door.reads, caller.organization.id, own, limit=limit, after=after)
    return LinkEventPage(events=events, next=door.cursor(caller, following))


@app.post(f"{CUSTOMER}/link-events/<event_id>/undo", tags=["links"], summary="Undo a decision")
def undo_link_event(
    shop_id: Id,
    customer_id: Id,
    event_id: Id,
    body: ReasonInput = _NO_REASON,
    idempotency_key: IdempotencyKey = None,
) -> DecidedPairs:
    """Restores what was decided about its pairs before.

    409: One of its pairs was decided again since.
    """
    caller, own = _customer(Action.LINK_CUSTOMERS, shop_id, customer_id)
    stamp = door.stamp(caller, idempotency_key)

    def act() -> tuple[str, ...]:
        ids = (caller.organization.id, own, event_id)
        links.undo(door.reads, *ids, reason=body.reason, stamp=stamp)
        return ()

    door.once(stamp, act)
    return read_decided(door.reads, caller, own)


@app.put(f"{CUSTOMER}/history-settings", tags=["history"], summary="Show or hide other shops' history")
def change_history_settings(
    shop_id: Id, customer_id: Id, body: HistorySettings, idempotency_key: IdempotencyKey = None
) -> DecidedPairs:
    """Remembered for this customer of this shop."""
    caller, own = _customer(Action.CHANGE_CUSTOMERS, shop_id, customer_id)
    stamp = door.stamp(caller, idempotency_key)

    def act() -> tuple[str, ...]:
        links.show_linked_history(
            door.reads, caller.organization.id, own, shown=body.show_linked_history, stamp=stamp
        )
        return ()

    door.once(stamp, act)
    return read_decided(door.reads, caller, own)


def _customer(action: Action, shop_id: str, customer_id: str) -> tuple[Caller, CustomerRef]:
    caller = door.caller(action, shop_id, needs=Entitlement.MULTI_SHOP)
    return caller, CustomerRef(shop_id=shop_id, customer_id=customer_id)


def _decide(
    action: LinkAction,
    shop_id: str,
    customer_id: str,
    others: list[CustomerRef],
    reason: str,
    idempotency_key: str | None,
) -> DecidedPairs:
    caller, own = _customer(Action.LINK_CUSTOMERS, shop_id, customer_id)
    stamp = door.stamp(caller, idempotency_key)

    def act() -> tuple[str, ...]:
        links.decide(
            door.reads, caller.organization.id, own, others, action=action, reason=reason, stamp=stamp
        )
        return ()

    door.once(stamp, act)
    return read_decided(door.reads, caller, own)
