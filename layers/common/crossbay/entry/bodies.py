"""Request bodies: JSON objects, whatever the Content-Type calls them."""

import base64
import json
from typing import Any

from crossbay.errors import BadInput


def readable(event: dict[str, Any]) -> dict[str, Any]:
    """The event with its body as text, named JSON: what is something else, `read_json` refuses.

    Bytes that aren't UTF-8 become lone surrogates, which `read_json` refuses.
    """
    headers = {name: value for name, value in (event.get("headers") or {}).items() if not _is_type(name)}
    many = {
        name: values for name, values in (event.get("multiValueHeaders") or {}).items() if not _is_type(name)
    }
    read = event | {"headers": headers, "multiValueHeaders": many}
    if event.get("isBase64Encoded"):
        content = base64.b64decode(event.get("body") or "")
        read |= {"body": content.decode(errors="surrogateescape"), "isBase64Encoded": False}
    return read


def read_json(text: str) -> dict[str, Any]:
    """The object in a body. Raises BadInput for everything else."""
    try:
        text.encode()
        body = json.loads(text)
    except RecursionError as error:
        raise BadInput("The body is nested too deeply.") from error
    except UnicodeEncodeError as error:
        raise BadInput("The body isn't UTF-8 text.") from error
    except json.JSONDecodeError as error:
        raise BadInput(f"The body isn't JSON: line {error.lineno}, column {error.colno}.") from error
    except ValueError as error:  # a number of thousands of digits
        raise BadInput("The body holds a number that is too long.") from error
    if not isinstance(body, dict):
        raise BadInput("The body must be a JSON object.")
    return body


def _is_type(header: str) -> bool:
    return header.lower() == "content-type"
