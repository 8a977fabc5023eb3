import json
from pathlib import Path

import pytest

import crossbay.matching
from crossbay.matching.frequency import (
    RARE_GIVEN_NAME,
    RARE_SURNAME,
    are_of_opposite_sex,
    given_name_frequency,
    surname_frequency,
)
from crossbay.matching.levels import MatchLevel
from crossbay.matching.rare_names import surname_weight
from crossbay.matching.weights import ladders, match_weight, weight

WEIGHTS = Path(crossbay.matching.__file__).with_name("weights.json")


def test_a_weight_is_the_binary_logarithm_of_m_over_u() -> None:
    assert match_weight(0.8, 0.1) == 3.0
    assert match_weight(0.1, 0.8) == -3.0
    assert match_weight(0.5, 0.5) == 0.0


@pytest.mark.parametrize(("m", "u"), [(0, 0.5), (0.5, 0), (1.1, 0.5), (0.5, 1.1), (-0.1, 0.5)])
def test_what_is_no_probability_is_refused(m: float, u: float) -> None:
    with pytest.raises(ValueError, match="probabilities"):
        match_weight(m, u)


def test_every_ladder_names_its_source_and_its_exact_level_speaks_for_a_match() -> None:
    fields = json.loads(WEIGHTS.read_text(encoding="utf-8"))["fields"]

    assert all(field["source"] for field in fields.values())
    for field, ladder in ladders().items():
        if (
            MatchLevel.EXACT in ladder
            and MatchLevel.DIFFERENT in ladder
            and field not in ("names swapped", "first name", "last name")
        ):
            assert weight(field, MatchLevel.EXACT) > weight(field, MatchLevel.DIFFERENT)


def test_a_rare_surname_that_agrees_weighs_more_than_a_common_one_and_a_different_one_the_same() -> None:
    rare, common = ("kowalczykiewicz",) * 2, ("smith",) * 2

    assert surname_weight(MatchLevel.EXACT, *rare) > surname_weight(MatchLevel.EXACT, *common) + 3
    assert surname_weight(MatchLevel.EXACT, "kowalczykiewicz", "smith") == surname_weight(
        MatchLevel.EXACT, *common
    )
    assert surname_weight(MatchLevel.DIFFERENT, *rare) == surname_weight(MatchLevel.DIFFERENT, *common)


def test_frequencies_are_those_published() -> None:
    assert surname_frequency("smith") == pytest.approx(2_376_206 / 269.76e6, rel=0.01), "census of 2000"
    assert given_name_frequency("mary") == pytest.approx(0.02629 / 2, rel=0.01), "women of the 1990 census"
    assert surname_frequency("kowalczykiewicz") == RARE_SURNAME
    assert given_name_frequency("zzz") == RARE_GIVEN_NAME


def test_only_names_of_one_sex_are_told_apart_by_it() -> None:
    assert are_of_opposite_sex("paul", "paula")
    assert not are_of_opposite_sex("robin", "paul")
    assert not are_of_opposite_sex("paul", "john")
    assert not are_of_opposite_sex("paul", "zzz")
