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


@pytest.mark.rule("C22")
@pytest.mark.parametrize(
    "title",
    [
        "per R. D-N",
        "R.D.N. ok",
        "RDN brakes",
        "brakes r d n",
        "RD-N",
        "told D-N",
        "D.-N. declined",
        "rosad",
        "rosadn",
    ],
)
def test_initials_of_a_double_surname_are_doubtful_in_its_own_customers_row(title: str) -> None:
    cells = ("RO-1", "Honda", title)

    assert perhaps_names_owner(cells, person("Rosa", "Delacourt-Nguyen")) == title
    assert perhaps_names_owner(cells, person("Ana", "Quillon-Ibarra")) == ""


@pytest.mark.rule("C22")
@pytest.mark.parametrize(
    ("title", "given_name", "surname"),
    [
        ("brakes A. Ford", "Ann", "Ford"),
        ("G Davidson oil change", "Gia", "Meyer-Davidson"),
        ("told A-S", "Rosa", "Alder-Stone"),
        ("per N-O", "Rosa", "North-Ortiz"),
    ],
)
def test_initials_with_an_everyday_surname_or_as_a_small_word_are_doubtful_in_its_own_row(
    title: str, given_name: str, surname: str
) -> None:
    assert perhaps_names_owner(("RO-1", title), person(given_name, surname)) == title
    assert perhaps_names_owner(("RO-1", title), person("Zoe", "Quillon-Ibarra")) == ""


@pytest.mark.rule("C22")
@pytest.mark.parametrize(
    ("title", "given_name", "surname"),
    [
        ("A/C blows warm, told customer A-C", "Ann", "Adams-Clark"),
        ("BMW brakes", "Bob", "Miller-White"),
        ("P-N 4471 replaced", "Rosa", "Price-Nguyen"),
        ("LR wheel bearing", "Lena", "Ruiz"),
        ("oil change", "Rosa", "Delacourt-Nguyen"),
        ("brakes", "", "Delacourt-Nguyen"),
    ],
)
def test_initials_that_are_a_word_of_shops_or_stand_beside_no_word_for_a_person_say_nothing(
    title: str, given_name: str, surname: str
) -> None:
    assert perhaps_names_owner(("RO-1", title), person(given_name, surname)) == ""
