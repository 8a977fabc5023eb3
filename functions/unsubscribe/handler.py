"""The unsubscribe link of a message: its page, the one click (RFC 8058), and the way back."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse

from crossbay.app.campaigns.stops import unsubscribe
from crossbay.entry import pages
from crossbay.entry.http import OPEN, Door, Response
from crossbay.rendering.unsubscribe_page import View, page

door = Door("unsubscribe", refusals=pages)
app = door.app
lambda_handler = door.handler

Token = Annotated[str, Path(min_length=1, max_length=200, description="As the message carries it.")]
Undone = Annotated[str, Query(description="`true` where the reader comes from undoing the click.")]

HTML: OpenAPIResponse = {"description": "", "content": {"text/html": {"schema": {"type": "string"}}}}
PAGE = {200: HTML, 404: HTML, 503: HTML}


@app.get(
    "/unsubscribe/<token>",
    cors=False,
    security=OPEN,
    tags=["unsubscribe"],
    summary="The page that asks for one click",
    responses=PAGE,
)
def show_unsubscribe_page(token: Token, undone: Undone = "") -> Response[str]:
    """Changes nothing, whoever opens it: mail scanners do."""
    return _page_of(unsubscribe.show(door.reads, token), token, undone=undone == "true")


@app.head(
    "/unsubscribe/<token>",
    cors=False,
    security=OPEN,
    tags=["unsubscribe"],
    summary="Whether the page is there",
    responses=PAGE,
)
def check_unsubscribe_page(token: Token) -> Response[str]:
    """Changes nothing."""
    answer = show_unsubscribe_page(token)
    answer.body = ""
    return answer


@app.post(
    "/unsubscribe/<token>",
    cors=False,
    security=OPEN,
    tags=["unsubscribe"],
    summary="Unsubscribe, at once",
    responses=PAGE,
)
def unsubscribe_by_link(token: Token) -> Response[str]:
    """One click of a mail program (RFC 8058) or of the page: whatever the body says, the link says it all."""
    return _page_of(unsubscribe.opt_out(door.reads, token, door.now()), token)


@app.post(
    "/unsubscribe/<token>/undo",
    cors=False,
    security=OPEN,
    tags=["unsubscribe"],
    summary="Take back what the link did",
    responses={303: HTML, 404: HTML, 503: HTML},
)
def undo_unsubscribe(token: Token) -> Response[str]:
    """Leads back to the page. An opt-out that came otherwise stays."""
    unsubscribe.undo(door.reads, token, door.now())
    answer = pages.page_response(303, "")
    answer.headers["Location"] = f"../{token}?undone=true"
    return answer


@app.get(
    "/unsubscribe",
    cors=False,
    security=OPEN,
    tags=["unsubscribe"],
    summary="The page for a link that was cut",
    responses={200: HTML},
)
def show_page_of_cut_link() -> Response[str]:
    """Says how to get at the whole link."""
    return pages.page_response(200, page(View.LOST))


def _page_of(standing: unsubscribe.StandingOptOut, token: str, *, undone: bool = False) -> Response[str]:
    if standing.is_erased:
        view = View.ERASED
    elif standing.by_link:
        view = View.UNSUBSCRIBED
    elif standing.by_customer:
        view = View.FINAL
    elif standing.by_staff:
        view = View.BY_STAFF
    elif undone:
        view = View.ADDRESS if standing.by_address else View.BACK
    else:
        view = View.SUBSCRIBED
    return pages.page_response(200, page(view, shop=standing.shop, token=token))
