"""A GET request as API Gateway hands it to a door's Lambda."""

from collections.abc import Mapping
from typing import Any


def get_event(
    resource: str, path: str, query: Mapping[str, str], claims: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """resource: the route's path in the template. claims: of the sign-in token; None for nobody."""
    return {
        "resource": resource,
        "path": path,
        "httpMethod": "GET",
        "headers": {},
        "multiValueHeaders": {},
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()} or None,
        "requestContext": {
            "path": path,
            "httpMethod": "GET",
            "stage": "local",
            "authorizer": {"claims": dict(claims)} if claims else {},
        },
        "body": None,
        "isBase64Encoded": False,
    }
