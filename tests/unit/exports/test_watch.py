"""What of a person is found in the text that technicians type, and what is no person (C22)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.address import Address
from crossbay.domain.customers.customer import Phone
from crossbay.exports.cells import across, ascii_cell
from crossbay.exports.kinds import PersonalKind
from crossbay.exports.name_watch import CLEAN, Clean, Doubtful, Leak, Verdict, Watch
from crossbay.exports.person import PersonalValues, personal_values
from crossbay.exports.words import is_everyday
from tests.unit.exports.records import customer, job, order

LOPEZ = PersonalValues(
    given_name="Rosa",
    surname="Lopez",
    phones=("+12065550100",),
    emails=("lopez.auto@example.com",),
    streets=("12 Alder St",),
    amounts_cents=frozenset({41_250}),
)
BROWN = PersonalValues(given_name="Robert", surname="Brown", streets=("400 Park Avenue",))
FORD = PersonalValues(given_name="Ann", surname="Ford", streets=("8 Wheel Road",))


def _full_width(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if letter != " " else letter for letter in text)


def verdict(title: str, *people: PersonalValues, number: str = "1001") -> Verdict:
    """Of a row with this title in a file whose ROs are these people's."""
    watch = Watch()
    watch.note_cells((number, title))
    for person in people:
        watch.note_person(person)
    return watch.verdict((number, title))


def named(given_name: str, surname: str) -> PersonalValues:
    return PersonalValues(given_name=given_name, surname=surname)


@pytest.mark.rule("C22")
@pytest.mark.parametrize(
    "title",
    [
        "Mrs Lopez says brakes squeak",
        "LOPEZ/BRAKES",
        "Lopez's brakes",
        "brakes for lopéz",
        _full_width("Lopez brakes"),
        "L O P E Z brakes",
        "L.O.P.E.Z. brakes",
        "Lo-pez brakes",
        "Lo\u200bpez brakes",
        "lopezbrakes",
        "lopez2",
        "Rosa Lopez",
        "Lopez, Rosa",
        "rosalopez",
        "the Lopezes",
        "2014 Lopez oil change",
        "call 206 555 0100",
        "call 555-0100",
        "(206)5550100",
        "206.555.0100",
        "+1 206 5550100",
        "2 0 6 5 5 5 0 1 0 0",
        "ph 5550100",
        _full_width("206 555 0100"),
        "five five five oh one zero zero",
        "2O6 555 O1OO",
        "lopez.auto@example.com",
        "LOPEZ.AUTO@EXAMPLE.COM",
        "lopez.auto at example dot com",
        "lopez auto",
        "at 12 Alder St",
        "12 alder street",
        "12 N. Alder",
        "Alder St tow",
        "tow from Alder Street",
        "told her $412.50",
        "quoted $ 412.50",
        "412.50 dollars",
        "USD 412.50",
        "it was 412.50",
        "told her 412.50 for tires",
        "412,50 $ en tout",
        "$412.50/ea",
    ],
)
def test_a_persons_value_in_a_title_is_a_leak(title: str) -> None:
    assert isinstance(verdict(title, LOPEZ), Leak)


@pytest.mark.rule("C22")
@pytest.mark.parametrize("cell", ["Lopez", "RO-LOPEZ", "5550100-2065550100", "12 Alder St"])
def test_a_person_hidden_in_the_ro_number_is_a_leak(cell: str) -> None:
    assert isinstance(verdict("Oil change", LOPEZ, number=cell), Leak)


@pytest.mark.rule("C22")
@pytest.mark.parametrize(
    "title",
    [
        "Oil change per Ford spec",
        "Ford Focus brakes",
        "Ford",
        "FORD",
        "Brown smoke, 400 miles",
        "Park lamp",
        "Four wheel alignment",
        "2 wheel drive",
        "Long Ford crank",
        "Ford approved fluid",
        "Ford calls for 5W-20",
        "5.7L V8",
        "P0420",
        "225/65R17 102",
        "245-45-18",
        "oil change $39.95",
        "rotor 412.50 mm",
        "Customer states brakes squeal",
        "Customer's Ford pulls left",
        "8 wheel nuts",
        "Buick Park Avenue",
        "Road test",
    ],
)
def test_a_word_that_is_a_name_too_is_no_alarm_by_itself(title: str) -> None:
    assert verdict(title, LOPEZ, BROWN, FORD) == Clean()


@pytest.mark.rule("C22")
@pytest.mark.parametrize(
    "title",
    [
        "Mr Ford wants 5W-20",
        "Mrs. Ford: brakes",
        "customer Ford says noise",
        "Ford says noise",
        "told Ford",
        "spoke with Ford",
        "Ford is waiting",
        "Ford's wife called",
        "Ann Ford brakes",
        "Ford, Ann",
        "Mr A Ford",
        "FORD STATES NOISE",
        "per customer: Ford",
        "at 400 Park",
        "400 Park Ave",
        "8 wheel rd",
    ],
)
def test_the_same_word_beside_a_word_for_a_person_is_a_leak(title: str) -> None:
    assert isinstance(verdict(title, BROWN, FORD), Leak)


@pytest.mark.rule("C22")
@pytest.mark.parametrize("title", ["Bob Brown brakes", "Brown, Bob", "Bob J Brown", "Rob Brown"])
def test_a_nickname_beside_its_surname_is_a_leak(title: str) -> None:
    assert isinstance(verdict(title, BROWN), Leak)


@pytest.mark.rule("C22")
@pytest.mark.parametrize(
    "title", ["Rosa brakes", "call Bob", "call 206-555-0199", "info@example.org", "Mrs Quill says noise"]
)
def test_what_may_be_somebodys_is_doubtful(title: str) -> None:
    assert isinstance(verdict(title, LOPEZ, BROWN), Doubtful)


@pytest.mark.parametrize("title", ["Li oil change", "al brakes"])
def test_a_name_of_two_letters_counts_beside_a_word_for_a_person_alone(title: str) -> None:
    people = (named("Al", "Quill"), named("Mei", "Li"))

    assert verdict(title, *people) == CLEAN
    assert isinstance(verdict(f"Mr {title}", *people), Leak)


@pytest.mark.parametrize(
    ("surname", "title"),
    [
        *(("O'Brien", "obrien brakes"), ("O'Brien", "O Brien brakes"), ("De La Cruz", "delacruz brakes")),
        *(
            ("De La Cruz", "cruz brakes"),
            ("García-López", "Lopez brakes"),
            ("Mac Donald", "MacDonald brakes"),
        ),
        *(
            ("Nguyễn", "nguyen brakes"),
            ("Möllner", "Moellner brakes"),
            ("St. John", "StJohn brakes"),
            ("Van Houten", "Van-Houten brakes"),
        ),
    ],
)
def test_a_surname_of_several_words_or_marks_is_found_however_it_is_written(surname: str, title: str) -> None:
    assert isinstance(verdict(title, named("Quillon", surname)), Leak)


@pytest.mark.parametrize(
    ("company", "title", "is_found"),
    [
        ("Blue Heron Plumbing LLC", "Blue Heron van 4", True),
        ("Blue Heron Plumbing LLC", "blueheronplumbing unit 2", True),
        ("Blue Heron Plumbing LLC", "blue coolant", False),
        ("Ironbark Inc", "Ironbark oil change", True),
        ("Joe's Pizzeria", "Joe's Pizzeria van", True),
        ("Express Oil Change", "Express oil change", False),
        ("Express Oil Change", "customer Express Oil Change", True),
        ("Ford Motor Company", "Ford motor oil", False),
    ],
)
def test_a_company_is_known_by_its_own_words_together(company: str, title: str, is_found: bool) -> None:
    assert isinstance(verdict(title, PersonalValues(company_name=company)), Leak) is is_found


@pytest.mark.rule("C22")
def test_anyones_value_counts_in_every_row() -> None:
    watch = Watch()
    rows = (("1", "Oil change"), ("2", "Lopez says ok"))
    for row in rows:
        watch.note_cells(row)
    watch.note_person(BROWN)
    watch.note_person(LOPEZ)

    assert [type(watch.verdict(row)) for row in rows] == [Clean, Leak]
    assert watch.people == 2


def test_a_bare_number_in_the_ro_number_is_no_phone_number() -> None:
    assert verdict("Oil change", LOPEZ, number="5550100") == CLEAN
    assert verdict("Oil change", LOPEZ, number="RO-5550100") == CLEAN
    assert isinstance(verdict("Oil change", LOPEZ, number="2065550100"), Leak)


@pytest.mark.parametrize(
    "long", ["x" * 9_000, "a b " * 3_000, "12 " * 3_000, "brakes-" * 2_000, "1.5 @ " * 2_000]
)
def test_a_name_at_the_end_of_a_very_long_title_is_found(long: str) -> None:
    assert isinstance(verdict(f"{long} Lopez", LOPEZ), Leak)
    assert verdict(f"{long} brakes", LOPEZ) == CLEAN


def test_a_cell_that_wasnt_noted_has_no_verdict() -> None:
    watch = Watch()
    watch.note_cells(("1", "Oil change"))
    watch.note_person(LOPEZ)

    with pytest.raises(ValueError, match="wasn't noted"):
        watch.verdict(("1", "Lopez"))


def test_cells_are_noted_before_people() -> None:
    watch = Watch()
    watch.note_person(LOPEZ)

    with pytest.raises(ValueError, match="before people"):
        watch.note_cells(("1", "Oil change"))


def test_a_verdict_names_its_text_to_the_shop_and_not_to_a_log() -> None:
    found = verdict("Mrs Lopez says ok", LOPEZ)

    assert isinstance(found, Leak)
    assert found.cell == "Mrs Lopez says ok"
    assert "Lopez" not in f"{found!r} {found.words}"


def test_personal_values_are_all_of_an_ros_person_and_its_amounts() -> None:
    whose = customer(
        company_name="Ironbark",
        phones=(Phone(number="+12065550101"),),
        billing_address=Address(line1="12 Alder St", line2="Apt 4"),
    )

    found = personal_values(order(job("Oil change", 41_250), job("Tires", 50_000)), whose)

    assert (found.given_name, found.surname, found.company_name) == ("Rosa", "Lopez", "Ironbark")
    assert found.streets == ("12 Alder St", "Apt 4")
    assert found.amounts_cents == {41_250, 36_250, 5_000, 50_000, 45_000, 91_250}


# ---- whatever the name and the phrasing

_SURNAME = st.text("abcdefghijklmnopqrstuvwxyz", min_size=4, max_size=12).filter(
    lambda name: not is_everyday(name)
)
_WORK = st.sampled_from(("front brakes", "oil change", "noise at 40 mph", "A/C", "P0420", ""))
_MARK = st.sampled_from((" ", "/", "-", ", ", ": ", " (", "_", "...", "\t", "\u00a0", " \u200b", "#"))
_DISGUISE = st.sampled_from(
    (
        *(str.upper, str.title, str.lower, lambda name: f"{name}'s", lambda name: " ".join(name)),
        *(lambda name: ".".join(name), lambda name: f"{name[:2]}\u200b{name[2:]}", lambda name: f"{name}7"),
        *(
            lambda name: name.replace("e", "é").replace("o", "ø"),
            lambda name: f"{name}s",
            lambda name: f"{name}\u2019s",
        ),
    )
)
_DIGITS = st.integers(min_value=0, max_value=9_999).map(lambda number: f"206555{number:04}")
_PHONE = st.sampled_from(
    (
        *("{0}{1}{2}", "{0} {1} {2}", "({0}) {1}-{2}", "{0}.{1}.{2}", "{1}-{2}", "{1} {2}", "{1}{2}"),
        *("+1{0}{1}{2}", "1 ({0}) {1} {2}", "{0}/{1}/{2}", "{0}-{1}{2}", "{1}.{2}"),
    )
)


@pytest.mark.rule("C22")
@given(name=_SURNAME, disguise=_DISGUISE, before=_WORK, after=_WORK, marks=st.tuples(_MARK, _MARK))
def test_a_surname_never_gets_through(
    name: str, disguise: object, before: str, after: str, marks: tuple[str, str]
) -> None:
    assert callable(disguise)
    title = f"{before}{marks[0]}{disguise(name)}{marks[1]}{after}"

    assert verdict(title, named("Rosa", name)) != CLEAN


@pytest.mark.rule("C22")
@given(digits=_DIGITS, notation=_PHONE, before=_WORK, marks=st.tuples(_MARK, _MARK))
def test_a_phone_number_never_gets_through(
    digits: str, notation: str, before: str, marks: tuple[str, str]
) -> None:
    said = notation.format(digits[:3], digits[3:6], digits[6:])
    person = PersonalValues(phones=(f"+1{digits}",))

    assert verdict(f"{before} call{marks[0]}{said}{marks[1]}", person) != CLEAN


@pytest.mark.rule("C22")
@given(
    cents=st.integers(min_value=1, max_value=9_999_999),
    notation=st.sampled_from(("${0}", "$ {0}", "{0} dollars", "USD {0}", "{0}$", "({0} usd)", "=${0}")),
    before=_WORK,
)
def test_an_amount_as_money_never_gets_through(cents: int, notation: str, before: str) -> None:
    person = PersonalValues(amounts_cents=frozenset({cents}))

    for said in (f"{cents / 100:.2f}", f"{cents / 100:,.2f}"):
        assert verdict(f"{before} told her {notation.format(said)}", person) != CLEAN


@pytest.mark.rule("C22")
@given(
    number=st.integers(min_value=1, max_value=99_999),
    name=_SURNAME,
    suffix=st.sampled_from(("St", "Road", "Ave")),
)
def test_a_street_never_gets_through(number: int, name: str, suffix: str) -> None:
    person = PersonalValues(streets=(f"{number} {name.title()} {suffix}",))

    for title in (
        f"tow from {number} {name}",
        f"{name.upper()} {suffix}. tow",
        f"at {number} W {name} {suffix}",
    ):
        assert verdict(title, person) != CLEAN


# ---- what a trial found


SMITH = PersonalValues(given_name="John", surname="Smith", emails=("jsmith@example.com",))
HUNDRED = PersonalValues(given_name="Rosa", surname="Lopez", amounts_cents=frozenset({10_000}))


@pytest.mark.rule("C22")
@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("SSN 123-45-6789", PersonalKind.DOCUMENT),
        ("ssn: 123 45 6789", PersonalKind.DOCUMENT),
        ("social security last 4 6789", PersonalKind.DOCUMENT),
        ("paid, 123-45-6789", PersonalKind.DOCUMENT),
        ("driver's license WDL12345", PersonalKind.DOCUMENT),
        ("DOB 3/4/1961", PersonalKind.BIRTH),
        ("D.O.B. 03-04-61 oil change", PersonalKind.BIRTH),
        ("born March 4 1961", PersonalKind.BIRTH),
        ("Visa ending in 4242", PersonalKind.CARD),
        ("cc 4111 1111 1111 1111", PersonalKind.CARD),
        ("lives at 4410 Yakima Ave", PersonalKind.STREET),
        ("Cust. Garcia declined", PersonalKind.NAME),
        ("Spouse Ana waits", PersonalKind.NAME),
        ("per Garcia front brakes", PersonalKind.NAME),
        ("wife Zorblatt wants it back", PersonalKind.NAME),
    ],
)
def test_a_personal_value_of_nobody_in_the_file_is_doubtful_by_its_form(
    title: str, kind: PersonalKind
) -> None:
    found = verdict(title, LOPEZ)

    assert isinstance(found, Doubtful)
    assert found.kind is kind


@pytest.mark.rule("C22")
@pytest.mark.parametrize(
    "title",
    [
        *("€100", "100 €", "EUR 100.00", "£100", "100,-", "100,- flat", "100.- all in", "100 flat"),
        *("100 cash", "quoted 100", "charged him 100", "told her $100", "C$100"),
    ],
)
def test_an_amount_is_found_in_any_notation_as_it_stands_in_the_file(title: str) -> None:
    found = verdict(ascii_cell(title), HUNDRED)

    assert isinstance(found, Leak)
    assert found.kind is PersonalKind.AMOUNT


@pytest.mark.rule("C22")
@pytest.mark.parametrize(
    "title",
    [
        *("100 flat repair", "flat rate 100", "torque 100 Nm", "100,000 mile service", "100k service"),
        *("charged 100 psi", "quoted 100% synthetic", "205/55R16 100"),
    ],
)
def test_a_number_of_something_else_is_no_amount(title: str) -> None:
    assert verdict(ascii_cell(title), HUNDRED) is CLEAN


@pytest.mark.rule("C22")
@pytest.mark.parametrize("written", ["JSmith", "jsmith", "SmithJ", "J.Smith", "J-Smith", "J Smith", "JSMITH"])
def test_initial_and_surname_are_a_name_however_they_are_run_together(written: str) -> None:
    for title in (f"brakes {written}", f"{written} waiting", f"for {written}"):
        found = verdict(title, SMITH)

        assert isinstance(found, Leak)
        assert found.kind is PersonalKind.NAME, "and no e-mail address"


@pytest.mark.rule("C22")
@pytest.mark.parametrize(
    ("given_name", "surname", "written"),
    [
        *(
            ("Rosa", "Delacourt-Nguyen", written)
            for written in (
                "rdelacourt", "R Delacourt", "RNguyen", "nguyenr", "RDelacourt-N", "rdnguyen", "delacourtn",
                "D-Nguyen",
            )
        ),
        ("Rosa Maria", "Garcia Lopez", "rgarcia"),
        ("Rosa Maria", "Garcia Lopez", "rmlopez"),
        ("Ludwig", "van der Berg", "lberg"),
        ("Ludwig", "van der Berg", "lvdberg"),
        ("Ann", "Long-Baker", "alongb"),
    ],
)  # fmt: skip
def test_a_part_of_a_double_surname_with_initials_is_a_name(
    given_name: str, surname: str, written: str
) -> None:
    for title in (f"brakes {written}", f"{written} waiting", f"for {written}"):
        assert isinstance(verdict(title, named(given_name, surname)), Leak)


def two_titles(first: str, second: str, *people: PersonalValues) -> Verdict:
    cells = ("1001", first, second, across(first, second))
    watch = Watch()
    watch.note_cells(cells)
    for person in people:
        watch.note_person(person)
    return watch.verdict(cells)


@pytest.mark.rule("C22")
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("brakes for Lo", "pez front"),
        ("front brakes, see Mrs", "Brown next time"),
        ("brakes for Robert", "Brown, oil change"),
    ],
)
def test_a_name_over_two_titles_is_found(first: str, second: str) -> None:
    assert two_titles(first, second, LOPEZ, BROWN) is not CLEAN


@pytest.mark.rule("C22")
@pytest.mark.parametrize(
    "titles",
    [
        ("Lincoln transmission service", "Ford recall 23S12"),
        ("Customer declined flush", "Ford dealer recall"),
        ("Oil change", "Brown sludge in coolant"),
        ("Alignment", "Park lamp"),
    ],
)
def test_titles_that_name_nobody_side_by_side_go(titles: tuple[str, str]) -> None:
    people = (BROWN, FORD, named("Abe", "Lincoln"), PersonalValues(surname="Park"))

    assert two_titles(*titles, *people) is CLEAN


@pytest.mark.rule("C22")
def test_a_verdict_says_which_word_and_no_log_shows_it() -> None:
    found = verdict("Same noise as Lopez had", LOPEZ)

    assert isinstance(found, Leak)
    assert (found.cell, found.word) == ("Same noise as Lopez had", "lopez")
    assert "opez" not in repr(found)


BORN = st.sampled_from(["3/4/1961", "03-04-1961", "1961-03-04", "3.4.61", "March 4, 1961", "19610304"])
CUES = st.sampled_from(["DOB", "dob:", "D.O.B.", "Date of birth", "born", "born on", "birthdate"])


@given(BORN, CUES, st.sampled_from(["", "oil change, "]), st.sampled_from(["", " brakes"]))
def test_a_date_of_birth_is_found_in_any_notation(date: str, cue: str, before: str, after: str) -> None:
    assert isinstance(verdict(f"{before}{cue} {date}{after}", LOPEZ), Doubtful)
