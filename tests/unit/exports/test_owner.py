"""A row in which a word of everyday English may be its own customer's name."""

import pytest

from crossbay.exports.person import PersonalValues
from crossbay.exports.row_owner import perhaps_names_owner


def person(given_name: str, surname: str) -> PersonalValues:
    return PersonalValues(given_name=given_name, surname=surname)


@pytest.mark.rule("C22")
@pytest.mark.parametrize(
    ("title", "surname"),
    [
        ("Quoted Parks 412 for brakes", "Parks"),
        ("YOUNG WAS HERE TWICE", "Young"),
        ("Came in for price's alignment", "Price"),
        ("Miller: noise at idle", "Miller"),
    ],
)
def test_an_everyday_surname_in_its_own_customers_row_is_doubtful(title: str, surname: str) -> None:
    cells = ("RO-1", "Honda", title)

    assert perhaps_names_owner(cells, person("Ana", surname)) == title
    assert perhaps_names_owner(cells, person("Ana", "Quillon")) == ""


@pytest.mark.rule("C22")
@pytest.mark.parametrize(
    ("title", "given_name", "surname"),
    [
        ("Oil change per Ford spec", "Henry", "Ford"),
        ("Brown interior trim", "Violet", "Brown"),
        ("Serpentine belt", "Ana", "Belt"),
        ("Lake Street branch", "Rosa", "Lake"),
        ("Add coolant to reservoir", "Minh", "To"),
    ],
)
def test_a_name_that_is_a_make_color_part_or_street_says_nothing_even_there(
    title: str, given_name: str, surname: str
) -> None:
    assert perhaps_names_owner(("RO-1", title), person(given_name, surname)) == ""
