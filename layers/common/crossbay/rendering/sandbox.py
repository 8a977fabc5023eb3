"""What a template may say: an allow-list over Jinja's syntax tree, inside Jinja's sandbox.

Time and size are bounded by construction: loops run over `deferred_items` only and never inside each other,
no filter makes text longer than a small multiple of it, and expressions compare, choose and print, no more.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import fields
from difflib import get_close_matches
from enum import StrEnum
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

import jinja2
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from crossbay.rendering.letter import LetterFacts
from crossbay.rendering.mistakes import Mistake, Mistakes, noting
from crossbay.rendering.pasted import tags
from crossbay.rendering.placeholders import meant_by


class ValueKind(StrEnum):
    """What an expression gives."""

    TEXT = "text"
    NUMBER = "a number"
    ITEMS = "a list"


VARIABLES = {
    field.name: {str: ValueKind.TEXT, int: ValueKind.NUMBER}.get(type(field.default), ValueKind.ITEMS)
    for field in fields(LetterFacts)
}


class Filter(NamedTuple):
    """arguments: the types of what may stand in its brackets, from the left; all may be left out."""

    takes: frozenset[ValueKind]
    gives: ValueKind
    arguments: tuple[type, ...] = ()


_OF_TEXT = Filter(frozenset({ValueKind.TEXT}), ValueKind.TEXT)
_FILTERS = {
    "capitalize": _OF_TEXT,
    "default": _OF_TEXT._replace(arguments=(str, bool)),
    "join": Filter(frozenset({ValueKind.ITEMS}), ValueKind.TEXT, (str,)),
    "length": Filter(frozenset({ValueKind.TEXT, ValueKind.ITEMS}), ValueKind.NUMBER),
    "lower": _OF_TEXT,
    "title": _OF_TEXT,
    "trim": _OF_TEXT,
    "truncate": _OF_TEXT._replace(arguments=(int, bool, str, int)),
    "upper": _OF_TEXT,
}

_DEEPEST = 12
"""Statements and expressions inside each other."""

_MOST_BRANCHES = 50
"""Of one `if`: Python nests what is written one after the other."""

_LOOP = re.compile(r"\{%-?\s*for\s+([a-z_]+)\s+in\b")
_UNKNOWN_TAG = re.compile(r"unknown tag '(\w+)'")
_UNCLOSED = re.compile(r"needs to be closed is '(\w+)'")
_INNER_TAGS = {"else", "elif", "endif", "endfor"}
_UNREADABLE = (
    "this can't be read: type a variable alone, as in `{{ model }}`, and compare with `==`, `and`, `or`, "
    'as in `{% if make == "Jeep" %}`'
)
_MOST_TAGS = 200
"""Read by themselves, where the whole can't be."""

_UNUSABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_UNUSABLE_TEXT = "text in quotes can't hold control characters or halves of characters (`\\ud800`)"

_LARGEST_NUMBER = 10_000
_TYPES = {str: "text in quotes", int: "a whole number", bool: "true or false"}

_REFUSED = {
    "Getattr": "attributes of variables (with a dot) can't be used",
    "Getitem": "parts of variables (with square brackets) can't be used",
    "Call": "nothing can be called",
    "Assign": "variables can't be set",
    "AssignBlock": "variables can't be set",
    "Macro": "macros can't be used",
    "CallBlock": "macros can't be used",
    "Import": "other templates can't be imported",
    "FromImport": "other templates can't be imported",
    "Include": "other templates can't be included",
    "Extends": "other templates can't be extended",
    "Block": "blocks can't be used",
    "FilterBlock": "filter blocks can't be used: put the filter behind a variable",
    "With": "variables can't be set",
    "Test": "tests (with `is`) can't be used: `if model` asks whether there is a model",
}


@cache
def environment(*, html: bool) -> ImmutableSandboxedEnvironment:
    """html: values are escaped as they are put in."""
    made = ImmutableSandboxedEnvironment(
        autoescape=html, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.globals.clear()
    made.tests.clear()
    made.filters = {name: made.filters[name] for name in _FILTERS} | {"default": _default}
    return made


def _default(value: str, other: str = "", also_when_empty: bool = True) -> str:
    """Jinja's own asks whether a variable exists; here all do, and what is not known is empty."""
    return value or other


@lru_cache(maxsize=64)
def compiled(source: str, *, html: bool) -> jinja2.Template:
    """The template ready to render, once it has passed `check_syntax`."""
    return environment(html=html).from_string(source)


def check_syntax(source: str) -> nodes.Template:
    """The syntax tree of the source. Raises Mistakes for all that is not on the allow-list."""
    found: list[Mistake] = []
    tree = None
    try:
        tree = environment(html=False).parse(source)
        _check_statements(tree.body, item="", depth=0, found=found)
    except jinja2.TemplateSyntaxError as error:
        found = [Mistake(error.lineno, _in_our_words(error.message or "")), *_of_tags_alone(source)]
    except RecursionError:
        found.append(Mistake(1, "expressions stand too deeply inside each other"))
    except ValueError:  # int() on more digits than it reads
        found.append(Mistake(1, "a number is too large"))
    if found or tree is None:
        raise Mistakes(found)
    return tree


def _of_tags_alone(source: str) -> list[Mistake]:
    """The mistakes of each `{{ }}` by itself, where the whole can't be read."""
    found: list[Mistake] = []
    items = set(_LOOP.findall(source))
    for start, tag in islice(tags(source), _MOST_TAGS):
        if tag.startswith("{%"):
            continue
        first = source.count("\n", 0, start)
        with suppress(jinja2.TemplateSyntaxError, RecursionError, ValueError):
            tree = environment(html=False).parse("\n" * first + tag)
            own: list[Mistake] = []
            item = next((one for one in items if one in tag), "")
            _check_statements(tree.body, item=item, depth=0, found=own)
            found += own
    return found


def always_printed(tree: nodes.Template) -> set[str]:
    """The variables that are put in as they are, whatever the customer: outside every `if` and `for`."""
    outputs = (part for node in tree.body if isinstance(node, nodes.Output) for part in node.nodes)
    return {part.name for part in outputs if isinstance(part, nodes.Name)}


def named(tree: nodes.Template) -> set[str]:
    """Every variable in it."""
    return {node.name for node in tree.find_all(nodes.Name)}


def code_and_text(source: str) -> Iterator[tuple[int, str, bool]]:
    """The source in pieces: (line, piece, whether it is Jinja's); comments are left out.

    source: one that has passed `check_syntax`. Raises Mistake for `raw` blocks.
    """
    code: list[str] = []
    for line, token, value in environment(html=False).lex(source):
        if token == "raw_begin":  # noqa: S105
            raise Mistake(line, "raw blocks can't be used")
        if token.startswith("comment"):
            continue
        if code or token in {"variable_begin", "block_begin"}:
            code.append(value)
            if token in {"variable_end", "block_end"}:
                yield line, "".join(code), True
                code = []
        else:
            yield line, value, False


def _check_statements(body: Sequence[nodes.Node], *, item: str, depth: int, found: list[Mistake]) -> None:
    """item: the loop's variable, empty outside a loop. found: takes what isn't allowed."""
    for node in body:
        if depth > _DEEPEST:
            found.append(Mistake(node.lineno, "statements stand too deeply inside each other"))
            return
        match node:
            case nodes.Output():
                for part in node.nodes:
                    with noting(found):
                        _check_output(part, item=item)
            case nodes.If():
                with noting(found):
                    _check_branches(node, item=item)
                for branch in (node.body, node.elif_, node.else_):
                    _check_statements(branch, item=item, depth=depth + 1, found=found)
            case nodes.For():
                inner = node.target.name if isinstance(node.target, nodes.Name) else item
                with noting(found):
                    inner = _loop_variable(node, outer=item)
                _check_statements(node.body, item=inner, depth=depth + 1, found=found)
                _check_statements(node.else_, item=item, depth=depth + 1, found=found)
            case _:
                found.append(_refused(node))


def _in_our_words(message: str) -> str:
    """Why Jinja can't read on, for whoever writes letters."""
    unknown, unclosed = _UNKNOWN_TAG.search(message), _UNCLOSED.search(message)
    if "end of comment" in message:
        return "`{#` begins a note that never ends: type `#}` behind it, or in CSS put a blank behind the `{`"
    if unclosed:
        before = f" before `{{% {unknown[1]} %}}`" if unknown else ""
        return f"`{{% end{unclosed[1]} %}}` is missing{before}"
    if unknown:
        tag = f"`{{% {unknown[1][:40]} %}}`"
        return f"{tag} belongs to nothing here" if unknown[1] in _INNER_TAGS else f"there is no {tag}"
    if "end of template" in message:
        return "a tag is never closed: type `}}` behind a variable, `%}` behind an `if` or `for`"
    return _UNREADABLE


def _check_branches(node: nodes.If, *, item: str) -> None:
    if len(node.elif_) > _MOST_BRANCHES:
        raise Mistake(node.lineno, f"more than {_MOST_BRANCHES} `elif` belong to one `if`")
    _kind(node.test, item=item)


def _check_output(part: nodes.Node, *, item: str) -> None:
    if not isinstance(part, nodes.TemplateData) and _kind(part, item=item) is ValueKind.ITEMS:
        raise Mistake(part.lineno, "a list is printed with `for` or with the filter `join`")


def _loop_variable(node: nodes.For, *, outer: str) -> str:
    if outer:
        raise Mistake(node.lineno, "a `for` can't stand inside another")
    if node.test or node.recursive:
        raise Mistake(node.lineno, "a `for` takes no condition here: put an `if` inside")
    if not (isinstance(node.iter, nodes.Name) and VARIABLES.get(node.iter.name) is ValueKind.ITEMS):
        raise Mistake(node.lineno, "`for` goes through `deferred_items` only")
    if not isinstance(node.target, nodes.Name) or node.target.name in {*VARIABLES, "loop"}:
        raise Mistake(node.lineno, "name the loop's variable like `for item in deferred_items`")
    return node.target.name


def _kind(node: nodes.Node, *, item: str, depth: int = 0) -> ValueKind:
    """What the expression gives. Raises Mistake where it, or a part of it, is not on the allow-list."""
    if depth > _DEEPEST:
        raise Mistake(node.lineno, "expressions stand too deeply inside each other")

    def kind_of(part: nodes.Node) -> ValueKind:
        return _kind(part, item=item, depth=depth + 1)

    match node:
        case nodes.Name():
            return _variable(node, item=item)
        case nodes.Const():
            return _constant(node)
        case nodes.Filter():
            return _filtered(node, kind_of(node.node) if node.node else None)
        case nodes.Not():
            kind_of(node.node)
            return ValueKind.NUMBER
        case nodes.And() | nodes.Or():
            kinds = {kind_of(node.left), kind_of(node.right)}
            return kinds.pop() if len(kinds) == 1 else ValueKind.NUMBER
        case nodes.CondExpr():
            kind_of(node.test)
            if node.expr2 is None:
                raise Mistake(node.lineno, "an inline `if` needs its `else`")
            return _same(node, (kind_of(node.expr1), kind_of(node.expr2)))
        case nodes.Compare():
            if any(operand.op in {"in", "notin"} for operand in node.ops):
                raise Mistake(node.lineno, "`in` can't be used")
            _same(node, [kind_of(part) for part in (node.expr, *(one.expr for one in node.ops))])
            return ValueKind.NUMBER
        case _:
            raise _refused(node)


def _variable(node: nodes.Name, *, item: str) -> ValueKind:
    if node.name == item:
        return ValueKind.TEXT
    if node.name not in VARIABLES:
        meant = meant_by(node.name)
        told = f": type {meant}" if meant else _nearest(node.name, VARIABLES)
        raise Mistake(node.lineno, f"there is no variable `{node.name[:40]}`{told}")
    return VARIABLES[node.name]


def _nearest(name: str, known: Iterable[str]) -> str:
    """What was meant, else what there is."""
    words = list(known)
    if close := get_close_matches(name[:40].lower(), words, n=1):
        return f": type `{close[0]}`"
    return f"; there are {', '.join(words)}"


def _constant(node: nodes.Const) -> ValueKind:
    match node.value:
        case str() if _UNUSABLE.search(node.value):
            raise Mistake(node.lineno, _UNUSABLE_TEXT)
        case str():
            return ValueKind.TEXT
        case int() if abs(node.value) <= _LARGEST_NUMBER:
            return ValueKind.NUMBER
        case _:
            raise Mistake(
                node.lineno, f"plain values are text in quotes and whole numbers up to {_LARGEST_NUMBER}"
            )


def _filtered(node: nodes.Filter, given: ValueKind | None) -> ValueKind:
    if node.name not in _FILTERS:
        told = _nearest(node.name, _FILTERS)
        raise Mistake(node.lineno, f"there is no filter `{node.name[:40]}`{told}")
    takes, gives, _ = _FILTERS[node.name]
    if given not in takes:
        wanted = " or ".join(sorted(takes))
        raise Mistake(node.lineno, f"the filter `{node.name}` takes {wanted}")
    arguments = [one.value for one in node.args if isinstance(one, nodes.Const)]
    allowed = _FILTERS[node.name].arguments
    if (
        node.kwargs
        or node.dyn_args
        or node.dyn_kwargs
        or not len(arguments) == len(node.args) <= len(allowed)
        or any(type(one) is not wanted for one, wanted in zip(arguments, allowed, strict=False))
    ):
        wanted = ", ".join(_TYPES[one] for one in allowed) or "nothing"
        raise Mistake(node.lineno, f"the filter `{node.name}` takes in its brackets: {wanted}")
    if any(isinstance(one, str) and _UNUSABLE.search(one) for one in arguments):
        raise Mistake(node.lineno, _UNUSABLE_TEXT)
    try:
        environment(html=False).call_filter(node.name, "sample" * (given is ValueKind.TEXT), arguments)
    except AssertionError as error:  # truncate to less than its own dots
        raise Mistake(node.lineno, f"the filter `{node.name}` can't work like this: {error}") from error
    return gives


def _same(node: nodes.Expr, kinds: Iterable[ValueKind]) -> ValueKind:
    first, *others = kinds
    if any(other is not first for other in others):
        raise Mistake(node.lineno, "text, numbers and lists can't be mixed here")
    return first


def _refused(node: nodes.Node) -> Mistake:
    return Mistake(node.lineno, _REFUSED.get(type(node).__name__, "this can't be used in a letter"))
