"""Rows out of bytes: whatever the chunks, whatever is broken."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossbay.errors import BadInput
from crossbay.imports.columns import Format, ImportKind
from crossbay.imports.encoding import windows_1252
from crossbay.imports.lines import LINE_LIMIT, lines_of
from crossbay.imports.rows import BadRow, ImportRow, plain_id
from crossbay.imports.stream import read_rows

CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)


def read(
    content: bytes, kind: ImportKind = ImportKind.CUSTOMERS, file_format: Format = Format.CSV
) -> list[ImportRow | BadRow]:
    return list(read_rows([content], kind, file_format, {}).rows)


def cut(content: bytes, size: int) -> list[bytes]:
    return [content[at : at + size] for at in range(0, len(content), size)]


@given(rows=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8), size=st.integers(1, 50))
def test_what_a_csv_writer_wrote_is_read_back_whatever_the_chunks(
    rows: list[tuple[str, str]], size: int
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([("id", "last_name"), *rows])

    found = read_rows(cut(out.getvalue().encode(), size), ImportKind.CUSTOMERS, Format.CSV, {}).rows

    filled = [(plain_id(one), other.strip()) for one, other in rows if one.strip() or other.strip()]
    assert [
        (row.cells["id"], row.cells["last_name"]) for row in found if isinstance(row, ImportRow)
    ] == filled


@given(content=st.binary(max_size=300), size=st.integers(1, 40))
def test_any_bytes_give_rows_or_reasons_with_offsets_that_only_grow(content: bytes, size: int) -> None:
    for file_format, start in ((Format.CSV, b"id,last_name\n"), (Format.JSONL, b"")):
        try:
            found = list(read_rows(cut(start + content, size), ImportKind.CUSTOMERS, file_format, {}).rows)
        except BadInput:
            continue
        ends = [row.end for row in found]
        assert ends == sorted(set(ends))
        assert all(end <= len(start + content) for end in ends)


def test_a_row_knows_the_line_it_begins_in_and_the_offset_behind_it() -> None:
    content = b'id,last_name\r\n1,"Quill\nsecond line"\r\n\r\n2,Delgado'

    first, second = read(content)

    assert (first.line, first.end) == (2, content.index(b"\r\n2"))
    assert (second.line, second.end) == (5, len(content))


def test_after_a_broken_row_the_next_is_read() -> None:
    content = b'id,last_name\n1,"never closed\n2,Quill\n3,5" rim\n4,"a"b\n5,x,y\n6,Last\n'

    found = read(content)

    assert [(row.line, row.id, isinstance(row, ImportRow)) for row in found] == [
        (2, "1", False),
        (3, "2", True),
        (4, "3", True),
        (5, "4", False),
        (6, "5", False),
        (7, "6", True),
    ]


def test_a_line_beyond_a_megabyte_is_skipped_and_what_is_kept_of_it_is_bounded() -> None:
    def chunks() -> object:
        yield b"id,last_name\n1,"
        for _ in range(40):
            yield b"x" * 100_000
        yield b"\n2,Quill\n"

    found = list(read_rows(chunks(), ImportKind.CUSTOMERS, Format.CSV, {}).rows)  # type: ignore[arg-type]

    assert [(row.line, isinstance(row, ImportRow)) for row in found] == [(2, False), (3, True)]
    assert found[-1].end == len(b"id,last_name\n1,") + 4_000_000 + len(b"\n2,Quill\n")


def test_a_quote_that_opens_and_never_closes_costs_one_row_even_in_a_long_file() -> None:
    rest = b"".join(b"%d,Quill\n" % number for number in range(2, 200_000))
    assert len(rest) > LINE_LIMIT

    found = read(b'id,last_name\n1,"open\n' + rest)

    assert isinstance(found[0], BadRow)
    assert len(found) == 199_999
    assert all(isinstance(row, ImportRow) for row in found[1:])


@pytest.mark.rule("S25")
def test_windows_1252_is_read_with_a_warning_and_what_can_only_be_another_encoding_is_refused() -> None:
    rows = ["1,Pe\xf1a", "2,Pe\xc3\xb1a", "3,M\x81ller", "4,Mu\xa4oz", "5,O\x92Neil"]
    found = read(b"\xef\xbb\xbfid,last_name\n" + "\n".join(rows).encode("latin-1"))

    assert [row.cells["last_name"] if isinstance(row, ImportRow) else row.reason[:11] for row in found] == [
        "Peña",
        "Peña",
        "isn't UTF-8",
        "isn't UTF-8",
        "O’Neil",  # noqa: RUF001
    ]
    assert [list(row.warnings) for row in found if isinstance(row, ImportRow)] == [
        ["last_name"],
        [],
        ["last_name"],
    ]


@pytest.mark.rule("S25")
@pytest.mark.parametrize("name", ["José Nuñez", "Müller", "François", "Zoë", "Jürgen Groß", "Muñoz", "Peña"])
def test_names_in_windows_1252_are_read_and_none_in_encodings_of_old_registers(name: str) -> None:
    assert windows_1252(name.encode("cp1252")) == name
    assert [windows_1252(name.encode(other)) for other in ("cp437", "cp850", "mac_roman")] == [None] * 3


@pytest.mark.rule("S25")
@pytest.mark.parametrize(
    "header",
    [
        "\ufeff\ufeffid,last_name",
        "\u200bid,\u202alast_name\u202c",
        "ID,Last Name",
        "Id,LastName",
        "id ,LAST-NAME,,",
        '"\ufeffid","Last.Name"',
        "\u00ef\u00bb\u00bfid,last_name",
        "id;last_name",
        "id\tlast_name",
        "sep=;\nid;last_name",
        "\n,,\nid,last_name",
    ],
)
def test_the_first_line_is_read_as_people_and_programs_write_it(header: str) -> None:
    line = "1;Quill" if ";" in header else "1\tQuill" if "\t" in header else "1,Quill"

    (row,) = read(f"{header}\n{line}\n".encode())

    assert isinstance(row, ImportRow)
    assert dict(row.cells) == {"id": "1", "last_name": "Quill"}


@pytest.mark.rule("S25")
def test_empty_cells_too_many_or_missing_at_the_end_are_no_matter() -> None:
    found = read(b"id,last_name,source\n1,Quill,Google,,\n2,Delgado\n3,Haddad,\n4,Ito,Yelp,x\n")

    assert [dict(row.cells) if isinstance(row, ImportRow) else row.reason for row in found] == [
        {"id": "1", "last_name": "Quill", "source": "Google"},
        {"id": "2", "last_name": "Delgado", "source": ""},
        {"id": "3", "last_name": "Haddad", "source": ""},
        "has 4 cells where the first line has 3",
    ]


@pytest.mark.rule("S25")
@given(
    at=st.lists(st.integers(1, 3), min_size=1, max_size=2, unique=True),
    ids=st.sampled_from([("1041", "1042"), ("B1-7", "B22-8")]),
)
def test_a_row_that_a_line_break_tore_makes_no_record(at: list[int], ids: tuple[str, str]) -> None:
    torn = [ids[0], "Rosa", "12 Pier Road", "Tacoma Hill"]
    for place in at:
        torn[place] = torn[place].replace(" ", "\n") if " " in torn[place] else f"{torn[place]}\nAnne"
    content = f"id,first_name,billing_line1,billing_city\n{','.join(torn)}\n{ids[1]},Ada,9 Elm St,Tacoma\n"

    found = [row for row in read(content.encode()) if isinstance(row, ImportRow)]

    assert [row.id for row in found] == ([ids[1]] if at != [3] else [ids[0], ids[1]])[-1:] or at == [3]


@pytest.mark.rule("S25")
def test_the_first_line_again_within_the_file_is_passed_over() -> None:
    content = b"ID,Last Name\n1,Quill\n\xef\xbb\xbfID,Last Name\n2,Delgado\nid,last name,,\n3,Ito\n"

    assert [row.id for row in read(content)] == ["1", "2", "3"]


@pytest.mark.rule("S25")
def test_ids_are_the_same_with_and_without_decimals_and_as_json_numbers() -> None:
    found = read(b"id,last_name\n1041.0,Quill\n1041.50,Ito\nV1.0,Low\nNULL,None\n1041.,Roy\n-7.0,Poe\n")
    lines = b'{"id": 1041.0}\n{"id": 1041}\n{"id": "1041.00"}\n{"id": true}\n'

    assert [row.id for row in found] == ["1041", "1041.50", "V1.0", "", "1041", "-7"]
    assert [row.id for row in read(lines, file_format=Format.JSONL)] == ["1041", "1041", "1041", ""]


@pytest.mark.rule("S25")
def test_control_characters_cost_neither_an_id_nor_a_line_of_json() -> None:
    sheet = read("id,last_name\n88\x7f,Quill\n\u200b89\u00a0,Ito\n9\x000,Low\n".encode())
    lines = b'{"id": "88\x7f", "last_name": "Quill"}\n{"id": 89,\t"last_name": "Ito\tJr"}\n{"id": "90\x01"}\n'
    objects = read(lines, file_format=Format.JSONL)

    assert [(row.id, row.cells["id"]) for row in sheet if isinstance(row, ImportRow)] == [
        *(("88", "88"), ("89", "89"), ("90", "90")),
    ]
    assert [(row.id, row.cells.get("last_name")) for row in objects if isinstance(row, ImportRow)] == [
        *(("88", "Quill"), ("89", "Ito Jr"), ("90", None)),
    ]


@pytest.mark.rule("S25")
def test_a_file_that_lacks_its_ids_is_told_what_they_are_and_how_to_say_which_column_it_is() -> None:
    with pytest.raises(BadInput) as refused:
        read(b"Cust No,Last Name\n1041,Quill\n")

    assert "id is what the point of sale itself tells one of its customers by" in refused.value.public
    assert '{"Cust No": "id"}' in refused.value.public


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        *(
            ("id,last_name\n1,Quill\n".encode(encoding), "UTF-16.*as UTF-8")
            for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be")
        ),
        (b"PK\x03\x04 and more", "Excel workbook"),
        (b'"id,last_name\n', "first line"),
        (b"id last_name\n1 Quill\n", "one column only"),
        (b"last_name,first_name\n", "lacks id"),
        (b"id,ID,last_name\n", "More than one column is id"),
        (b"id,last_name\r1,Quill\r2,Ferncastle\r", "carriage return"),
        (b"id,last_name\r1,Quill", "carriage return"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        read(content)


def test_a_first_line_that_is_a_person_does_not_end_up_in_the_reason() -> None:
    with pytest.raises(BadInput) as refused:
        read(b"C1041,(206) 555-0142,rosa@example.com\n")

    assert "0142" not in refused.value.public
    assert "rosa" not in refused.value.public


def test_json_lines_that_are_no_objects_are_bad_rows() -> None:
    lines = [
        b'{"id": "1"}',
        b"[1]",
        b"{",
        b'{"id": "\x81"}',
        b'{"id": ' + b"[" * 5000,
        b"",
        b'{"id": 7, "Odd": 1}',
    ]
    stream = read_rows([b"\n".join(lines)], ImportKind.CUSTOMERS, Format.JSONL, {})

    found = list(stream.rows)

    assert [(row.line, row.id, row.reason if isinstance(row, BadRow) else "") for row in found] == [
        (1, "1", ""),
        (2, "", "isn't an object"),
        (3, "", "isn't JSON"),
        (4, "", "isn't UTF-8: save the file as UTF-8"),
        (5, "", "isn't JSON"),
        (7, "7", ""),
    ]
    assert stream.ignored == ["Odd"]


def test_a_mapping_names_columns_in_both_formats() -> None:
    mapping = {"Cust No": "id", "Surname": "last_name"}
    as_json = json.dumps({"Cust No": "1", "Surname": "Quill", "First-Name": "Ada"}).encode()

    for content, file_format in (
        (b"Cust No,Surname,First-Name\n1,Quill,Ada\n", Format.CSV),
        (as_json, Format.JSONL),
    ):
        (row,) = read_rows([content], ImportKind.CUSTOMERS, file_format, mapping).rows
        assert isinstance(row, ImportRow)
        assert dict(row.cells) == {"id": "1", "last_name": "Quill", "first_name": "Ada"}


def test_lines_are_numbered_and_end_where_the_next_begins() -> None:
    assert [(line.number, line.end) for line in lines_of([b"a\nb", b"b\n", b"", b"c"])] == [
        (1, 2),
        (2, 5),
        (3, 6),
    ]


@pytest.mark.rule("S25")
def test_half_an_emoji_in_a_json_row_is_told_with_its_field_and_the_next_row_goes_in() -> None:
    lines = (
        rb'{"id": "1", "last_name": "Quill \ud83d"}'
        + b"\n"
        + rb'{"id": "2", "last_name": "Reed \ud83d\ude97"}'
    )

    bad, good = read(lines, file_format=Format.JSONL)

    assert isinstance(bad, BadRow)
    assert (bad.line, bad.field) == (1, "last_name")
    assert bad.reason == "has half a letter: an emoji was cut in two"
    assert isinstance(good, ImportRow)
    assert good.cells["last_name"] == "Reed 🚗"
