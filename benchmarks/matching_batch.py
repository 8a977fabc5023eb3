"""Many pairs at once with numpy and rapidfuzz's `cpdist`: the totals that `score_pair` gives, sooner.

Field by field the spelling of all pairs is compared in one call; only where it is close enough to matter,
or a name could be a nickname, the engine's own function decides. People with at most one address and one
e-mail, and neither phones nor vehicles: what the labelled sets hold. The Lambda layer has no use for this.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from crossbay.domain.name import nickname_roots
from crossbay.matching.addresses import AddressLevels, weigh_address
from crossbay.matching.context import PairContext
from crossbay.matching.frequency import given_name_frequency, surname_frequency
from crossbay.matching.levels import (
    MatchLevel,
    could_be_relatives,
    email_level,
    first_name_level,
    house_number_level,
    last_name_level,
    text_level,
    unit_level,
)
from crossbay.matching.names import compare_people
from crossbay.matching.place import PO_BOX, MatchAddress, is_unit
from crossbay.matching.rare_names import name_weight
from crossbay.matching.record import MatchRecord
from crossbay.matching.score import MOST_BITS_OF_A_HOUSEHOLD
from crossbay.matching.shared import MOST_NAMES_OF_ONE_CONTACT, SharedContact
from crossbay.matching.weights import weight

# Arrays of numpy, which the environment of the type checker lacks.
Indices: TypeAlias = Any  # codes of values, or positions of pairs
Levels: TypeAlias = Any  # positions in LEVELS
Bits: TypeAlias = Any
Flags: TypeAlias = Any
LEVELS = list(MatchLevel)
EXACT, CLOSE, PARTLY, ALIKE, DIFFERENT, MISSING = (
    LEVELS.index(level)
    for level in (
        MatchLevel.EXACT,
        MatchLevel.CLOSE,
        MatchLevel.PARTLY,
        MatchLevel.ALIKE,
        MatchLevel.DIFFERENT,
        MatchLevel.MISSING,
    )
)
SIMILAR_FROM, CLOSE_FROM = 0.8, 0.9  # as in `levels`


class Column:
    """The values of one or more fields, coded in alphabetical order: code 0 is the empty value."""

    def __init__(self, *fields: Sequence[str]) -> None:
        self.values = sorted({"", *(value for field in fields for value in field)})
        code = {value: number for number, value in enumerate(self.values)}
        self.codes = [np.array([code[value] for value in field]) for field in fields]
        self._joined = np.array([value.replace(" ", "") for value in self.values], dtype=object)
        self._whole = np.array(self.values, dtype=object)
        self.lengths = np.array([len(value) for value in self.values])

    def marked(self, is_marked: Callable[[str], bool]) -> Flags:
        return np.array([is_marked(value) for value in self.values])

    def mapped(self, number_of: Callable[[str], float]) -> Bits:
        return np.array([number_of(value) for value in self.values])

    def spelling(self, x: Indices, y: Indices) -> Bits:
        """Jaro-Winkler similarity without blanks, 0 below what is similar."""
        a, b = self._joined[x], self._joined[y]
        return cpdist(a, b, scorer=JaroWinkler.similarity, score_cutoff=SIMILAR_FROM, dtype=np.float64)

    def edits(self, x: Indices, y: Indices, most: int) -> Indices:
        """Edits and swaps of neighbours, more than `most` counted as one more."""
        a, b = self._whole[x], self._whole[y]
        return cpdist(a, b, scorer=OSA.distance, score_cutoff=most, dtype=np.int32)

    def decide(self, level: Callable[[str, str], MatchLevel], x: Indices, y: Indices) -> list[int]:
        values = self.values
        return [
            LEVELS.index(level(values[a], values[b])) for a, b in zip(x.tolist(), y.tolist(), strict=True)
        ]


def plain_levels(x: Indices, y: Indices) -> Levels:
    """Exact, missing, or different as long as nobody looks closer."""
    levels: Levels = np.full(len(x), DIFFERENT, dtype=np.int8)
    levels[x == y] = EXACT
    levels[(x == 0) | (y == 0)] = MISSING
    return levels


def text_levels(column: Column, x: Indices, y: Indices) -> Levels:
    x, y = np.minimum(x, y), np.maximum(x, y)
    levels = plain_levels(x, y)
    open_ = np.flatnonzero(levels == DIFFERENT)
    similarity = column.spelling(x[open_], y[open_])
    levels[open_[similarity >= CLOSE_FROM]] = CLOSE
    unsure = open_[(similarity > 0) & (similarity < CLOSE_FROM)]
    levels[unsure] = column.decide(text_level, x[unsure], y[unsure])
    return levels


def code_levels(column: Column, x: Indices, y: Indices) -> Levels:
    levels = plain_levels(x, y)
    a, b = column.lengths[x], column.lengths[y]
    open_ = np.flatnonzero((levels == DIFFERENT) & (np.maximum(a, b) > 1) & (abs(a - b) <= 1))
    levels[open_[column.edits(x[open_], y[open_], 1) <= 1]] = CLOSE
    return levels


def house_number_levels(column: Column, x: Indices, y: Indices) -> Levels:
    levels = code_levels(column, x, y)
    has_hyphen = column.marked(lambda number: "-" in number)
    unsure = np.flatnonzero((levels != MISSING) & (has_hyphen[x] | has_hyphen[y]))
    levels[unsure] = column.decide(house_number_level, x[unsure], y[unsure])
    return levels


class Batch:
    """Records ready to be scored in pairs by their position."""

    def __init__(self, records: Sequence[MatchRecord], context: PairContext) -> None:
        addresses = [record.addresses[0] if record.addresses else MatchAddress() for record in records]
        self.names = Column([r.first_name for r in records], [r.last_name for r in records])
        self.lines = Column([a.street for a in addresses], [a.unit for a in addresses])
        self.numbers = Column([a.number for a in addresses])
        self.postal_codes = Column([a.postal_code for a in addresses])
        self.cities = Column([a.city for a in addresses])
        self.regions = Column([a.region for a in addresses])
        self.emails = Column([r.emails[0] if r.emails else "" for r in records])
        self._given_frequency = self.names.mapped(given_name_frequency)
        self._surname_frequency = self.names.mapped(surname_frequency)
        self._has_words = self.names.marked(lambda name: " " in name)
        self._has_words_or_is_initial = self._has_words | (self.names.lengths == 1)
        self._roots = [nickname_roots(name) for name in self.names.values]
        self._is_nickname = np.array([len(roots) > 1 for roots in self._roots])
        self._is_unit = self.lines.marked(is_unit)
        self._is_box = self.lines.marked(lambda line: line == PO_BOX)
        self._generations = np.array([record.generation for record in records])
        self._names_at_home = np.array([_names_of(context.addresses, a) for a in addresses])
        self._names_of_email = np.array(
            [_names_of(context.emails, r.emails[0] if r.emails else "") for r in records]
        )
        self._has_households = context.has_households

    def totals(self, left: Indices, right: Indices) -> Bits:
        """The total bits of each pair."""
        names, is_other = self._names(left, right)
        emails = _shared(self._names_of_email, left, right, self._emails(left, right))
        homes = _shared(self._names_at_home, left, right, self._addresses(left, right, emails > 0))
        total = np.round(names + emails + homes, 1)
        has_contact = (self.emails.codes[0][left] > 0) | (self.emails.codes[0][right] > 0)
        capped = is_other & (has_contact | self._has_households) & (total > MOST_BITS_OF_A_HOUSEHOLD)
        return np.where(capped, MOST_BITS_OF_A_HOUSEHOLD, total)

    # ---- names

    def _names(self, left: Indices, right: Indices) -> tuple[Bits, Flags]:
        """(bits, whether clearly another's name) of each pair."""
        firsts, lasts = self.names.codes
        f_a, f_b, l_a, l_b = firsts[left], firsts[right], lasts[left], lasts[right]
        special = self._has_words_or_is_initial[f_a] | self._has_words_or_is_initial[f_b]
        first = self._name_levels(f_a, f_b, first_name_level, special | self._are_nicknames(f_a, f_b))
        is_special = self._has_words_or_is_initial[l_a] | self._has_words_or_is_initial[l_b]
        last = self._name_levels(l_a, l_b, last_name_level, is_special)
        bits = self._name_bits("first name", first, f_a, f_b, self._given_frequency)
        bits += self._name_bits("last name", last, l_a, l_b, self._surname_frequency)
        is_other = (first == DIFFERENT) | (first == ALIKE)
        close = np.flatnonzero(first == CLOSE)
        close_names = (
            (self.names.values[a], self.names.values[b]) for a, b in zip(f_a[close], f_b[close], strict=True)
        )
        is_other[close] = [could_be_relatives(a, b) for a, b in close_names]
        differs = np.flatnonzero((first == DIFFERENT) | (last == DIFFERENT))
        crossed = differs[
            self._may_cross(f_a[differs], l_b[differs]) | self._may_cross(f_b[differs], l_a[differs])
        ]
        values = self.names.values
        for k in crossed.tolist():
            compared = compare_people((values[f_a[k]], values[l_a[k]]), (values[f_b[k]], values[l_b[k]]))
            bits[k], is_other[k] = sum(part.bits for part in compared.parts), compared.is_other
        g_a, g_b = self._generations[left], self._generations[right]
        are_known = (g_a > 0) & (g_b > 0)
        generation = np.where(
            g_a == g_b, *(weight("generation", x) for x in (MatchLevel.EXACT, MatchLevel.DIFFERENT))
        )
        return bits + np.where(are_known, generation, 0.0), is_other | (are_known & (g_a != g_b))

    def _name_levels(
        self, x: Indices, y: Indices, level: Callable[[str, str], MatchLevel], is_special: Flags
    ) -> Levels:
        """is_special: where names may agree however they are spelled."""
        x, y = np.minimum(x, y), np.maximum(x, y)
        levels = plain_levels(x, y)
        is_open = levels == DIFFERENT
        plain = np.flatnonzero(is_open & ~is_special)
        alike = plain[self.names.spelling(x[plain], y[plain]) > 0]
        unsure = np.concatenate([np.flatnonzero(is_open & is_special), alike])
        levels[unsure] = self.names.decide(level, x[unsure], y[unsure])
        return levels

    def _are_nicknames(self, x: Indices, y: Indices) -> Flags:
        are = (self._is_nickname[x] | self._is_nickname[y]) & (x != y)
        open_, roots = np.flatnonzero(are), self._roots
        pairs = zip(x[open_].tolist(), y[open_].tolist(), strict=True)
        are[open_] = [not roots[a].isdisjoint(roots[b]) for a, b in pairs]
        return are

    def _may_cross(self, first: Indices, last: Indices) -> Flags:
        may = (first == last) & (first > 0)
        open_ = np.flatnonzero((first != last) & (first > 0) & (last > 0))
        x, y = first[open_], last[open_]
        may[open_] = self.names.spelling(np.minimum(x, y), np.maximum(x, y)) > 0
        return may

    def _name_bits(self, field: str, levels: Levels, x: Indices, y: Indices, frequency: Bits) -> Bits:
        kinds, commoner = np.unique(np.maximum(frequency[x], frequency[y]), return_inverse=True)
        cases, case = np.unique(levels.astype(np.int64) * len(kinds) + commoner, return_inverse=True)
        weights = [
            0.0
            if number // len(kinds) == MISSING
            else name_weight(field, LEVELS[number // len(kinds)], float(kinds[number % len(kinds)]))
            for number in cases.tolist()
        ]
        return np.array(weights)[case]

    # ---- e-mails and addresses

    def _emails(self, left: Indices, right: Indices) -> Bits:
        codes = self.emails.codes[0]
        x, y = codes[left], codes[right]
        levels = plain_levels(x, y)
        open_ = np.flatnonzero(levels == DIFFERENT)
        levels[open_] = self.emails.decide(email_level, x[open_], y[open_])
        return weights_of("e-mail", levels)

    def _addresses(self, left: Indices, right: Indices, may_have_moved: Flags) -> Bits:
        streets, units = self.lines.codes
        s_a, s_b, u_a, u_b = streets[left], streets[right], units[left], units[right]
        street, second = text_levels(self.lines, s_a, s_b), text_levels(self.lines, u_a, u_b)
        number = house_number_levels(self.numbers, *pair_codes(self.numbers, left, right))
        one_is_box = self._is_box[s_a] != self._is_box[s_b]
        crossed = self._crossed(street, second, (s_a, u_a), (s_b, u_b))
        crossed = crossed[~one_is_box[crossed]]
        street[crossed], second[crossed] = PARTLY, MISSING
        number[one_is_box] = street[one_is_box] = MISSING
        numbers_unit = (self._is_unit[u_a] | self._is_unit[u_b]) & (second != MISSING) & ~one_is_box
        unit, near = second.copy(), np.flatnonzero(numbers_unit & (second == CLOSE))
        unit[near] = self.lines.decide(unit_level, u_a[near], u_b[near])
        columns = [
            number,
            street,
            np.where(numbers_unit, MISSING, second),
            np.where(numbers_unit, unit, MISSING),
            code_levels(self.postal_codes, *pair_codes(self.postal_codes, left, right)),
            text_levels(self.cities, *pair_codes(self.cities, left, right)),
            plain_levels(*pair_codes(self.regions, left, right)),
        ]
        key = may_have_moved.astype(np.int64)
        for levels in columns:
            key = key * len(LEVELS) + levels
        _, some, case = np.unique(key, return_index=True, return_inverse=True)
        weights = []
        for k in some.tolist():
            levels = AddressLevels(*(LEVELS[column[k]] for column in columns))
            part = weigh_address(levels, bool(may_have_moved[k]), self._has_households)
            weights.append(part.bits if part else 0.0)
        return np.array(weights)[case]

    def _crossed(
        self, street: Levels, second: Levels, a: tuple[Indices, Indices], b: tuple[Indices, Indices]
    ) -> Indices:
        """The pairs whose lines agree crosswise only."""
        open_ = np.flatnonzero((street != EXACT) & (second != EXACT))
        one = text_levels(self.lines, a[0][open_], b[1][open_])
        other = text_levels(self.lines, a[1][open_], b[0][open_])
        agree = (one != DIFFERENT) & (other != DIFFERENT) & ((one != MISSING) | (other != MISSING))
        return open_[agree]


def pair_codes(column: Column, left: Indices, right: Indices) -> tuple[Indices, Indices]:
    return column.codes[0][left], column.codes[0][right]


def weights_of(field: str, levels: Levels) -> Bits:
    used = set(levels.tolist()) - {MISSING}
    weights = [weight(field, LEVELS[number]) if number in used else 0.0 for number in range(len(LEVELS))]
    return np.array(weights)[levels]


def _names_of(shared: Mapping[Any, SharedContact], value: Any) -> int:
    return shared[value].names if value in shared else 1


def _shared(names_of: Indices, left: Indices, right: Indices, bits: Bits) -> Bits:
    """What a value still says that several names share, as in `shared.part_of_several`."""
    names = np.maximum(names_of[left], names_of[right])
    share = np.maximum(0.0, np.round(bits - np.log2(names), 1))
    return np.where((bits > 0) & (names > 1), np.where(names > MOST_NAMES_OF_ONE_CONTACT, 0.0, share), bits)
