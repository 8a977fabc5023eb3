"""Ids that stood before, and what the report says."""

import csv
import io
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from crossbay.imports.report import sheet_line
from crossbay.imports.run import import_id_of_upload
from crossbay.imports.seen import SeenIds


@given(st.lists(st.text(max_size=5)))
def test_an_id_is_new_once(texts: list[str]) -> None:
    seen, known = SeenIds(), set()

    for text in texts:
        assert seen.add(text) is (text not in known)
        known.add(text)

    assert len(seen) == len(known)


def test_many_ids_stay_told_apart_as_the_set_grows() -> None:
    seen = SeenIds()

    assert all(seen.add(f"C{number}") for number in range(20_000))
    assert not any(seen.add(f"C{number}") for number in range(20_000))


def test_past_its_bound_the_set_grows_no_more_and_still_knows_what_it_noted() -> None:
    seen = SeenIds(most=100)

    for number in range(10_000):
        seen.add(f"C{number}")

    assert len(seen) == 100
    assert not seen.add("C99")
    assert seen.add("C9999")


@given(st.text(max_size=20))
def test_no_cell_of_the_sheet_of_bad_rows_is_a_formula(text: str) -> None:
    line = sheet_line(["7", text]).decode()

    ((_, cell),) = csv.reader(io.StringIO(line, newline=""))

    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_an_upload_has_one_import_id_and_ids_follow_the_order_of_uploads() -> None:
    at = datetime(2027, 3, 1, tzinfo=UTC)
    ids = [import_id_of_upload(at + timedelta(milliseconds=n), bytes([255 - n] * 16)) for n in range(5)]

    assert ids == sorted(ids)
    assert all((UUID(one).version, UUID(one).variant) == (7, UUID(ids[0]).variant) for one in ids)
    assert import_id_of_upload(at, b"x" * 16) == import_id_of_upload(at, b"x" * 16)
