"""What API Gateway answers itself, by each kind it knows (its guide, "Gateway response types").

Every kind has words of its own, so that no answer is another's (0160). DEFAULT_5XX is left for a door that
dies. `api.json` takes them to AWS, docs/openapi.json describes them.
"""

import json
from dataclasses import dataclass, replace

from crossbay.entry.problems import CONTENT_TYPE, TYPE


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayAnswer:
    """A problem. retry: whether the same request may go through a second later."""

    status: int
    slug: str
    title: str
    detail: str
    retry: bool = False

    @property
    def text(self) -> str:
        """The body, in which API Gateway fills in `$context.requestId`."""
        problem = {
            "type": TYPE + self.slug,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        return json.dumps(problem)

    @property
    def headers(self) -> dict[str, str]:
        """Name to a text in quotes or what API Gateway knows of the request."""
        return _HEADERS | ({"Retry-After": "'1'"} if self.retry else {})


_HEADERS = {
    "Content-Type": f"'{CONTENT_TYPE}'",
    "Access-Control-Allow-Origin": "'*'",
    "Access-Control-Expose-Headers": "'Retry-After,X-Request-Id'",
    "X-Request-Id": "context.requestId",
}

_NOT_SIGNED_IN = GatewayAnswer(
    status=401,
    slug="not-signed-in",
    title="Sign in first",
    detail="Send a valid ID token in the Authorization header.",
)
_FORBIDDEN = GatewayAnswer(
    status=403,
    slug="forbidden",
    title="Your role doesn't allow this",
    detail="This deployment lets nobody in here. Ask its operator.",
)
_NOT_FOUND = GatewayAnswer(
    status=404,
    slug="not-found",
    title="Not found",
    detail="There is no such path, or it doesn't take this method.",
)
_TOO_MANY = GatewayAnswer(
    status=429,
    slug="too-many-requests",
    title="Try again in a moment",
    detail="There are too many requests just now. Nothing was changed.",
    retry=True,
)
_BAD_INPUT = GatewayAnswer(
    status=400,
    slug="bad-input",
    title="The request has a mistake",
    detail="The request can't be read. Compare it with the description of the API.",
)
_ERROR = GatewayAnswer(
    status=500,
    slug="error",
    title="Something went wrong on our side",
    detail="Try again in a moment. If it stays, tell us the request id $context.requestId.",
)
_NO_ANSWER = GatewayAnswer(
    status=504,
    slug="no-answer",
    title="No answer came",
    detail="Whether it was done isn't known: read it, or send the request again with the same "
    "Idempotency-Key. If it stays, tell us the request id $context.requestId.",
    retry=True,
)

ANSWERS = {
    "UNAUTHORIZED": _NOT_SIGNED_IN,
    "EXPIRED_TOKEN": replace(
        _NOT_SIGNED_IN,
        detail="The token has ended. Refresh it and send the new ID token in the Authorization header.",
    ),
    "INVALID_SIGNATURE": _NOT_SIGNED_IN,
    "ACCESS_DENIED": _FORBIDDEN,
    "INVALID_API_KEY": _FORBIDDEN,
    "WAF_FILTERED": replace(
        _FORBIDDEN, detail="A firewall before this deployment holds the request back. Ask its operator."
    ),
    "MISSING_AUTHENTICATION_TOKEN": _NOT_FOUND,
    "RESOURCE_NOT_FOUND": _NOT_FOUND,
    "REQUEST_TOO_LARGE": GatewayAnswer(
        status=413,
        slug="too-large",
        title="The request is too large",
        detail="Send less at once. Whole files go through an import.",
    ),
    "UNSUPPORTED_MEDIA_TYPE": GatewayAnswer(
        status=415,
        slug="unsupported-media",
        title="Send JSON",
        detail="Send the body as one JSON object in UTF-8.",
    ),
    "THROTTLED": _TOO_MANY,
    "QUOTA_EXCEEDED": _TOO_MANY,
    "BAD_REQUEST_BODY": replace(
        _BAD_INPUT, detail="The body can't be read. Compare it with the description of the API."
    ),
    "BAD_REQUEST_PARAMETERS": replace(
        _BAD_INPUT,
        detail="The path or the query can't be read. Compare them with the description of the API.",
    ),
    "DEFAULT_4XX": _BAD_INPUT,
    "AUTHORIZER_FAILURE": _ERROR,
    "AUTHORIZER_CONFIGURATION_ERROR": _ERROR,
    "API_CONFIGURATION_ERROR": _ERROR,
    "INTEGRATION_FAILURE": _NO_ANSWER,
    "INTEGRATION_TIMEOUT": _NO_ANSWER,
    "DEFAULT_5XX": replace(_NO_ANSWER, status=502),
}
"""By the kind of API Gateway's answer."""
