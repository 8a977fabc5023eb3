"""Marketing sources: categories, mapping, and today's vehicles with those whose source is unknown."""

from functools import partial
from typing import Annotated

from crossbay.app.sources import customer_source, vehicles_of_day
from crossbay.app.sources import lists as source_lists
from crossbay.app.sources import mapping as source_mapping
from crossbay.app.sources.suggestions import SuggestionsTaken, outcomes_of, take_suggestions
from crossbay.domain.access import Action
from crossbay.domain.customers.customer import Customer, CustomerRef
from crossbay.domain.organization import ShopRef
from crossbay.domain.sources.lists import ListedSource, SourceState
from crossbay.domain.sources.source import Categories, SourceSettings
from crossbay.entry.answers import no_content, versioned
from crossbay.entry.fields import Day
from crossbay.entry.http import Cursor, Door, Id, IdempotencyKey, IfMatch, Limit, Query, Response
from crossbay.entry.sources import requests as source_requests
from crossbay.entry.sources.answers import MappingDone, SourcePage, VehiclesOfDayPage
from crossbay.store.customers.customers import read_customer
from crossbay.store.sources.sources import read_categories, read_settings

door = Door("sources")
app = door.app
lambda_handler = door.handler

SHOP = "/shops/<shop_id>"
SOURCES = f"{SHOP}/sources"
SOURCE = f"{SOURCES}/<source_id>"

State = Annotated[SourceState | None, Query(description="Those in this state; left out, all.")]
DayOfVisit = Annotated[Day | None, Query(description="A civil day of the shop; left out, today.")]


# ---- categories


@app.get("/source-categories", tags=["sources"], summary="The organization's source categories")
def read_source_categories() -> Response[Categories]:
    """Main categories with their sub-categories; a list to start with, at version 0, until one is saved."""
    caller = door.caller(Action.READ_SOURCES)
    kept = read_categories(door.reads, caller.organization.id)
    return versioned(kept, kept.version)


@app.put("/source-categories", tags=["sources"], summary="Change the source categories")
def save_source_categories(
    body: source_requests.CategoriesInput, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None
) -> Response[Categories]:
    """The whole list, of all shops. `Other New Customers` stays: "mapping done" maps to it."""
    caller = door.caller(Action.MANAGE_SOURCES)
    stamp = door.stamp(caller, idempotency_key)

    asked = (caller.organization.id, body.all())
    door.change(stamp, if_match, partial(source_mapping.save_categories, door.reads, *asked, stamp=stamp))
    kept = read_categories(door.reads, caller.organization.id)
    return versioned(kept, kept.version)


# ---- a shop's sources


@app.get(SOURCES, tags=["sources"], summary="A shop's sources")
def list_sources(shop_id: Id, state: State = None, limit: Limit = 25, cursor: Cursor = None) -> SourcePage:
    """They are as the point of sale spells them, most customers first, with what each maps to."""
    caller = door.caller(Action.READ_SOURCES, shop_id)
    at = door.position(caller, cursor)
    shop_ref = caller.shop_ref(shop_id)
    found = source_lists.list_sources(
        door.reads, shop_ref, state=state, limit=limit, behind=tuple(at) if at else None
    )
    return SourcePage(
        sources=found.sources,
        unmapped=found.unmapped,
        mapped=found.mapped,
        dropped=found.dropped,
        unlisted_customers=found.unlisted_customers,
        organization_only=found.organization_only,
        next=door.cursor(caller, found.next),
    )


@app.post(f"{SOURCES}/mapping-done", tags=["sources"], summary="Map all that is left")
def finish_source_mapping(shop_id: Id, idempotency_key: IdempotencyKey = None) -> MappingDone:
    """Every source that is still unmapped maps to "Other New Customers".

    `is_up_to_date` is false where an import brought sources that aren't listed yet: ask again then.
    """
    caller = door.caller(Action.MANAGE_SOURCES, shop_id)
    stamp = door.stamp(caller, idempotency_key)

    def act() -> tuple[str, ...]:
        shop_ref = caller.shop_ref(shop_id)
        return (str(source_mapping.finish_mapping(door.reads, shop_ref, stamp=stamp)),)

    is_counted = source_lists.is_counted(door.reads, caller.shop_ref(shop_id))
    (mapped,) = door.once(stamp, act)
    return MappingDone(mapped=int(mapped), is_up_to_date=is_counted)


@app.post(f"{SOURCES}/suggestions", tags=["sources"], summary="Take the suggestions of many sources")
def take_source_suggestions(
    shop_id: Id, body: source_requests.SuggestionsInput, idempotency_key: IdempotencyKey = None
) -> SuggestionsTaken:
    """Each maps to the category that is suggested for it; what doesn't is told with its reason.

    Should it break off, ask again: it goes on where it stopped.
    """
    caller = door.caller(Action.MANAGE_SOURCES, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    shop_ref = caller.shop_ref(shop_id)
    told = door.once(stamp, lambda: take_suggestions(door.reads, shop_ref, body.asked, stamp=stamp))
    return outcomes_of(door.reads, shop_ref, told)


@app.get(SOURCE, tags=["sources"], summary="Read a source")
def read_source(shop_id: Id, source_id: Id) -> Response[ListedSource]:
    """It comes with its spellings, its customers and what it maps to."""
    caller = door.caller(Action.READ_SOURCES, shop_id)
    return _source(caller.shop_ref(shop_id), source_id)


@app.patch(SOURCE, tags=["sources"], summary="Map or drop a source")
def change_source(
    shop_id: Id,
    source_id: Id,
    body: source_requests.SourceChange,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[ListedSource]:
    """Past and future customers follow at once. A dropped source keeps its category for coming back."""
    caller = door.caller(Action.MANAGE_SOURCES, shop_id)
    stamp = door.stamp(caller, idempotency_key)

    ids = (caller.shop_ref(shop_id), source_id)
    door.change(
        stamp, if_match, partial(source_mapping.change_source, door.reads, *ids, body.onto, stamp=stamp)
    )
    return _source(*ids)


def _source(shop_ref: ShopRef, source_id: str) -> Response[ListedSource]:
    found = source_lists.read_source(door.reads, shop_ref, source_id)
    return versioned(found, found.version)


@app.get(f"{SHOP}/source-settings", tags=["sources"], summary="How a shop goes by sources")
def read_source_settings(shop_id: Id) -> Response[SourceSettings]:
    """Whether the point of sale counts, or the sources of the organization alone."""
    caller = door.caller(Action.READ_SOURCES, shop_id)
    kept = read_settings(door.reads, caller.shop_ref(shop_id))
    return versioned(kept, kept.version)


@app.put(f"{SHOP}/source-settings", tags=["sources"], summary="Set how a shop goes by sources")
def save_source_settings(
    shop_id: Id,
    body: source_requests.SourceSettingsInput,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[SourceSettings]:
    """Where `organization_only` is set, what the point of sale says counts for nothing, in the past too."""
    caller = door.caller(Action.MANAGE_SOURCES, shop_id)
    stamp = door.stamp(caller, idempotency_key)

    shop_ref = caller.shop_ref(shop_id)
    door.change(
        stamp, if_match, partial(source_mapping.save_settings, door.reads, shop_ref, body.onto, stamp=stamp)
    )
    kept = read_settings(door.reads, shop_ref)
    return versioned(kept, kept.version)


# ---- today's vehicles


@app.get(f"{SHOP}/vehicles-of-day", tags=["sources"], summary="The vehicles of a day")
def list_vehicles_of_day(
    shop_id: Id, day: DayOfVisit = None, limit: Limit = 50, cursor: Cursor = None
) -> VehiclesOfDayPage:
    """Appointments and open repair orders, with a mark beside each customer whose source is unknown.

    Whose role doesn't see marketing sources gets the same list: `source` and `category` empty, no mark and no
    notice.
    """
    caller = door.caller(Action.READ_DAY, shop_id)
    shop = caller.shops[shop_id]
    today = shop.day_of(door.now())
    at = door.position(caller, cursor)
    found = vehicles_of_day.list_vehicles(
        door.reads,
        shop,
        day or today,
        today=today,
        member_id=caller.member.id,
        sees_sources=caller.may(Action.READ_SOURCES),
        limit=limit,
        behind=tuple(at) if at else None,
    )
    return VehiclesOfDayPage(
        day=day or today,
        vehicles=found.vehicles,
        notice=found.notice,
        next=door.cursor(caller, found.next),
    )


@app.post(f"{SHOP}/source-notice/dismiss", tags=["sources"], summary="Dismiss the notice", status_code=204)
def dismiss_source_notice(shop_id: Id, idempotency_key: IdempotencyKey = None) -> Response[None]:
    """It goes for the caller alone, until there are new unmapped sources."""
    caller = door.caller(Action.READ_SOURCES, shop_id)
    stamp = door.stamp(caller, idempotency_key)

    def act() -> tuple[str, ...]:
        ids = (caller.shop_ref(shop_id), caller.member.id)
        vehicles_of_day.dismiss_notice(door.reads, *ids, stamp=stamp)
        return ()

    door.once(stamp, act)
    return no_content()


@app.get(f"{SHOP}/source-choices", tags=["sources"], summary="What a customer's source can be")
def list_source_choices(shop_id: Id) -> source_lists.SourceChoices:
    """The organization's categories and the shop's own sources."""
    caller = door.caller(Action.READ_SOURCES, shop_id)
    return source_lists.list_choices(door.reads, caller.shop_ref(shop_id))


@app.put(
    f"{SHOP}/customers/<customer_id>/source", tags=["sources"], summary="Set a customer's source by hand"
)
def set_customer_source(
    shop_id: Id,
    customer_id: Id,
    body: source_requests.CustomerSource,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Customer]:
    """No import overwrites it."""
    caller = door.caller(Action.SET_SOURCE, shop_id)
    stamp = door.stamp(caller, idempotency_key)
    ref = CustomerRef(shop_id=shop_id, customer_id=customer_id)

    asked = (caller.organization.id, ref, body.source_id)
    door.change(stamp, if_match, partial(customer_source.set_source, door.reads, *asked, stamp=stamp))
    customer = read_customer(
        door.reads, caller.organization.id, CustomerRef(shop_id=shop_id, customer_id=customer_id)
    )
    return versioned(customer_source.as_shown(door.reads, customer), customer.version)
