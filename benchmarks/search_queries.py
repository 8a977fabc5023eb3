"""Queries of every kind S4 names, made from customers picked at random, and what each of them should find.

Relevance comes from the clean fields (`Truth` and the normalized values), not from what the search does:
all who bear the names that were meant, however they are entered; all whose names are the typed ones or start
with them, in either order; all whose phone ends with those digits; and so on. A nickname means everyone
entered under a name that it stands for.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from benchmarks.search_people import Person, nicknames_of, person, spelled_out
from crossbay.domain.address import street_key
from crossbay.domain.email import email_letters, local_part, mailbox
from crossbay.domain.name import nickname_roots
from crossbay.domain.text import fold
from crossbay.matching.frequency import RARE_SURNAME, is_given_name, surname_frequency
from crossbay.search.query import Criterion

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LOOK_ALIKES = dict(zip("O0I1B8S5Z2", "0O1I8B5S2Z", strict=True))
_ACCENTED = {"a": "á", "e": "é", "i": "í", "o": "ó", "u": "ü", "n": "ñ"}


class Fact(NamedTuple):
    """Something true of a customer. kind: `name`, `surname`, `word start`, `phone`, `phone start` …"""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class QueryCase:
    """facts: a customer of whom one is true is to be found. by: the criterion picked, None where none is."""

    kind: str
    text: str
    facts: tuple[Fact, ...]
    by: Criterion | None = None


Maker = Callable[[random.Random, Person], "tuple[str, *tuple[Fact, ...]] | None"]


def make_queries(seed: int, size: int, of_each: int) -> list[QueryCase]:
    """So many queries of each kind about customers of the first `size`."""
    dice = random.Random(seed)
    cases: list[QueryCase] = []
    for kind, (maker, by) in KINDS.items():
        made = 0
        while made < of_each:
            drawn = maker(dice, person(seed, dice.randrange(size)))
            if drawn:
                text, *facts = drawn
                cases.append(QueryCase(kind, text, tuple(facts), by))
                made += 1
    return cases


def facts_of(one: Person, lengths: dict[str, set[int]]) -> Iterator[Fact]:
    """All that is true of a customer. lengths: of the starts that some query asks for, by kind."""
    given, surname = one.truth.given, one.truth.surname
    entered = fold(one.customer.first_name)
    yield Fact("surname", surname)
    families = {surname, *surname.split()}
    for family in families:
        yield Fact("name", f"{given} {family}")
        yield Fact("name entered", f"{entered} {family}")
        yield from _starts("name start", (f"{entered} {family}", f"{family} {entered}"), lengths)
    yield from _starts("word start", {entered, surname, *surname.split()}, lengths)
    for phone in one.customer.phones:
        digits = phone.number[2:]
        yield from (Fact("phone", digits), Fact("phone start", digits[:6]), Fact("phone end", digits[-4:]))
    for email in one.customer.emails:
        yield Fact("email", email)
        yield Fact("local part", local_part(email))
        yield Fact("local letters", email_letters(email))
        yield Fact("mailbox", mailbox(email))
    yield from (Fact("order number", number.removeprefix("RO-")) for number in one.order_numbers)
    yield from (Fact("surname word", word) for word in surname.split())
    for car in one.vehicles:
        yield Fact("plate", _plain_plate(car.plate))
        yield from (Fact("vin end 8", car.vin[-8:]), Fact("vin end 6", car.vin[-6:]))
    street = street_key(one.customer.service_addresses[0].address.line1)
    yield Fact("street", f"{street.number} {_street_name(street.name)}")


def wanted_lengths(cases: Iterable[QueryCase]) -> dict[str, set[int]]:
    """The lengths of the starts that are asked for, by kind of fact."""
    lengths: dict[str, set[int]] = {}
    for case in cases:
        for fact in case.facts:
            lengths.setdefault(fact.kind, set()).add(len(fact.value))
    return lengths


def edited(dice: random.Random, word: str) -> str:
    """The word with one letter too many, too few, another, or two swapped."""
    while True:
        at = dice.randrange(len(word))
        letter = dice.choice(_LETTERS)
        swapped = word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
        result = dice.choice(
            (
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                swapped,
            )
        )
        if result != word:
            return result


def _starts(kind: str, texts: Iterable[str], lengths: dict[str, set[int]]) -> Iterator[Fact]:
    for text in texts:
        yield from (Fact(kind, text[:length]) for length in lengths.get(kind, ()) if length <= len(text))


def _names(one: Person) -> tuple[Fact, Fact]:
    """Who bears the name, and who is entered under it, whatever the name stands for."""
    name = f"{one.truth.given} {one.truth.surname}"
    return Fact("name", name), Fact("name entered", name)


def _mistyped_name(typed: str, given: str, surname: str) -> tuple[str, Fact, Fact]:
    """The name that was meant, or what happens to start with what was typed: Moreno for a Moore as More."""
    return typed, Fact("name entered", f"{given} {surname}"), Fact("name start", typed)


def _plain_plate(plate: str) -> str:
    return plate.translate(str.maketrans("OIBSZ", "01852"))


def _street_name(name: str) -> str:
    words = name.split()
    return " ".join(words[1:] if words[0] in {"n", "s", "e", "w"} else words)


def _edit_in_given(dice: random.Random, one: Person) -> tuple[str, Fact, Fact] | None:
    given = fold(one.customer.first_name)
    return _mistyped_name(f"{edited(dice, given)} {one.truth.surname}", given, one.truth.surname)


def _edit_in_surname(dice: random.Random, one: Person) -> tuple[str, Fact, Fact] | None:
    words = one.truth.surname.split()
    at = dice.randrange(len(words))
    if len(words[at]) < 4:
        return None
    words[at] = edited(dice, words[at])
    given = fold(one.customer.first_name)
    return _mistyped_name(f"{given} {' '.join(words)}", given, one.truth.surname)


def _edit_in_street(dice: random.Random, one: Person) -> tuple[str, Fact] | None:
    street = street_key(one.customer.service_addresses[0].address.line1)
    name, *rest = _street_name(street.name).split()
    typed = " ".join([street.number, edited(dice, name), *rest])
    return typed, Fact("street", f"{street.number} {_street_name(street.name)}")


def _street_as_typed(dice: random.Random, one: Person) -> tuple[str, Fact] | None:
    line1 = one.customer.service_addresses[0].address.line1
    street = street_key(line1)
    typed = dice.choice((line1, line1.upper(), line1.rpartition(" ")[0]))
    return typed, Fact("street", f"{street.number} {_street_name(street.name)}")


def _swapped(dice: random.Random, one: Person) -> tuple[str, Fact, Fact] | None:
    return f"{one.truth.surname.title()}{dice.choice((' ', ', '))}{one.truth.given.title()}", *_names(one)


def _nickname(dice: random.Random, one: Person) -> tuple[str, *tuple[Fact, ...]] | None:
    """Half by a nickname of one entered as baptised, half by the name of one entered under a nickname.

    Who bears the name that was typed as it was typed is right, too: Jamie is short for James, and a name.
    """
    given, surname = one.truth.given, one.truth.surname
    entered = fold(one.customer.first_name)
    if dice.random() < 0.5:
        typed = given if entered != given else ""
    else:
        nicknames = nicknames_of(given) if entered == given else ()
        typed = dice.choice(nicknames) if nicknames else ""
    meant = [Fact("name entered", f"{name} {surname}") for name in sorted(nickname_roots(typed))]
    facts = (_names(one)[0], *meant)
    return (f"{typed} {surname}", *facts) if typed else None


def _start_of_word(dice: random.Random, one: Person) -> tuple[str, Fact] | None:
    word = dice.choice((fold(one.customer.first_name), one.truth.surname.split()[-1]))
    if len(word) < 4:
        return None
    start = word[: dice.randrange(4, min(len(word), 8) + 1)]
    return start, Fact("word start", start)


def _start_of_name(dice: random.Random, one: Person) -> tuple[str, Fact] | None:
    start = f"{fold(one.customer.first_name)} {one.truth.surname[: dice.randrange(2, 5)]}".rstrip()
    return start.title(), Fact("name start", start)


def _phone_whole(dice: random.Random, one: Person) -> tuple[str, Fact] | None:
    for phone in one.customer.phones:
        d = phone.number[2:]
        dots, dashes = f"{d[:3]}.{d[3:6]}.{d[6:]}", f"{d[:3]}-{d[3:6]}-{d[6:]}"
        text = dice.choice((d, f"({d[:3]}) {d[3:6]}-{d[6:]}", dots, dashes, f"+1 {dashes}", f"1{d}"))
        return text, Fact("phone", d)
    return None


def _phone_start(dice: random.Random, one: Person) -> tuple[str, Fact] | None:
    for phone in one.customer.phones:
        d = phone.number[2:8]
        return dice.choice((d, f"{d[:3]}-{d[3:]}", f"({d[:3]}) {d[3:]}")), Fact("phone start", d)
    return None


def _phone_end(dice: random.Random, one: Person) -> tuple[str, Fact] | None:
    for phone in one.customer.phones:
        return phone.number[-4:], Fact("phone end", phone.number[-4:])
    return None


def _email(dice: random.Random, one: Person) -> tuple[str, Fact] | None:
    for email in one.customer.emails:
        return dice.choice((email, email.upper())), Fact("email", email)
    return None


def _email_local(dice: random.Random, one: Person) -> tuple[str, Fact] | None:
    for email in one.customer.emails:
        return local_part(email), Fact("local part", local_part(email))
    return None


def _email_letters(dice: random.Random, one: Person) -> tuple[str, Fact] | None:
    for email in one.customer.emails:
        if len(email_letters(email)) >= 4:
            return email_letters(email), Fact("local letters", email_letters(email))
    return None


def _plate(dice: random.Random, one: Person) -> tuple[str, Fact] | None:
    plate = one.vehicles[0].plate
    confused = [at for at, letter in enumerate(plate) if letter in _LOOK_ALIKES]
    if not confused:
        return None
    at = dice.choice(confused)
    typed = plate[:at] + _LOOK_ALIKES[plate[at]] + plate[at + 1 :]
    return dice.choice((typed, typed.lower(), f"{typed[:3]} {typed[3:]}")), Fact("plate", _plain_plate(plate))


def _vin_end_8(dice: random.Random, one: Person) -> tuple[str, Fact] | None:
    return one.vehicles[0].vin[-8:], Fact("vin end 8", one.vehicles[0].vin[-8:])


def _vin_end_6(dice: random.Random, one: Person) -> tuple[str, Fact] | None:
    return one.vehicles[0].vin[-6:], Fact("vin end 6", one.vehicles[0].vin[-6:])


def _two_word_surname(dice: random.Random, one: Person) -> tuple[str, *tuple[Fact, ...]] | None:
    surname, given = one.truth.surname, one.truth.given
    words = surname.split()
    if len(words) < 2:
        return None
    joined = "".join(words)
    texts = (f"{given} {surname}", f"{given} {joined}", f"{surname} {given}", f"{given} {words[-1]}")
    choice = dice.randrange(len(texts) + 2)
    if choice < len(texts):
        by_last_word = Fact("name entered", f"{given} {words[-1]}")
        facts = (*_names(one), by_last_word) if texts[choice] == by_last_word.value else _names(one)
        return texts[choice], *facts
    return (surname, joined)[choice - len(texts)], Fact("surname", surname)


def _accents(dice: random.Random, one: Person) -> tuple[str, Fact, Fact] | None:
    """Half with accents that the record lacks, half without those that it has."""
    entered = f"{one.customer.first_name} {one.customer.last_name}"
    plain = f"{one.truth.given} {one.truth.surname}"
    if not entered.isascii():
        return plain, *_names(one)
    if dice.random() < 0.9:
        return None
    at = [index for index, letter in enumerate(plain) if letter in _ACCENTED]
    index = dice.choice(at)
    return plain[:index] + _ACCENTED[plain[index]] + plain[index + 1 :], *_names(one)


def _extension(dice: random.Random, one: Person) -> tuple[str, Fact] | None:
    for phone in one.customer.phones:
        d = phone.number[2:]
        number = dice.choice(
            (f"+1 ({d[:3]}) {d[3:6]}-{d[6:]}", f"{d[:3]}-{d[3:6]}-{d[6:]}", f"({d[:3]}) {d[3:]}")
        )
        behind = dice.choice((" x12", " ext. 12", " #12", ", ext 204", ";ext=7", " extension 31"))
        return number + behind, Fact("phone", d)
    return None


def _plate_with_state(dice: random.Random, one: Person) -> tuple[str, Fact] | None:
    plate = one.vehicles[0].plate
    if plate.isalpha():
        return None
    return dice.choice((f"CA {plate}", f"{plate} CA", f"California {plate}", f"{plate} BC")), _fact_of(plate)


def _plate_of_letters(dice: random.Random, one: Person) -> tuple[str, Fact] | None:
    plate = one.vehicles[0].plate
    return (dice.choice((plate, plate.lower())), _fact_of(plate)) if plate.isalpha() else None


def _fact_of(plate: str) -> Fact:
    return Fact("plate", _plain_plate(plate))


def _nickname_and_edit(dice: random.Random, one: Person) -> tuple[str, *tuple[Fact, ...]] | None:
    """A nickname of one entered as baptised, or the other way round; a typo in the surname."""
    drawn = _nickname(dice, one)
    surname = one.truth.surname
    if drawn is None or len(surname) < 4 or " " in surname:
        return None
    given = drawn[0].removesuffix(f" {surname}")
    typed = f"{given} {edited(dice, surname)}"
    return typed, *drawn[1:], Fact("name start", typed)


def _two_edits(dice: random.Random, one: Person) -> tuple[str, Fact, Fact] | None:
    given, surname = fold(one.customer.first_name), one.truth.surname
    if min(len(given), len(surname)) < 4 or " " in f"{given}{surname}":
        return None
    return _mistyped_name(f"{edited(dice, given)} {edited(dice, surname)}", given, surname)


def _transliterated(dice: random.Random, one: Person) -> tuple[str, Fact, Fact] | None:
    entered = f"{one.customer.first_name} {one.customer.last_name}"
    typed = spelled_out(entered)
    return (typed, *_names(one)) if typed != entered else None


def _mailbox(dice: random.Random, one: Person) -> tuple[str, Fact] | None:
    """Another spelling of the mailbox than the one on file."""
    for email in one.customer.emails:
        local, _, domain = email.partition("@")
        typed = [f"{local.partition('+')[0]}@{domain}", f"{local.partition('+')[0]}+new@{domain}"]
        if domain == "gmail.com":
            bare = local.replace(".", "")
            typed = [f"{bare}@{domain}", f"{bare[0]}.{bare[1:]}@{domain}", f"{local}@googlemail.com"]
        different = [one for one in typed if one != email]
        return dice.choice(different), Fact("mailbox", mailbox(email))
    return None


def _order_number(dice: random.Random, one: Person) -> tuple[str, Fact]:
    number = dice.choice(one.order_numbers).removeprefix("RO-")
    typed = dice.choice((f"RO {number}", f"RO-{number}", f"#{number}", f"ro{number}", f"RO #{number}"))
    return typed, Fact("order number", number)


def _word_of_both_names(dice: random.Random, one: Person) -> tuple[str, Fact] | None:
    """A surname that is a given name, too: whoever is called so by surname comes first."""
    surname = one.truth.surname
    is_both = is_given_name(surname) and surname_frequency(surname) > RARE_SURNAME and len(surname) >= 4
    return (surname, Fact("surname word", surname)) if is_both else None


KINDS: dict[str, tuple[Maker, Criterion | None]] = {
    "edit in first name": (_edit_in_given, None),
    "edit in surname": (_edit_in_surname, None),
    "edit in street": (_edit_in_street, None),
    "street as typed": (_street_as_typed, None),
    "swapped order": (_swapped, None),
    "nickname": (_nickname, None),
    "start of a word": (_start_of_word, Criterion.NAME),
    "start of a name": (_start_of_name, None),
    "two-word surname": (_two_word_surname, None),
    "accents": (_accents, None),
    "phone whole": (_phone_whole, None),
    "phone first 6": (_phone_start, Criterion.PHONE),
    "phone last 4": (_phone_end, Criterion.PHONE),
    "e-mail whole": (_email, None),
    "e-mail local part": (_email_local, Criterion.EMAIL),
    "e-mail letters only": (_email_letters, Criterion.EMAIL),
    "plate": (_plate, Criterion.PLATE),
    "VIN last 8": (_vin_end_8, None),
    "VIN last 6": (_vin_end_6, Criterion.VIN),
    "phone with extension": (_extension, None),
    "plate with state": (_plate_with_state, None),
    "plate of letters": (_plate_of_letters, None),
    "nickname and edit": (_nickname_and_edit, None),
    "transliteration": (_transliterated, None),
    "mailbox": (_mailbox, None),
    "number of an RO": (_order_number, None),
    "last 4 of a phone, no criterion": (_phone_end, None),
    "word of both names": (_word_of_both_names, None),
    "edit in both names": (_two_edits, None),
}
"""The criterion is picked where the shape would ask for other things, too."""
