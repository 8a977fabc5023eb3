"""A simulated town as a labelled set: households, flats and dormitories, which FEBRL lacks.

PyPI's `pseudopeople` and the sample population of some 10,000 that ships inside it, without a network: the
census of 2020 is one shop's customers, the people of that year's W-2 and 1099 forms another's, each once,
by name and mailing address. Its noise (typos, nicknames, blanks, moves) is drawn anew by each seed. Every
address is in one city and bears ZIP code 00000.
"""

from typing import Any

from benchmarks.matching_sets import LabelledSet

FITTING_SEEDS = (3, 5)
"""What thresholds and rules were chosen on."""

JUDGING_SEEDS = (1013, 1019)
"""What they are judged on; nothing was chosen with these in view."""

_CENSUS = {
    "given_name": "first_name",
    "surname": "last_name",
    "street_number": "street_number",
    "address_1": "street_name",
    "address_2": "unit_number",
    "suburb": "city",
    "state": "state",
    "postcode": "zipcode",
}
_FORMS = {
    name: column if column.endswith("_name") and column[0] in "fl" else f"mailing_address_{column}"
    for name, column in _CENSUS.items()
}


def town(seed: int) -> LabelledSet:
    """The town with the noise of that seed: who is in both files is a true pair."""
    import pseudopeople

    census = pseudopeople.generate_decennial_census(seed=seed)
    forms = pseudopeople.generate_taxes_w2_and_1099(seed=seed).drop_duplicates("simulant_id")
    left = {f"census {person['simulant_id']}": _row(person, _CENSUS) for person in _people(census)}
    right = {f"form {person['simulant_id']}": _row(person, _FORMS) for person in _people(forms)}
    return LabelledSet(
        name=f"town, seed {seed}",
        rows=left | right,
        truth=frozenset(
            (id_, f"form {id_.partition(' ')[2]}") for id_ in left if f"form {id_.partition(' ')[2]}" in right
        ),
        left=frozenset(left),
        right=frozenset(right),
    )


def _people(frame: Any) -> list[dict[str, Any]]:
    people: list[dict[str, Any]] = frame.astype(object).where(frame.notna(), "").to_dict("records")
    return people


def _row(person: dict[str, Any], columns: dict[str, str]) -> dict[str, str]:
    row = {name: str(person[column]) for name, column in columns.items()}
    if box := person.get("mailing_address_po_box"):
        row |= {"street_number": "", "address_1": f"PO Box {box}"}
    return row
