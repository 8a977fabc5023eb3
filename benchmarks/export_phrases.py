"""What technicians write about customers, made up: sentences to plant in service titles, and disguises."""

from collections.abc import Callable, Iterator
from random import Random

from crossbay.exports.person import PersonalValues
from crossbay.exports.words import is_everyday, section

WORK = (
    "front brakes squeak", "oil change", "check engine light on", "replace water pump", "rotate tires",
    "A/C blows warm", "noise over bumps", "battery keeps dying", "recheck coolant leak", "90k service",
    "diagnose no start", "alignment pulls right", "tire plug LF", "state inspection", "trans slips 2nd gear",
)  # fmt: skip

BESIDE_A_PERSON = (
    "Mrs {0} says {w}", "Mr. {0}: {w}", "Ms {0} states {w}", "customer {0} says {w}", "cust {0} {w}",
    "{w} - {0} says it is worse cold", "{0} states {w}", "{0} wants {w}", "{w}, call {0} when done",
    "told {0} about {w}", "spoke with {0}, {w}", "spoke to {0} re {w}", "{w} (owner {0})",
    "{0}'s car {w}", "{w} per customer {0}", "{0} will wait, {w}", "{0} declined, {w}",
    "{0} called about {w}", "mr {0} requests {w}", "{w}. Mr and Mrs {0} complained", "client: {0} / {w}",
    "{0} is waiting - {w}", "{w} for Mrs. {0}", "ask {0} before {w}", "{0} reports {w}",
    "{0} noticed {w}", "{w} text {0}", "{0}'s wife says {w}", "{0} complains of {w}",
    "{0} hears noise, {w}", "contact {0} - {w}", "{w} {0} said ok", "customer name {0} {w}",
    "{0} dropped off, {w}", "{w} see Mr {0}", "thank you {0} {w}", "{0} asked us to {w}",
    "owner is {0}, {w}", "{0} brought own parts, {w}", "attn {0} {w}", "{0} picked up, {w}",
    "Miss {0}: {w}", "{w}. Mrs {0} was told next visit", "{0} brought in for {w}", "cust. {0} - {w}",
    "Customer ({0}) requests {w}", "as discussed w/ Mr {0}: {w}", "{w} at request of {0}",
    "{w}, advised {0}", "{0} advised of {w}", "{0} is picking up at 5, {w}", "{w} - {0} aware",
    "notified {0} of {w}", "left voicemail for {0} {w}", "{0} left message, {w}", "{0} would like {w}",
    "{0} thinks {w}", "{0}'s daughter drives it, {w}", "Sold to {0}: {w}", "emailed {0} estimate {w}",
    "{0} to return for {w}", "Ms. {0} concern: {w}", "for Mr {0}: {w}", "{w} ({0} waiting)",
    "{0}'s truck {w}", "vehicle of {0} {w}", "belongs to {0}, {w}", "{0} residence pickup {w}",
    "will call {0} re {w}", "{w} called {0} 2x", "reminded {0}", "vm {0} {w}", "lvm for {0}",
)  # fmt: skip
"""A name that is an everyday word as well is found in these."""

OF_NO_MAKE = (
    "{0} approved {w} by phone", "{0} drives 80 miles a day, {w}", "{w} {0} paid cash",
    "{0} authorized {w}", "{w} - {0} ok", "per {0} {w}", "{w} ok'd by {0}", "approved by {0} {w}",
    "picked up by {0}, {w}", "{0} supplied parts {w}",
)  # fmt: skip
"""The same, unless the name is a make or a unit: `Ford approved` is said of fluids, `per day` of prices."""

ANYWHERE = (
    "{0} {w}", "{w} {0}", "{w} / {0}", "{w} for {0}", "{0}: {w}", "{0}-{w}", "({0}) {w}", "{0}",
    "{w} {0} comeback", "2014 {0} {w}", "{w}#{0}", "*{0}* {w}", "{0} fleet unit {w}", "{w} w/ {0} ok",
    "{w} @ {0}", "{w}_{0}", "re-do {0} job", "{0} came back, {w}", "warranty {0} {w}",
)  # fmt: skip

PHONE_FRAMES = (
    "call {0} {w}", "{w} {0}", "{0}", "ph {0} when done", "cell:{0} {w}", "{w}(call {0})", "tel. {0}/{w}",
    "text {0} - {w}", "# {0}",
)  # fmt: skip
EMAIL_FRAMES = ("{0}", "{w} {0}", "send photos to {0}, {w}", "email:{0}", "{w}<{0}>", "e-mail {0} {w}")
STREET_FRAMES = (
    "at {0} {w}", "{w} tow from {0}", "deliver to {0} {w}", "{0}", "pick up {0}, {w}", "mobile {w} @ {0}",
)  # fmt: skip
OF_ANYBODY = (
    "SSN 123-45-6789", "ssn: 123 45 6789", "Social Security 123456789, {w}", "SS# 123-45-6789",
    "{w} 321-54-9876",
    "SSN last 4 6789", "S.S.N. 123-45-6789 {w}", "social insurance no 046 454 286",
    "DOB 3/4/1961", "D.O.B. 03-04-61 {w}", "born 3/4/1961", "date of birth: March 4 1961", "{w}, dob 1961",
    "birthday 3/4", "birth date is 19610304", "DL WDL1234567B", "DL# D1234567 {w}",
    "driver's license 12345678",
    "passport no 123456789", "Visa ending in 4242", "card ending 4242 {w}", "cc 4111 1111 1111 1111",
    "{w} MC xxxx-xxxx-xxxx-5454 card **** 5454", "lives at 4410 Yakima Ave", "{w}, home: 12 Alder St",
    "address is 77 Ninth St", "living at 8 Bay Rd, {w}",
)  # fmt: skip
"""Personal by its form, of nobody in the file."""

SAID_OF_SOMEBODY = (
    "Cust. {0} declined", "cust {0} declined {w}", "Spouse {1} waits", "wife {1} waiting",
    "husband {1} called",
    "customer {0} says {w}", "told {0} about {w}", "spoke with {1}, {w}", "owner {0} wants {w}",
    "daughter {1} picks it up, called {1}", "per {0} {w}", "call {1} when done",
)  # fmt: skip
"""Names of nobody in the file, {0} a surname, {1} a given name, both common and no words of shops."""

AMOUNT_FRAMES = (
    "told her {0} {w}", "{w} {0}", "quoted {0} for {w}", "{w} ({0})", "{0} {w}", "paid {0} cash", "={0} {w}",
)  # fmt: skip

_NOT_AFTER_PER = section("everyday makes") | section("counted")
Disguise = Callable[[str], str]


def _spaced(name: str) -> str:
    return " ".join(name)


def _dotted(name: str) -> str:
    return ".".join(name)


def _zero_width(name: str) -> str:
    return name[:2] + "\u200b" + name[2:]


def _full_width(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


def _accented(name: str) -> str:
    return name.replace("e", "é").replace("o", "ö").replace("a", "á").replace("n", "ñ")


def _plural(name: str) -> str:
    """But not where that is a word of its own: `Trans`."""
    return name if is_everyday(f"{name}s".lower()) else f"{name}s"


def _torn(name: str) -> str:
    """In two, but not where both halves are words of their own, which then name nobody."""
    halves = name[:3], name[3:]
    return name if all(len(half) == 1 or is_everyday(half.lower()) for half in halves) else " ".join(halves)


NAME_DISGUISES: tuple[Disguise, ...] = (
    str, str.upper, str.lower, str.title, _accented, _full_width, _zero_width, _spaced, _dotted,
)  # fmt: skip
UNKNOWN_NAME_DISGUISES: tuple[Disguise, ...] = (
    lambda name: f"{name}'s", _plural, lambda name: f"{name[:2]}-{name[2:]}",
    _torn, lambda name: f"{name}brakes", lambda name: f"{name}2",
)  # fmt: skip
"""Of a name that is no everyday word."""


def phones(digits: str) -> tuple[str, ...]:
    """Notations of a ten-digit number, the area code left out as well."""
    area, middle, last = digits[:3], digits[3:6], digits[6:]
    return (
        digits, f"{area} {middle} {last}", f"({area}) {middle}-{last}", f"{area}.{middle}.{last}",
        f"+1 {area} {middle} {last}", f"1-{area}-{middle}-{last}", f"{middle}-{last}", f"{middle} {last}",
        f"{middle}{last}", f"{middle}.{last}",
        f"{area}/{middle}/{last}", _full_width(digits),
        " ".join(digits),
               f"{area}-{middle}{last}", f"{area}{middle}-{last}", f"({area}){middle}{last}",
        f"{area} - {middle} - {last}",
        f"{area}\u00a0{middle}\u00a0{last}", f"{area}\u2011{middle}\u2011{last}", f"{middle} - {last} x2",
    )  # fmt: skip


def amounts(cents: int) -> tuple[str, ...]:
    plain = f"{cents / 100:.2f}"
    with_commas = f"{cents / 100:,.2f}"
    found = [f"${plain}", f"$ {plain}", f"${with_commas}", f"{plain} dollars", f"USD {plain}", f"{plain}$"]
    return (*found, f"${cents // 100}", f"{cents // 100} bucks") if cents % 100 == 0 else tuple(found)


def more_amounts(cents: int) -> tuple[str, ...]:
    """As people from elsewhere write money, and whole amounts without a sign."""
    plain = f"{cents / 100:.2f}"
    whole = str(cents // 100)
    found = [f"€{plain}", f"EUR {plain}", f"{plain} €", f"CAD {plain}", f"£{plain}"]
    if cents % 100:
        return tuple(found)
    return (
        *found, f"€{whole}", f"{whole},-", f"{whole},- flat", f"{whole}.-", f"{whole} flat",
        f"{whole} cash", f"{whole} + tax", f"quoted {whole}", f"charged him {whole}",
        f"paid {whole} last time",
    )  # fmt: skip


def with_initials(person: PersonalValues) -> tuple[str, ...]:
    """Initial and surname run together."""
    initial, surname = person.given_name[:1], person.surname.replace(" ", "")
    return (
        f"{initial}{surname}", f"{initial}{surname}".lower(), f"{surname}{initial}", f"{initial}.{surname}",
        f"{initial}-{surname}", f"{initial}{surname}".upper(),
    )  # fmt: skip


def with_half(given: str, first: str, second: str) -> tuple[str, ...]:
    """Initials and a part of a double surname; initials alone."""
    a, b, c = given[0], first[0], second[0]
    return (
        f"{a}{first}", f"{a}{second}".lower(), f"{a} {first}", f"{a}. {second}", f"{first}{a}",
        f"{a}.{second}", f"{a}{first}-{c}", f"{a}{first}{c}".lower(), f"{a}{b}{second}".lower(),
        f"{first}-{c}", f"{b}{second}",
        f"per {a}. {b}-{c}", f"{a}.{b}.{c}.", f"{a}{b}{c}".lower(), f"told {b}-{c}", f"{b}-{c} declined",
        f"{given}{b}", f"{given}{b}{c}".lower(),
    )  # fmt: skip


def torn(rng: Random, person: PersonalValues) -> Iterator[tuple[str, str]]:
    """A name over two titles of one row."""
    surname, given = person.surname, person.given_name
    if len(surname) > 5 and _torn(surname) != surname:
        yield f"{rng.choice(WORK)} {surname[:3]}", f"{surname[3:]} {rng.choice(WORK)}"
    if " " in surname:
        first, _, last = surname.partition(" ")
        yield f"{rng.choice(WORK)} {first}", f"{last} {rng.choice(WORK)}"
    yield f"{rng.choice(WORK)} for {given}", f"{surname}, {rng.choice(WORK)}"
    yield f"{rng.choice(WORK)}, see Mrs", f"{surname} next time"


def emails(email: str) -> tuple[str, ...]:
    local, _, domain = email.partition("@")
    return (
        email, email.upper(), f"{local} @ {domain}", f"{local}@{domain}.", f"mailto:{email}",
        f"{local} at {domain.replace('.', ' dot ')}", f"{local}(at){domain}", _full_width(email),
    )  # fmt: skip


def streets(number: str, name: str, suffix: str) -> tuple[str, ...]:
    """suffix: one of the common ones, in full."""
    short = {"Street": "St", "Avenue": "Ave", "Road": "Rd", "Lane": "Ln", "Drive": "Dr"}[suffix]
    return (
        f"{number} {name} {suffix}", f"{number} {name} {short}", f"{number} {name.upper()} {short}.",
        f"{number} N {name} {short}", f"{number}, {name} {suffix}", f"{number} {name} {short} Apt 4",
    )  # fmt: skip


def canaries(rng: Random, person: PersonalValues, *, is_everyday: bool) -> Iterator[tuple[str, str]]:
    """Titles that name the person, each with the kind of value. is_everyday: the surname is such a word."""

    def filled(frame: str, value: str) -> str:
        return frame.format(value, w=rng.choice(WORK))

    surname, given = person.surname, person.given_name
    frames = (*BESIDE_A_PERSON, *(() if surname.lower() in _NOT_AFTER_PER else OF_NO_MAKE))
    frames += () if is_everyday else ANYWHERE
    disguises = NAME_DISGUISES[:7] if is_everyday else (*NAME_DISGUISES, *UNKNOWN_NAME_DISGUISES)
    for frame in frames:
        yield "surname", filled(frame, rng.choice(disguises)(surname))
        yield "full name", filled(frame, f"{given} {rng.choice(NAME_DISGUISES[:4])(surname)}")
        yield "name reversed", filled(frame, f"{rng.choice(NAME_DISGUISES[:4])(surname)}, {given}")
    for number in person.phones:
        for notation in phones(number[-10:]):
            yield "phone", filled(rng.choice(PHONE_FRAMES), notation)
    for email in person.emails:
        for notation in emails(email):
            yield "e-mail", filled(rng.choice(EMAIL_FRAMES), notation)
    for street in person.streets:
        number, name, suffix = street.rsplit(" ", 2) if street.count(" ") == 2 else ("", "", "")
        for notation in streets(number, name, suffix) if number else ():
            yield "street", filled(rng.choice(STREET_FRAMES), notation)
    for cents in person.amounts_cents:
        for notation in amounts(cents):
            yield "amount", filled(rng.choice(AMOUNT_FRAMES), notation)
