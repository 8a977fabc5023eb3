"""A door's resolver: routes, validation, problems, callers, cursors, idempotency, one log line a request.

Doors take Powertools' `Response`, `Path` and `Query` from here, so that `crossbay` is what they load first.
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Protocol
from urllib.parse import urlencode

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, CORSConfig
from aws_lambda_powertools.event_handler import Response as Response
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Header
from aws_lambda_powertools.event_handler.openapi.params import Path as Path
from aws_lambda_powertools.event_handler.openapi.params import Query as Query
from aws_lambda_powertools.utilities.typing import LambdaContext

from crossbay.domain.access import Action, Caller, IdempotencyMark, Stamp
from crossbay.domain.calendar import utc_iso
from crossbay.domain.organization import Entitlement, require_entitlement
from crossbay.entry import problems
from crossbay.entry.bodies import Bodies
from crossbay.entry.callers import Callers
from crossbay.entry.cursors import Cursors, scope_of
from crossbay.entry.fields import Day
from crossbay.entry.logs import places, quiet_libraries
from crossbay.entry.unread import LetIn, ask
from crossbay.errors import (
    BadInput,
    Busy,
    CrossbayError,
    Forbidden,
    NotFound,
    PreconditionRequired,
    UnreadableBody,
)
from crossbay.settings import settings
from crossbay.store import keys, wall
from crossbay.store.idempotency_reads import recall
from crossbay.store.reads import Reads

Id = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9-]+$")]
Limit = Annotated[int, Query(ge=1, le=50, description="How many entries the page has at most.")]
First = Annotated[Day, Query(description="The first civil day of the shop.")]
Last = Annotated[Day, Query(description="The last civil day, itself included.")]
DayOf = Annotated[Day, Query(description="A civil day of the shop.")]
Address = Annotated[
    str, Query(max_length=64, description="A service address of the customer; left out, the first.")
]
ListedAddress = Annotated[
    str,
    Query(
        max_length=64,
        description="What is at this service address of the customer; left out, at all of them.",
    ),
]
OfVehicle = Annotated[
    str, Query(max_length=64, description="Rows of this vehicle, and of none; left out, all.")
]
Cursor = Annotated[str | None, Query(max_length=4000, description="`next` of the page before.")]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=20, description='The `ETag` of what you change, such as `"3"`.'),
]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=128,
        description="Any text, new for each request: repeating the request with it changes nothing more.",
    ),
]

OPEN: list[dict[str, list[str]]] = []
"""The `security` of a route that lets everybody in; every other takes a member's or the operator's token."""

OPERATOR_GROUP = "operator"

REQUEST_ID = "X-Request-Id"
"""Names the request in the answer as in the log."""

_KEY_REMEMBERED = timedelta(days=1)


class Refusals(Protocol):
    """How a door answers what it can't do: as problem details, or as pages for people."""

    def problem_of(self, error: CrossbayError) -> Response[str]: ...

    def problem_of_validation(self, errors: Sequence[Mapping[str, Any]]) -> Response[str]: ...

    def problem_of_bug(self) -> Response[str]: ...


class VersionedChange(Protocol):
    """A use case that changes a record, with all that it needs but the version."""

    def __call__(self, *, version: int) -> object: ...


class Door:
    """One Lambda's HTTP side. `app` takes the routes, `handler` is what Lambda calls.

    Everything costly is made on first use and kept for the life of the process.
    """

    def __init__(self, name: str, *, refusals: Refusals = problems) -> None:
        self._bodies = Bodies()
        self.app = APIGatewayRestResolver(
            enable_validation=True,
            response_validation_error_http_code=500,  # a record that doesn't fit its schema is a bug
            json_body_deserializer=self._bodies.read,
            cors=CORSConfig(
                allow_origin="*",
                allow_headers=["Content-Type", "Authorization", "Idempotency-Key", "If-Match"],
                expose_headers=["ETag", "Location", "Retry-After", REQUEST_ID],
                max_age=600,
            ),
            serializer=lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False),
        )
        quiet_libraries()
        self._log = Logger(service=name)
        self._reads: Reads | None = None
        self._callers: Callers | None = None
        self._cursors: Cursors | None = None
        self._problem = ""
        self._only_asks = False
        self._refusals = refusals
        self._answer_errors()

    @property
    def reads(self) -> Reads:
        if self._reads is None:
            self._reads = Reads(settings().require("table_name").table_name)
        return self._reads

    @property
    def callers(self) -> Callers:
        if self._callers is None:
            self._callers = Callers(self.reads)
        return self._callers

    def caller(
        self, action: Action | None = None, shop_id: str = "", *, needs: Entitlement | None = None
    ) -> Caller:
        """The caller, once it may do this (None: any member), in this shop.

        Raises NotSignedIn, Forbidden, NotFound, NotEntitled.
        """
        caller = self.callers.caller(self.claims)
        if shop_id:
            caller = self.callers.in_shop(caller, shop_id)
        if action is not None and not caller.may(action):
            raise Forbidden(f"Your role can't {action.value}. Ask your administrator.")
        if needs is not None:
            require(caller, needs)
        if self._only_asks:
            raise LetIn
        return caller

    def caller_or_operator(self) -> Caller | None:
        """Any member; None for the operator, whose token names no organization. Raises like `caller`."""
        if not self.is_operator or self.claims.get("custom:organization"):
            return self.caller()
        if self._only_asks:
            raise LetIn
        return None

    @property
    def claims(self) -> dict[str, str]:
        """What the sign-in token says, checked by API Gateway."""
        return _claims_in(self.app.current_event.raw_event)

    @property
    def public_url(self) -> str:
        """Where customers' links lead, no slash at its end: the deployment's own domain, else this API.

        A door can't be told the API's address by the template, which makes the API from its doors.
        """
        event = self.app.current_event.raw_event
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        scheme = headers.get("x-forwarded-proto", "https")
        own = f"{scheme}://{headers.get('host', '')}/{event['requestContext'].get('stage', '')}"
        return settings().public_url or own

    def stamp(self, caller: Caller, idempotency_key: str | None) -> Stamp:
        """Who acts now, under which Idempotency-Key."""
        return self.stamp_of(caller.organization.id, caller.member.id, idempotency_key)

    @property
    def is_operator(self) -> bool:
        # A list of groups reaches a REST API as `a,b`, from the emulator as `[a b]`.
        groups = self.claims.get("cognito:groups", "").strip("[]").replace(",", " ").split()
        return OPERATOR_GROUP in groups

    def operator_stamp(self, idempotency_key: str | None) -> Stamp:
        """The operator acts. Raises Forbidden for anyone else."""
        if not self.is_operator:
            raise Forbidden("Only the operator of this deployment can do this.")
        if self._only_asks:
            raise LetIn
        wall.work_across(wall.Across.OPERATOR)
        return self.stamp_of("OPERATOR", self.claims["sub"], idempotency_key)

    @staticmethod
    def now() -> str:
        return utc_iso(datetime.now(UTC))

    def stamp_of(self, organization_id: str, by: str, idempotency_key: str | None) -> Stamp:
        now = datetime.now(UTC)
        mark = None
        if idempotency_key:
            event = self.app.current_event
            request = "\x1f".join((event.http_method, event.path, event.body or ""))
            mark = IdempotencyMark(
                organization_id=organization_id,
                member_id=by,
                key=idempotency_key,
                request_sha256=hashlib.sha256(request.encode(errors="surrogatepass")).hexdigest(),
                expires_at=int((now + _KEY_REMEMBERED).timestamp()),
            )
        return Stamp(by=by, at=utc_iso(now), mark=mark)

    def once(self, stamp: Stamp, act: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        """The ids that `act` gives back, or gave back when the same request came before."""
        remembered = recall(self.reads, stamp.mark)
        if remembered is not None:
            return remembered
        try:
            return act()
        except CrossbayError:
            # The same request may have won meanwhile, here or in another process.
            remembered = recall(self.reads, stamp.mark)
            if remembered is None:
                raise
            return remembered

    def change(self, stamp: Stamp, if_match: str | None, act: VersionedChange) -> None:
        """Carry out a change at the version that the caller names, once for its Idempotency-Key."""

        def at_version() -> tuple[str, ...]:
            act(version=expected_version(if_match))
            return ()

        self.once(stamp, at_version)

    def position(self, caller: Caller, cursor: str | None) -> Any:
        """What the cursor says, None without one. Raises BadCursor."""
        return self._cursor_maker().open(self._scope(caller), cursor) if cursor else None

    def cursor(self, caller: Caller, position: Any) -> str | None:
        """A cursor for a position, None for none."""
        return self._cursor_maker().seal(self._scope(caller), position) if position is not None else None

    def more(self, caller: Caller, path: str, filters: Mapping[str, str], position: Any) -> str | None:
        """Where a list of another route goes on behind a position: its path and query; None for no more."""
        if position is None:
            return None
        base = self.app.current_event.path.partition("/shops/")[0]
        scope = scope_of(caller.organization.id, base + path, filters)
        query = {**filters, "cursor": self._cursor_maker().seal(scope, position)}
        return f"{path}?{urlencode(query)}"

    def handler(self, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        """Answer one request of API Gateway and log one line about it: the route, never a value."""
        started = time.perf_counter()
        with wall.raised(_claims_in(event).get("custom:organization", "")):
            answer = self.app.resolve(self._bodies.take(event), context)
        request_id = event.get("requestContext", {}).get("requestId")
        answer["body"] = answer.get("body") or ""  # null is no body to everyone behind
        if request_id:
            answer["multiValueHeaders"][REQUEST_ID] = [request_id]
        self._log.info(
            "request",
            extra={
                "method": event.get("httpMethod"),
                "route": event.get("resource"),
                "status": answer["statusCode"],
                "ms": round((time.perf_counter() - started) * 1000, 1),
                "request_id": request_id,
                "problem": self._problem or None,
            },
        )
        self._problem = ""
        return answer

    def _refusal_first(self) -> CrossbayError | None:
        """What a caller who may not do this hears before what is wrong with the request; None for who may."""
        if not self.claims:
            return None  # everybody may
        self._only_asks = True
        try:
            ask(self.app.context["_route"].func, self.app.context["_route_args"])
        except CrossbayError as refusal:
            return refusal
        except LetIn:
            return None
        finally:
            self._only_asks = False
        return None

    def _scope(self, caller: Caller) -> tuple[str, ...]:
        event = self.app.current_event
        return scope_of(caller.organization.id, event.path, event.query_string_parameters or {})

    def _cursor_maker(self) -> Cursors:
        if self._cursors is None:
            item = self.reads.get(keys.cursor_key(), consistent=True)
            if item is None:
                raise Busy("no cursor key yet: the first organization makes it")
            self._cursors = Cursors(item["body"]["key"])
        return self._cursors

    def _answer_errors(self) -> None:
        @self.app.exception_handler(CrossbayError)  # type: ignore[untyped-decorator]
        def ours(error: CrossbayError) -> Response[str]:
            told = (isinstance(error, UnreadableBody) and self._refusal_first()) or error
            self._problem = told.slug
            return self._refusals.problem_of(told)

        @self.app.exception_handler(RequestValidationError)  # type: ignore[untyped-decorator]
        def invalid(error: RequestValidationError) -> Response[str]:
            refusal = self._refusal_first()
            if refusal:
                return ours(refusal)  # type: ignore[no-any-return]
            self._problem = BadInput.slug
            return self._refusals.problem_of_validation(error.errors())

        @self.app.not_found
        def no_route(_: Exception) -> Response[str]:
            self._problem = NotFound.slug
            return self._refusals.problem_of(NotFound("route"))

        @self.app.exception_handler(Exception)  # type: ignore[untyped-decorator]
        def bug(error: Exception) -> Response[str]:
            self._problem = type(error).__name__
            self._log.error("bug", extra={"error": type(error).__name__, "at": places(error)})
            return self._refusals.problem_of_bug()


def _claims_in(event: Mapping[str, Any]) -> dict[str, str]:
    authorizer = event.get("requestContext", {}).get("authorizer") or {}
    return dict(authorizer.get("claims") or {})


def require(caller: Caller, entitlement: Entitlement) -> None:
    """Raises NotEntitled, saying how to get the feature."""
    require_entitlement(caller.organization, entitlement)


def expected_version(if_match: str | None) -> int:
    """The version in an If-Match header. Raises PreconditionRequired without one, BadInput for an odd one."""
    if not if_match:
        raise PreconditionRequired("Send the ETag of what you change in the If-Match header.")
    text = if_match.strip().removeprefix("W/").strip('"')
    if not text.isdecimal() or len(text) > 9:
        raise BadInput(
            "The If-Match header isn't an ETag of ours.", fields={"If-Match": 'must look like "3"'}
        )
    return int(text)
