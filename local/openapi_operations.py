"""What an operation's door says of it: whom it lets in, what it answers, and which problems it can have.

Whom it lets in is asked of the handler itself, which asks `door.caller` or `door.operator_stamp` before
anything else. Its docstring is the description; a line in it that begins with a status, `409: ...`, is what
that problem means here. Problems that follow from the route's shape are added.
"""

import inspect
import re
from dataclasses import dataclass, field
from typing import Any

from crossbay.domain.access import ALLOWED, Action
from crossbay.domain.organization import Entitlement, Role
from crossbay.entry.unread import LetIn, ask
from local.doors import door
from local.template import Route

Json = dict[str, Any]

ROLES = {
    Role.ADVISOR: "advisors",
    Role.DEALER_ADMIN: "dealer admins",
    Role.DISPATCHER: "dispatchers",
    Role.TECHNICIAN: "technicians",
    Role.MARKETING: "marketing",
    Role.FLEET_USER: "fleet users",
}
_STATUS_LINE = re.compile(r"^(\d{3}): (.+?)(?=^\d{3}: |\Z)", re.MULTILINE | re.DOTALL)


@dataclass(slots=True)
class Described:
    """text: what it does. meanings: what a status means here, by status. roles: None for every member."""

    text: str
    meanings: dict[int, str]
    roles: frozenset[Role] | None = None
    entitlement: Entitlement | None = None
    is_operators: bool = False
    is_operators_too: bool = False
    in_shop: bool = False
    asked: bool = field(default=False)

    @property
    def who(self) -> str:
        """One sentence: whom the door lets in."""
        if self.is_operators:
            return "For the operator of the deployment."
        if not self.asked:
            return "For everybody, without sign-in."
        place = " of the shop" if self.in_shop else ""
        if self.roles is None:
            return f"For every member{place}{', and the operator' if self.is_operators_too else ''}."
        named = [words for role, words in ROLES.items() if role in self.roles]
        listed = " and ".join(filter(None, (", ".join(named[:-1]), named[-1])))
        needs = f" The organization needs `{self.entitlement.value}`." if self.entitlement else ""
        return f"For {listed}{place}.{needs}"


def described(route: Route) -> Described:
    """What the route's handler says of itself. Raises ValueError where it asks late who calls."""
    handler = handler_of(route)
    text = inspect.cleandoc(handler.__doc__ or "")
    found = Described(
        text=" ".join(_STATUS_LINE.sub("", text).split()) if "\n\n" not in text else _paragraphs(text),
        meanings={int(code): " ".join(words.split()) for code, words in _STATUS_LINE.findall(text)},
    )
    if route.members_only:
        _ask(route, handler, found)
    return found


def _paragraphs(text: str) -> str:
    blocks = (" ".join(block.split()) for block in re.split(r"\n\s*\n", _STATUS_LINE.sub("", text)))
    return "\n\n".join(block for block in blocks if block)


def handler_of(route: Route) -> Any:
    """The function of the door that answers the route."""
    app = door(route.folder).app
    path = re.sub(r"\{(\w+)\}", r"<\1>", route.path)
    found = [
        one.func
        for one in (*app._static_routes, *app._dynamic_routes)
        if (one.method, one.path) == (route.method, path)
    ]
    return found[0]


def _ask(route: Route, handler: Any, found: Described) -> None:
    """Run the handler up to where it asks for its caller, and note what it asks."""
    asked = door(route.folder).door

    def caller(action: Action | None = None, shop_id: object = "", *, needs: Any = None) -> None:
        found.asked, found.in_shop, found.entitlement = True, bool(shop_id), needs
        found.roles = ALLOWED[action] if action else None
        raise LetIn

    def operator_stamp(_: object) -> None:
        found.asked = found.is_operators = True
        raise LetIn

    def caller_or_operator() -> None:
        found.asked = found.is_operators_too = True
        raise LetIn

    asks = {
        "caller": caller,
        "operator_stamp": operator_stamp,
        "caller_or_operator": caller_or_operator,
    }
    with _replaced(asked, **asks):
        try:
            ask(handler, {})
        except LetIn:
            return
    raise ValueError(f"{route.method} {route.path} doesn't ask for its caller before anything else")


class _replaced:
    """Methods of one object, for as long as the block runs."""

    def __init__(self, thing: Any, **methods: Any) -> None:
        self._thing, self._methods = thing, methods

    def __enter__(self) -> None:
        vars(self._thing).update(self._methods)

    def __exit__(self, *_: object) -> None:
        for name in self._methods:
            del vars(self._thing)[name]


def problems_of(route: Route, found: Described, operation: Json, named: set[str]) -> dict[int, str]:
    """Status to what it means here; empty where it means the same everywhere.

    named: the ids that its body names.
    """
    if not route.members_only:
        return {429: ""} | found.meanings
    parameters = {one["name"]: one for one in operation.get("parameters", ())}
    problems = {401: "", 429: "", 503: ""}
    has_body = "requestBody" in operation
    if parameters or has_body:
        problems[400] = _bad_input(has_body, "cursor" in parameters)
    if not found.is_operators_too:
        problems[403] = _forbidden(found)
    in_path = [name for name, one in parameters.items() if one["in"] == "path" and name.endswith("_id")]
    ids = in_path + [name for name in parameters if name.endswith("_id") and name not in in_path]
    if ids or named:
        problems[404] = _not_found(ids, named)
    if has_body:
        problems |= {413: "", 415: ""}
    if "Idempotency-Key" in parameters:
        problems[422] = ""
    if "If-Match" in parameters:
        problems |= {409: _NEWER, 412: "", 428: ""}
    return problems | found.meanings


_NEWER = "A newer release saved the record, and is being deployed (`saved-by-newer-release`)."


def _bad_input(has_body: bool, has_cursor: bool) -> str:
    what = "A field or a parameter" if has_body else "A parameter"
    cursor = " (`bad-input`), or the cursor is of another list (`bad-cursor`)" if has_cursor else ""
    return f"{what} can't be used like this, `errors` says which and why{cursor}."


def _forbidden(found: Described) -> str:
    if found.is_operators:
        return "Only the operator of the deployment may do this."
    reasons = []
    if found.roles is not None:
        reasons.append("The member's role can't do this")
    else:
        reasons.append("The account belongs to no organization")
    if found.in_shop:
        reasons.append("the member doesn't work in this shop")
    if found.entitlement:
        reasons[-1] += " (`forbidden`)"
        reasons.append(f"the organization doesn't have `{found.entitlement.value}` (`not-entitled`)")
    text = ", or ".join(reasons)
    return f"{text[0].upper()}{text[1:]}."


def _not_found(ids: list[str], named: set[str]) -> str:
    things = [_thing(name) for name in ids]
    words = " or ".join(filter(None, (", ".join(things[:-1]), things[-1] if things else "")))
    in_body = f"what the body names as {', '.join(f'`{name}`' for name in sorted(named))} isn't there"
    if not things:
        return f"{in_body[0].upper()}{in_body[1:]}, or isn't this organization's."
    told = f"There is no such {words} in this organization"
    return f"{told}, or {in_body}." if named else f"{told}."


def _thing(name: str) -> str:
    return (
        name.removesuffix("_id")
        .removeprefix("fleet_" if name == "fleet_customer_id" else "")
        .replace("_", " ")
    )
