"""The API described, as OpenAPI and as a page (made by `make openapi`), and every route's preflight."""

from functools import cache
from pathlib import Path

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse

from crossbay.entry.http import OPEN, Door

door = Door("api_docs")
app = door.app
lambda_handler = door.handler

ANY_METHOD = "DELETE, GET, OPTIONS, PATCH, POST, PUT"
NO_SCRIPTS = "default-src 'none'; style-src 'unsafe-inline'"


def answered(media_type: str, kind: str) -> dict[int, OpenAPIResponse]:
    return {200: {"description": "OK", "content": {media_type: {"schema": {"type": kind}}}}}


@app.get(
    "/openapi.json",
    security=OPEN,
    tags=["documents"],
    summary="This description as OpenAPI",
    responses=answered("application/json", "object"),
)
def read_api_description() -> Response[str]:
    """The document that you read, made from the code."""
    return Response(200, "application/json", _file("openapi.json"))


@app.get(
    "/docs",
    security=OPEN,
    tags=["documents"],
    summary="This description as a page",
    responses=answered("text/html", "string"),
)
def read_api_page() -> Response[str]:
    """The same as one page, without scripts."""
    headers = {"Content-Security-Policy": NO_SCRIPTS}
    return Response(200, "text/html; charset=utf-8", _file("api.html"), headers=headers)


@app.route(".+", method="OPTIONS", security=OPEN, include_in_schema=False)
def answer_preflight() -> Response[None]:
    """Which methods a browser may use; the resolver adds the other CORS headers."""
    return Response(204, headers={"Access-Control-Allow-Methods": ANY_METHOD})


@cache
def _file(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
