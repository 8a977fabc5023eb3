"""Search as you type."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from crossbay.app.search import SearchEntry, search_customers
from crossbay.domain.access import Action
from crossbay.domain.organization import Entitlement
from crossbay.entry.http import Cursor, Door, Id, Query
from crossbay.search.plan import Scope
from crossbay.search.query import Criterion

door = Door("search")
app = door.app
lambda_handler = door.handler

Text = Annotated[
    str,
    Query(
        description="What was typed, at most 200 characters: at least 4 letters or digits; a whole name of 2 "
        "or 3 characters of Han, Kana or Hangul; a whole name such as AT&T; a number behind `RO` or `#`.",
    ),
]
By = Annotated[
    Criterion | None, Query(description="What to search in; left out, the text's own shape decides.")
]
PageSize = Annotated[
    int,
    Query(ge=1, le=25, description="Customers on the page; each gives an entry per service address."),
]
In = Annotated[Scope, Query(description="The own shop, or every shop of the organization (`multi_shop`).")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAnswer:
    """more_results: on the own shop's last page, the same search in every shop; else null."""

    entries: tuple[SearchEntry, ...]
    next: str | None
    more_results: str | None


@app.get("/shops/<shop_id>/search", tags=["search"], summary="Find a customer")
def find_customers(
    shop_id: Id,
    text: Text,
    by: By = None,
    scope: In = Scope.SHOP,
    limit: PageSize = 10,
    cursor: Cursor = None,
) -> SearchAnswer:
    """Exact matches first, then prefixes, then near ones; the own shop before others among equals.

    `limit` counts customers. A customer with several service addresses gives one entry per address, all on
    the same page, so a page may have more entries than `limit`. Every page is full while there is more; only
    the last may hold fewer, and it says so: its `next` is null. A search that finds nothing is one page
    without entries.

    Go on with `cursor` and otherwise the same query. Whoever isn't renamed, or changed in whatever else the
    text was found in, while you page is on exactly one page. Who is may come a second time, under the new
    name, or not at all; and where all who were left are renamed away, the last page is empty.
    """
    needs = Entitlement.MULTI_SHOP if scope is Scope.ORGANIZATION else None
    caller = door.caller(Action.READ_CUSTOMERS, shop_id, needs=needs)
    page = search_customers(
        door.reads,
        caller,
        shop_id,
        text,
        by=by,
        scope=scope,
        limit=limit,
        position=door.position(caller, cursor),
    )
    wider = {"text": text, **({"by": by.value} if by else {}), "scope": Scope.ORGANIZATION.value}
    can_widen = scope is Scope.SHOP and page.next is None and caller.has(Entitlement.MULTI_SHOP)
    return SearchAnswer(
        entries=page.entries,
        next=door.cursor(caller, page.next),
        more_results=f"/shops/{shop_id}/search?{urlencode(wider)}" if can_widen else None,
    )
