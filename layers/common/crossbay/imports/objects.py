"""Rows out of JSON Lines, one object a line."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from crossbay.imports.columns import ID_COLUMN, IDS, Format, ImportKind, own_name, shown_names
from crossbay.imports.encoding import READ_AS_WINDOWS_1252, windows_1252
from crossbay.imports.lines import FileLine
from crossbay.imports.rows import NOT_UTF8, TOO_LONG, BadRow, ImportRow, is_text_or_number, plain_id, row_id

_MOST_IGNORED = 50
_CONTROLS = re.compile(b"[\x00-\x1f]")
"""Some programs write a tab within a text as it is, which no JSON has; between texts it is a blank."""

_HALF = re.compile("[\ud800-\udfff]")


def json_rows(
    lines: Iterable[FileLine],
    kind: ImportKind,
    mapping: Mapping[str, str],
    ignored: list[str],
    names: dict[str, str],
) -> Iterator[ImportRow | BadRow]:
    decoder = msgspec.json.Decoder(dict[str, Any])
    own_names = _OwnNames(kind, mapping, ignored, names)
    for line in lines:
        if line.content is None:
            yield BadRow(line=line.number, end=line.end, reason=TOO_LONG)
        elif line.content.strip():
            content, warnings = _utf8(line.content)
            try:
                found = decoder.decode(_CONTROLS.sub(b" ", content))
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                yield _broken_object(line, content, own_names, error)
                continue
            yield _json_row(line, found, warnings, own_names)


def _utf8(content: bytes) -> tuple[bytes, dict[str, str]]:
    """The line in UTF-8 where it can be, and what was done to it."""
    try:
        content.decode()
    except UnicodeDecodeError:
        text = windows_1252(content)
        return (content, {}) if text is None else (text.encode(), {"": READ_AS_WINDOWS_1252})
    return content, {}


@dataclass(frozen=True, slots=True)
class _OwnNames:
    """Our names for an object's, noting those that are none and how the file spells the others."""

    kind: ImportKind
    mapping: Mapping[str, str]
    ignored: list[str]
    names: dict[str, str]
    known: dict[str, str] = field(default_factory=dict)

    def of(self, theirs: str) -> str:
        if theirs not in self.known:
            self.known[theirs] = self._look_up(theirs)
        return self.known[theirs]

    def _look_up(self, theirs: str) -> str:
        ours = own_name(self.kind, Format.JSONL, self.mapping, theirs)
        (shown,) = shown_names([theirs])
        if ours:
            self.names.setdefault(ours, shown)
        elif shown not in self.ignored and len(self.ignored) < _MOST_IGNORED:
            self.ignored.append(shown)
        return ours


def _json_row(
    line: FileLine, found: Mapping[str, Any], warnings: Mapping[str, str], own_names: _OwnNames
) -> ImportRow | BadRow:
    cells: dict[str, Any] = {}
    for theirs, value in found.items():
        ours = own_names.of(theirs)
        if ours in cells:
            reason = "stands twice in this object, or two of its names are mapped to it"
            return BadRow(line=line.number, end=line.end, field=ours, reason=reason)
        if ours:
            cells[ours] = plain_id(value) if ours in IDS and is_text_or_number(value) else value
    found_id = row_id(cells.get(ID_COLUMN[own_names.kind], ""))
    return ImportRow(line=line.number, end=line.end, id=found_id, cells=cells, warnings=warnings)


def _broken_object(line: FileLine, content: bytes, own_names: _OwnNames, error: Exception) -> BadRow:
    """The bad row, with its field where only half a letter spoils the object: of an emoji cut in two."""
    named = [own_names.of(name) or name for name in _fields_of_halves(content)]
    if not named:
        return BadRow(line=line.number, end=line.end, reason=_no_object(content, error))
    shown = ", ".join(shown_names(named))
    reason = "has half a letter: an emoji was cut in two"
    return BadRow(line=line.number, end=line.end, field=shown, reason=reason)


def _fields_of_halves(content: bytes) -> list[str]:
    """The fields with a lone surrogate; none where the line is no object anyway."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return []
    fields = found.items() if isinstance(found, dict) else ()
    return [name for name, value in fields if _HALF.search(json.dumps([name, value], ensure_ascii=False))]


def _no_object(content: bytes, error: Exception) -> str:
    try:
        content.decode()
    except UnicodeDecodeError:
        return NOT_UTF8
    return "isn't an object" if isinstance(error, msgspec.ValidationError) else "isn't JSON"
