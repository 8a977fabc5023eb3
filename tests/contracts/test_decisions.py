"""Decisions by their numbers: the list of them, and the code that cites them."""

from local.decisions import INDEX, NUMBER, cited, index, pages


def test_the_list_of_decisions_is_made_from_their_pages_and_the_code() -> None:
    assert INDEX.read_text() == index(), "run `make decisions`"


def test_every_decision_that_the_code_cites_or_a_page_replaces_has_a_page() -> None:
    numbers = [page.number for page in pages()]
    replaced = {number for page in pages() for number in NUMBER.findall(page.replaces)}

    assert len(numbers) == len(set(numbers))
    assert cited()
    assert not (set(cited()) | replaced) - set(numbers)


def test_a_decision_replaces_earlier_ones_alone() -> None:
    assert [page.number for page in pages() if page.replaces]
    assert all(number < page.number for page in pages() for number in NUMBER.findall(page.replaces))
