"""Bodies as clients send them: who may not is told first, each encoding has its sentence."""

import gzip
import json
from typing import Any, get_args

import pytest
from pydantic_core import core_schema

from crossbay.entry.problems import OURS, REASONS
from crossbay.store.reads import Reads
from local.template import routes
from tests.helpers.books import PARTS, Books, make_books
from tests.helpers.tenants import tenant_maker
from tests.integration.conftest import Aws

JSON = "application/json"
BODIED = [route for route in routes() if route.method in ("POST", "PATCH", "PUT") and route.members_only]


@pytest.fixture(scope="module")
def lasting(aws_of_module: Aws) -> Books:
    return make_books(tenant_maker(Reads(aws_of_module.table_name))("North", "South"))


@pytest.mark.rule("X1", "X2")
def test_who_may_not_do_this_is_told_so_before_what_is_wrong_with_the_body(lasting: Books) -> None:
    nobody = lasting.tenant.join()
    for route in BODIED:
        path = route.path.format(**lasting.ids, **PARTS)
        for body in (b"{", b'{"no_such_field": 1}', b"\xff"):
            answer = nobody(route.method, path, body=body, headers={"If-Match": '"1"'})

            assert answer.status_code == 403, (route, answer.text)


ODD: dict[str, tuple[bytes, dict[str, str], int, str]] = {
    "a byte-order mark": (b'\xef\xbb\xbf{"last_name": "Quill"}', {}, 400, "byte-order mark"),
    "gzip": (gzip.compress(b"{}"), {"Content-Encoding": "gzip"}, 415, "compressed"),
    "gzip that isn't called so": (gzip.compress(b"{}"), {}, 415, "compressed"),
    "brotli": (b"\x0b\x02\x80{}\x03", {"Content-Encoding": "br"}, 415, "compressed"),
    "a form": (
        b"last_name=Quill",
        {"Content-Type": "application/x-www-form-urlencoded"},
        415,
        "The body is a form.",
    ),
    "a form in parts": (
        b'--x\r\nContent-Disposition: form-data; name="last_name"\r\n\r\nQuill\r\n--x--\r\n',
        {"Content-Type": "multipart/form-data; boundary=x"},
        415,
        "The body is a form.",
    ),
    "Latin-1": ('{"last_name": "Müller"}'.encode("latin-1"), {}, 400, "isn't UTF-8"),
    "Latin-1 as API Gateway hands it on": (b'{"last_name": "M\xef\xbf\xbdller"}', {}, 400, "isn't UTF-8"),
    "called Latin-1": (b"{}", {"Content-Type": f'{JSON}; charset="iso-8859-1"'}, 415, "iso-8859-1"),
    **{
        f"{encoding} without a mark": ('{"last_name": "Quill"}'.encode(encoding), {}, 400, "Send UTF-8")
        for encoding in ("utf-16-le", "utf-16-be", "utf-32-le")
    },
    "UTF-16": ('{"last_name": "Quill"}'.encode("utf-16"), {}, 400, "isn't UTF-8"),
    "a key twice": (b'{"last_name": "Quill", "last_name": "Reed"}', {}, 400, "`last_name` twice"),
    "a key twice within": (
        b'{"billing_address": {"city": "Cove", "city": "Anytown"}}',
        {},
        400,
        "`city` twice",
    ),
}


@pytest.mark.rule("X2")
@pytest.mark.parametrize(("body", "headers", "status", "words"), ODD.values(), ids=ODD.keys())
def test_a_body_that_is_no_json_in_utf_8_is_told_what_it_is(
    lasting: Books, body: bytes, headers: dict[str, str], status: int, words: str
) -> None:
    answer = lasting.admin("POST", f"/shops/{lasting.ids['shop_id']}/customers", body=body, headers=headers)

    assert (answer.status_code, words in answer.json()["detail"]) == (status, True), answer.text
    assert "line 1, column 1" not in answer.text


@pytest.mark.rule("X2")
@pytest.mark.parametrize(
    "media", [JSON, f"{JSON}; charset=UTF-8", "text/plain", "application/x-www-form-urlencoded"]
)
def test_json_is_read_whatever_its_content_type_calls_it(lasting: Books, media: str) -> None:
    body = json.dumps({"last_name": "Ümläut 🚗", "insist": True}, ensure_ascii=False).encode()

    answer = lasting.admin(
        "POST",
        f"/shops/{lasting.ids['shop_id']}/customers",
        body=body,
        headers={"Content-Type": media, "Content-Encoding": "identity"},
    )

    assert (answer.status_code, answer.json()["last_name"]) == (201, "Ümläut 🚗")


@pytest.mark.rule("X2")
def test_every_reason_is_in_our_own_words() -> None:
    """A kind of error that we have no words for is told in general ones, never in the library's."""
    known = set(get_args(core_schema.ErrorType))

    assert set(REASONS) <= known
    assert OURS in known


WRONG = {
    "first_name": ("x" * 101, "must have 100 letters or less"),
    "kind": ("robot", "must be `person` or `fleet`"),
    "emails": (["a@example.com"] * 11, "must have 10 entries or less"),
    "phones": (7, "must be a list"),
    "billing_address": ([], "must be an object"),
    "insist": ("yes", "must be true or false"),
    "last_name": (7, "must be text"),
}


@pytest.mark.rule("X2")
@pytest.mark.parametrize(("field", "value", "words"), [(name, *told) for name, told in WRONG.items()])
def test_a_wrong_value_is_told_as_a_person_would(lasting: Books, field: str, value: Any, words: str) -> None:
    answer = lasting.admin("POST", f"/shops/{lasting.ids['shop_id']}/customers", body={field: value})

    assert answer.json()["errors"] == [{"field": field, "reason": words}]
