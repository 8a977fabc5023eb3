"""Every answer that a test gets from a door, held against docs/openapi.json: status, media type, schema."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any
from zlib import crc32

import jsonschema_rs

from local.openapi import DOCUMENT

PAGES = "/unsubscribe/"
"""Answers of these are for people; their problems are pages."""


@cache
def document() -> dict[str, Any]:
    return json.loads(DOCUMENT.read_text())  # type: ignore[no-any-return]


def assert_described(method: str, path: str, status: int, headers: Mapping[str, str], text: str) -> None:
    """Fails where the document says nothing of this answer, or something else. path: with {names}.

    headers: by lower-case name.
    """
    if path.startswith(PAGES) or (status >= 500 and status != 503):
        return
    where = f"{method} {path} answers {status}"
    operation = document()["paths"][path][method.lower()]
    assert str(status) in operation["responses"], (
        f"{where}, which its description doesn't know: add a line `{status}: ...` to the docstring of "
        f"{operation['operationId']}, then `make openapi`. It said: {text[:300]}"
    )
    answer = operation["responses"][str(status)]
    if "$ref" in answer:
        answer = document()["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    content = answer.get("content", {})
    if not text:
        assert not content or method == "HEAD", f"{where} without the body that its description promises"
        return
    media = headers.get("content-type", "").partition(";")[0]
    assert media in content, f"{where} as {media}, described are {sorted(content)}"
    if media.endswith("json") and (schema := content[media].get("schema")):
        _assert_fits(json.dumps(schema), json.loads(text), where)
    for name in answer.get("headers", {}):
        if name != "Retry-After":
            assert name.lower() in headers or name == "X-Request-Id", f"{where} without its header {name}"


def _assert_fits(schema: str, body: Any, where: str) -> None:
    for error in _validator(schema).iter_errors(body):
        at = ".".join(map(str, error.instance_path))
        raise AssertionError(
            f"{where} with `{at}` unlike its schema: {error.message[:300]}. Where a day or an instant may be "
            "empty, give its field the default '' or name it in MAY_BE_EMPTY of local/openapi_schemas.py"
        )


@cache
def _validator(schema: str) -> Any:
    whole = json.loads(schema) | {"components": document()["components"]}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def mostly(drawn: object) -> bool:
    """True for three of four values, always the same ones."""
    return crc32(repr(drawn).encode()) % 4 != 0
