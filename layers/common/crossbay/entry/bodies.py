"""Request bodies: one JSON object in UTF-8, whatever the Content-Type calls it; else a sentence of ours."""

import base64
import json
from collections.abc import Iterable, Mapping
from typing import Any

from crossbay.errors import UnreadableBody, UnsupportedMedia

_GZIP = "\udc8b"
"""The second byte of compressed text, which stands in no UTF-8; the first is a control character."""
_DAMAGED = "\ufffd"
"""What API Gateway puts for bytes that aren't UTF-8."""
_EMPTY_BYTE = "\x00"
"""Stands in no JSON, and beside each letter of ASCII in UTF-16 and UTF-32."""
_UTF_8 = ("", "utf-8", "utf8", "us-ascii", "ascii")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class Bodies:
    """Reads the body of one request after the other: `take` its event, `read` what the resolver hands on."""

    def __init__(self) -> None:
        self._media = ""
        self._encoding = ""

    def take(self, event: dict[str, Any]) -> dict[str, Any]:
        """The event with its body as text, named JSON: what is something else, `read` refuses.

        Bytes that aren't UTF-8 become lone surrogates, which `read` refuses.
        """
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        self._media = str(headers.get("content-type") or "").lower()
        self._encoding = str(headers.get("content-encoding") or "").lower()
        read = event | {
            "headers": _without_type(event.get("headers")),
            "multiValueHeaders": _without_type(event.get("multiValueHeaders")),
        }
        if event.get("isBase64Encoded"):
            content = base64.b64decode(event.get("body") or "")
            read |= {"body": content.decode(errors="surrogateescape"), "isBase64Encoded": False}
        return read

    def read(self, text: str) -> dict[str, Any]:
        """The object in a body. Raises UnreadableBody and UnsupportedMedia for everything else."""
        self._refuse_encodings(text)
        try:
            body = json.loads(text, object_pairs_hook=_once_each)
        except RecursionError as error:
            raise UnreadableBody("The body is nested too deeply.") from error
        except json.JSONDecodeError as error:
            self._refuse_forms(text)
            if _EMPTY_BYTE in text:
                raise UnreadableBody(_UTF_16) from error
            raise UnreadableBody(
                f"The body isn't JSON: line {error.lineno}, column {error.colno}."
            ) from error
        except ValueError as error:  # a number of thousands of digits
            raise UnreadableBody("The body holds a number that is too long.") from error
        if not isinstance(body, dict):
            raise UnreadableBody("The body must be a JSON object.")
        return body

    def _refuse_encodings(self, text: str) -> None:
        if self._encoding not in ("", "identity") or _is_gzip(text):
            raise UnsupportedMedia("The body is compressed. Send it as it is, without a Content-Encoding.")
        charset = self._media.partition("charset=")[2].partition(";")[0].strip(" \"'")
        if charset not in _UTF_8:
            raise UnsupportedMedia(f"The Content-Type calls the body {charset[:40]}. Send it in UTF-8.")
        if text.startswith("\ufeff"):
            raise UnreadableBody("The body begins with a byte-order mark. Send UTF-8 without one.")
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise UnreadableBody(_NO_UTF_8) from error
        if _DAMAGED in text:
            raise UnreadableBody(_NO_UTF_8)

    def _refuse_forms(self, text: str) -> None:
        if self._media.startswith(_FORMS) and not text.lstrip().startswith(("{", "[")):
            raise UnsupportedMedia("The body is a form. Send one JSON object.")


_NO_UTF_8 = "The body isn't UTF-8 text: some of its letters are in another encoding, or damaged. Send UTF-8."

_UTF_16 = "The body isn't UTF-8 text: it has empty bytes between its letters, as UTF-16 has. Send UTF-8."


def _is_gzip(text: str) -> bool:
    return text[:1] == "\x1f" and text[1:2] in (_GZIP, _DAMAGED)


def _once_each(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """An object's fields. Raises UnreadableBody for one that stands there twice: which one is meant?"""
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if name in fields:
            shown = name[:60].encode(errors="replace").decode()
            raise UnreadableBody(
                f"The body has `{shown}` twice in one object. Send it once.",
                fields={shown: "stands there twice"},
            )
        fields[name] = value
    return fields


def _without_type(headers: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (headers or {}).items() if name.lower() != "content-type"}
