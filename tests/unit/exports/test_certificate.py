"""A file gets a certificate only when its own bytes name nobody and are laid out as CARFAX's (C22)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.partner import PartnerCode
from crossbay.exports.certificate import CHECKER_VERSION, NotCertified, certify
from crossbay.exports.name_watch import CLEAN, Watch
from crossbay.exports.partner import FileRun
from crossbay.exports.person import PersonalValues
from crossbay.exports.registry import PARTNERS
from crossbay.exports.service_record import ExportChange, ServiceRecord, service_record
from tests.unit.exports.records import SHOP, job, order

CARFAX = PARTNERS[PartnerCode.CARFAX]
LOPEZ = PersonalValues(given_name="Rosa", surname="Lopez", phones=("+12065550101",), streets=("12 Alder St",))
RUN = FileRun(account="0042", made_on=date(2026, 1, 7))


def record(*titles: str, **fields: Any) -> ServiceRecord:
    return replace(service_record(order(*map(job, titles)), SHOP, ExportChange.NEW), **fields)


def watch_over(records: Sequence[ServiceRecord], *people: PersonalValues) -> Watch:
    watch = Watch()
    for each in records:
        watch.note_cells(CARFAX.free_text(each))
    for person in people:
        watch.note_person(person)
    return watch


def file_of(records: Sequence[ServiceRecord]) -> bytes:
    return b"".join(CARFAX.partner.render(records, RUN))


def lines(content: bytes) -> list[bytes]:
    return content.splitlines(keepends=True)


@pytest.mark.rule("C22")
def test_a_file_without_a_leak_gets_a_certificate_of_its_hash() -> None:
    records = [record("Oil change", "Rotate tires"), record("Brakes", number="1002")]
    content = file_of(records)

    found = certify(lines(content), watch_over(records, LOPEZ), withheld_leaks=2, withheld_doubtful=1)

    assert found.file_sha256 == sha256(content).hexdigest()
    assert (found.size_bytes, found.lines, found.people) == (len(content), 3, 1)
    assert (found.withheld_leaks, found.withheld_doubtful) == (2, 1)
    assert found.checker_version == CHECKER_VERSION


@pytest.mark.rule("C22")
@pytest.mark.parametrize("cell", ["number", "make", "model", "sub_model", "engine"])
def test_a_name_in_any_cell_that_people_typed_is_refused(cell: str) -> None:
    records = [record("Oil change"), record("Brakes", **{cell: "Lopez"})]

    with pytest.raises(NotCertified, match="line 2"):
        certify(lines(file_of(records)), watch_over(records, LOPEZ))


@pytest.mark.rule("C22")
def test_rows_that_arent_clean_are_withheld_and_the_rest_is_certified() -> None:
    records = [record("Oil change"), record("Mrs Lopez says brakes"), record("call 206 555 0101")]
    watch = watch_over(records, LOPEZ)

    clean = [each for each in records if watch.verdict(CARFAX.free_text(each)) is CLEAN]

    assert clean == records[:1]
    assert certify(lines(file_of(clean)), watch).lines == 1
    with pytest.raises(NotCertified):
        certify(lines(file_of(records)), watch)


@pytest.mark.rule("C22")
def test_a_refusal_names_the_line_and_not_the_value() -> None:
    records = [record("Mrs Lopez says brakes")]

    with pytest.raises(NotCertified) as refused:
        certify(lines(file_of(records)), watch_over(records, LOPEZ))

    assert "line 1" in str(refused.value)
    assert "Lopez" not in str(refused.value)


@pytest.mark.rule("C22")
def test_bytes_that_nobody_noted_are_refused() -> None:
    """A file that was changed after its rows were checked."""
    records = [record("Oil change")]
    changed = file_of(records).replace(b"Oil change", b"Quillon Zabriskie")

    with pytest.raises(NotCertified, match="wasn't noted"):
        certify(lines(changed), watch_over(records, LOPEZ))


@pytest.mark.rule("C22")
@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.replace(b'"Oil change"|""|""|""', b'"Oil change"|"1.5 h"|""|""'),
        lambda content: content.replace(b'"Oil change"|""|""|""', b'"Oil change"|""|"Filter"|""'),
        lambda content: content.replace(b'"Oil change"', b'"Oil change"|"Lopez"'),
        lambda content: content.replace(b"1HGCM82633A004352", b"LOPEZ"),
        lambda content: content.replace(b'"QX0001"', b'"2065550101"'),
        lambda content: content.replace(b'"84210"', b'"12 Alder St"'),
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: content.replace(b"Oil", "Öl".encode()),
        lambda content: content.replace(b'"VIN"', b'"NAME"'),
        lambda content: content[:-1],
        lambda content: content + b"Lopez\n",
        lambda content: content + lines(content)[1].replace(b"Seattle", b"Lopez"),
        lambda content: lines(content)[0],
        lambda content: b"",
    ],
)
def test_a_file_that_isnt_laid_out_as_carfaxs_is_refused(change: Callable[[bytes], bytes]) -> None:
    records = [record("Oil change")]
    watch = watch_over(records, LOPEZ)
    content = file_of(records)
    certify(lines(content), watch)

    with pytest.raises(NotCertified):
        certify(lines(change(content)), watch)


def test_a_file_for_which_nobody_was_looked_for_is_refused() -> None:
    records = [record("Oil change")]

    with pytest.raises(NotCertified, match="nobody"):
        certify(lines(file_of(records)), watch_over(records))


@pytest.mark.rule("C22")
@given(titles=st.lists(st.text(max_size=40), min_size=1, max_size=3), typed=st.text(max_size=20))
def test_rows_whose_verdict_is_clean_make_a_file_that_is_certified(titles: list[str], typed: str) -> None:
    """Whatever is typed: the cells that get a verdict are those that stand in the file."""
    records = [record("Oil change"), record(*titles, number=typed, make=typed, engine=titles[0])]
    watch = watch_over(records, LOPEZ)

    clean = [each for each in records if watch.verdict(CARFAX.free_text(each)) is CLEAN]

    assert certify(lines(file_of(clean)), watch).lines >= 1


@pytest.mark.rule("C22")
@given(
    said=st.sampled_from(("Mrs Lopez says", "call (206) 555-0101", "12 Alder St", "L-o-p-e-z", "LOPEZ")),
    before=st.text(max_size=20).filter(lambda text: not text[-1:].isalnum()),
)
def test_a_file_with_a_planted_value_never_gets_a_certificate(said: str, before: str) -> None:
    records = [record("Oil change"), record(f"{before}\n{said}")]

    with pytest.raises(NotCertified):
        certify(lines(file_of(records)), watch_over(records, LOPEZ))
