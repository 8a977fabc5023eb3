"""A case note as a mail."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from crossbay.domain.address import Address
from crossbay.domain.cases.note import CaseNote, NoteKind
from crossbay.domain.organization import Shop
from crossbay.rendering.case_letter import case_letter

SHOP = Shop(
    id="s",
    organization_id="o",
    business_name="Harbor & Sons",
    phone="+18455550100",
    email="harbor@example.com",
    address=Address(line1="100 Example St", city="Cove", region="NY", postal_code="12545"),
)
OWN_TAGS = {"html", "head", "meta", "title", "body", "p", "br"}


def note(text: str, subject: str = "Your van", author: str = "Kim Rivers") -> CaseNote:
    return CaseNote(
        id="n",
        organization_id="o",
        shop_id="s",
        customer_id="c",
        case_id="case",
        kind=NoteKind.NOTE,
        subject=subject,
        text=text,
        author_id="kim",
        author_name=author,
        author_email="kim@example.com",
    )


class _Read(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> _Read:
    reader = _Read()
    reader.feed(html)
    return reader


def test_paragraphs_and_lines_stay_and_the_shops_card_stands_at_the_end() -> None:
    letter = case_letter(note("Dear Ana,\r\nit is ready.\n\n\nSee you."), SHOP)

    assert "<p>Dear Ana,<br>\nit is ready.</p>\n<p>See you.</p>" in letter.html
    assert letter.text.startswith("Dear Ana,\nit is ready.\n\n\nSee you.\n\n-- \nKim Rivers\nHarbor & Sons\n")
    for line in ("(845) 555-0100", "harbor@example.com", "100 Example St, Cove, NY 12545"):
        assert line in letter.html
        assert line in letter.text


@given(st.text(max_size=200), st.text(max_size=50))
def test_nothing_that_is_typed_becomes_markup_or_a_second_line_of_a_header(text: str, typed: str) -> None:
    letter = case_letter(note(f"{text}<script>x</script><img src=x>", typed, typed), SHOP)

    found = read(letter.html)
    assert set(found.tags) == OWN_TAGS
    assert "<script>x</script><img src=x>" in found.text
    assert len(letter.subject.splitlines()) < 2
