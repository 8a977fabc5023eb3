"""A client that openapi-python-client makes from the document reads, changes and deletes each kind of record.

A change of one field sends that field alone and leaves the others as they were, for every PATCH there is.
"""

import importlib
import inspect
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from crossbay.store.reads import Reads
from local.emulator import ROOT
from local.openapi import DOCUMENT
from local.template import Route, routes
from tests.helpers.books import Books, body_of, make_books
from tests.helpers.described import document
from tests.helpers.doors import Doors
from tests.helpers.tenants import tenant_maker
from tests.integration.conftest import Aws

READ = {route.path: route for route in routes() if route.method == "GET"}
CHANGES = [route for route in routes() if route.method == "PATCH"]

FOLLOWS = {
    *("version", "updated_at", "former", "resolved_at", "resolved_by"),
    *("maps_to", "state", "suggestion"),  # of a source, with its category
}
"""Fields of a record that follow from a change of others."""

ONE_FIELD = {"change_member": {"name": "Kim Rivers"}}
"""Where the first of what fits the route wouldn't fit this member, who is a fleet user too."""

KEPT_FOR_NOTES = ("{contact_id}", "{fleet_contact_id}")
"""Read after a deletion too: past notes name the contact."""

ON_ITS_OWN = ("{customer_id}", "{member_id}", "{message_kind}", "/fleets/{fleet_id}")
"""Work hangs on customer and fleet, the member is the last dealer admin, a letter goes back to a default."""

NOT_OUT_YET = "read_message_content"
"""The only message waits for its night."""


DELETIONS = [
    route
    for route in routes()
    if route.method == "DELETE" and route.path in READ and not route.path.endswith(ON_ITS_OWN)
]


def operation_of(route: Route) -> dict[str, Any]:
    return document()["paths"][route.path][route.method.lower()]  # type: ignore[no-any-return]


def named(route: Route) -> str:
    return str(operation_of(route)["operationId"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """The generated package as its user has it, talking to the doors in this process. sent: every body."""

    folder: Path
    client: Any
    books: Books
    sent: list[bytes]

    def function(self, route: Route) -> ModuleType:
        (found,) = self.folder.glob(f"api/*/{named(route)}.py")
        return importlib.import_module(f"{self.folder.name}.api.{found.parent.name}.{found.stem}")

    def call(self, route: Route, **more: Any) -> Any:
        """The answer to the operation with the ids of the books."""
        function = self.function(route).sync_detailed
        wanted = inspect.signature(function).parameters
        known = self.books.ids | {name: value for name, value in more.items() if name.endswith("_id")}
        ids = {name: known[name] for name in wanted if name in known}
        extra = {name: value for name, value in more.items() if name in wanted and name not in ids}
        return function(client=self.client, **ids, **extra)


@pytest.fixture(scope="module")
def generated(aws_of_module: Aws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generated]:
    folder = tmp_path_factory.mktemp("client")
    _generate(folder / "crossbay_client")
    books = make_books(tenant_maker(Reads(aws_of_module.table_name))("North", "South"))
    doors = Doors(claims={**books.admin.claims, "cognito:groups": "operator"})
    sent: list[bytes] = []
    sys.path.insert(0, str(folder))
    package = importlib.import_module("crossbay_client")
    client = package.AuthenticatedClient(base_url="http://doors", token="a", raise_on_unexpected_status=True)
    transport = httpx.WSGITransport(app=doors)
    hooks = {"request": [lambda request: sent.append(request.content)]}
    client.set_httpx_client(httpx.Client(base_url="http://doors", transport=transport, event_hooks=hooks))
    yield Generated(folder=folder / "crossbay_client", client=client, books=books, sent=sent)
    sys.path.remove(str(folder))


def _generate(into: Path) -> None:
    settings = into.with_suffix(".json")
    settings.write_text('{"post_hooks": []}')
    program = ROOT / ".venv" / "bin" / "openapi-python-client"
    words: list[str | Path] = [
        "generate",
        "--path",
        DOCUMENT,
        "--output-path",
        into,
        "--meta",
        "none",
        "--config",
        settings,
    ]
    done = subprocess.run([program, *words, "--fail-on-warning"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"the generator warns:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"


def _body(function: ModuleType, fields: dict[str, Any]) -> Any:
    """The body as its user makes it, by naming the fields to change."""
    kind = function.sync_detailed.__annotations__["body"]
    read = kind.from_dict(fields)
    return kind(**{name: getattr(read, name) for name in fields})


@pytest.mark.rule("X4")
@pytest.mark.parametrize("route", CHANGES, ids=named)
def test_a_change_of_one_field_sends_it_alone_and_leaves_the_others(
    generated: Generated, route: Route
) -> None:
    assert route.path in READ, f"{route.path} can be changed and not read: give it a GET"
    fields = ONE_FIELD.get(named(route)) or body_of(route, generated.books.ids) or {}
    required = _required(route)
    one = {name: fields[name] for name in required or list(fields)[:1]}
    before = generated.call(READ[route.path]).parsed.to_dict()

    changed = generated.call(
        route, body=_body(generated.function(route), one), if_match=f'"{before["version"]}"'
    )
    after = generated.call(READ[route.path]).parsed.to_dict()

    assert changed.status_code == 200, changed.content
    assert json.loads(generated.sent[-2]) == one
    moved = {name for name in before if before[name] != after[name]}
    assert moved - FOLLOWS <= set(one), "a change of one field moved others: name what follows in FOLLOWS"
    assert "version" in moved


def _required(route: Route) -> list[str]:
    reference = operation_of(route)["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    schema = document()["components"]["schemas"][reference.rpartition("/")[2]]
    return list(schema.get("required", ()))


@pytest.mark.rule("X4")
def test_every_list_and_record_that_is_read_fits_the_generated_classes(generated: Generated) -> None:
    for path, route in READ.items():
        needed = [one for one in operation_of(route).get("parameters", ()) if one["required"]]
        if not route.members_only or any(one["name"] not in generated.books.ids for one in needed):
            continue
        if named(route) == NOT_OUT_YET:
            continue
        answer = generated.call(route)

        assert answer.status_code == 200, (path, answer.content)
        assert answer.parsed.to_dict() == answer.parsed.from_dict(json.loads(answer.content)).to_dict()
        assert set(answer.parsed.to_dict()) == set(json.loads(answer.content)), path


@pytest.mark.rule("X4")
@pytest.mark.parametrize("route", DELETIONS, ids=named)
def test_what_is_deleted_is_a_204_without_a_body_and_then_gone(generated: Generated, route: Route) -> None:
    before = generated.call(READ[route.path]).parsed.to_dict()

    gone = generated.call(route, if_match=f'"{before["version"]}"', confirm=True)

    assert (gone.status_code, gone.content) == (204, b"")
    left = generated.call(READ[route.path])
    assert left.status_code == (200 if route.path.endswith(KEPT_FOR_NOTES) else 404)


@pytest.mark.rule("X4")
def test_a_customer_is_created_and_deleted_and_a_problem_is_read_as_one(generated: Generated) -> None:
    create, read, delete = (
        next(route for route in routes() if (route.method, route.path) == wanted)
        for wanted in (
            ("POST", "/shops/{shop_id}/customers"),
            ("GET", "/shops/{shop_id}/customers/{customer_id}"),
            ("DELETE", "/shops/{shop_id}/customers/{customer_id}"),
        )
    )
    fields = {"last_name": "Ferncastle", "insist": True}

    made = generated.call(create, body=_body(generated.function(create), fields)).parsed
    gone = generated.call(delete, customer_id=made.id, if_match=f'"{made.version}"')
    missing = generated.call(read, customer_id=made.id)

    assert (made.last_name, made.first_name, made.deleted_at) == ("Ferncastle", "", "")
    assert gone.status_code == 204
    assert missing.parsed.type_.value == "urn:crossbay:problem:not-found"
