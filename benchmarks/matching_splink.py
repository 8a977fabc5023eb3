"""Splink 5 on DuckDB as the peer: its own comparisons, trained on the very file, as its guide has it.

It is given the same fields in lower case, and blocking rules of the same kinds as the matcher's lookups.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from time import process_time
from typing import Any

from benchmarks.matching_sets import LabelledSet, Pair

SEED = 1969
RANDOM_PAIRS = 1e6
DETERMINISTIC_RECALL = 0.7  # of the rules that the prior is estimated from; the value of Splink's guide


@dataclass(frozen=True, slots=True, kw_only=True)
class SplinkRun:
    """probability, weight: of each pair scored. Times in seconds of CPU, threads added up."""

    probability: dict[Pair, float]
    weight: dict[Pair, float]
    training_s: float
    blocking_s: float
    scoring_s: float


def link_with_splink(labelled: LabelledSet) -> SplinkRun:
    """Trains, blocks and scores; starts with the data in memory and ends with the scores in memory."""
    from splink import DuckDBAPI, Linker, SettingsCreator

    logging.getLogger("splink").setLevel(logging.ERROR)
    model = _emails_model() if "email" in next(iter(labelled.rows.values())) else _addresses_model()
    frames = _frames(labelled)
    started = process_time()
    database = DuckDBAPI()
    settings = SettingsCreator(
        link_type="link_only" if labelled.is_link else "dedupe_only",
        comparisons=model["comparisons"],
        blocking_rules_to_generate_predictions=model["blocking"],
        retain_matching_columns=False,
    )
    registered = [database.register(frame, dataset_display_name=name) for name, frame in frames]
    linker = Linker(registered, settings, log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match(
        model["deterministic"], recall=DETERMINISTIC_RECALL
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=SEED)
    for rule in model["training"]:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    trained = process_time()
    linker.inference.compute_blocked_pairs_for_predict()
    blocked = process_time()
    scored = linker.inference.predict().as_pandas_dataframe()
    ended = process_time()
    pairs = [(a, b) if a < b else (b, a) for a, b in zip(scored.unique_id_l, scored.unique_id_r, strict=True)]
    return SplinkRun(
        probability=dict(zip(pairs, scored.match_probability, strict=True)),
        weight=dict(zip(pairs, scored.match_weight, strict=True)),
        training_s=trained - started,
        blocking_s=blocked - trained,
        scoring_s=ended - blocked,
    )


def _frames(labelled: LabelledSet) -> list[tuple[str, Any]]:
    """(name, data frame) of the one file or the two."""
    import pandas as pd

    def frame(ids: Iterable[str]) -> Any:
        rows = ({"unique_id": id_, **_known(labelled.rows[id_])} for id_ in sorted(ids))
        return pd.DataFrame(rows).astype(object).where(lambda cells: cells.notna(), None)

    if labelled.is_link:
        return [("file_a", frame(labelled.left)), ("file_b", frame(labelled.right))]
    return [("people", frame(labelled.left))]


def _known(row: dict[str, str]) -> dict[str, str | None]:
    return {name: value.lower() or None for name, value in row.items() if name not in ("id", "source")}


def _addresses_model() -> dict[str, Any]:
    import splink.comparison_library as cl
    from splink import block_on

    frequent = {"term_frequency_adjustments": True}
    return {
        "comparisons": [
            cl.ForenameSurnameComparison("given_name", "surname"),
            cl.ExactMatch("street_number").configure(**frequent),
            *(
                cl.JaroWinklerAtThresholds(column, [0.9, 0.7]).configure(**frequent)
                for column in ("address_1", "address_2", "suburb")
            ),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(**frequent),
            cl.ExactMatch("state"),
        ],
        "blocking": [
            block_on("given_name", "surname"),
            "l.given_name = r.surname and l.surname = r.given_name",
            block_on("surname", "substr(given_name, 1, 3)"),
            block_on("given_name", "substr(surname, 1, 3)"),
            block_on("postcode", "street_number"),
            block_on("postcode", "substr(address_1, 1, 4)"),
            block_on("postcode", "substr(address_2, 1, 4)"),
            "l.postcode = r.postcode and substr(l.address_1, 1, 4) = substr(r.address_2, 1, 4)",
            "l.postcode = r.postcode and substr(l.address_2, 1, 4) = substr(r.address_1, 1, 4)",
            block_on("street_number", "substr(address_1, 1, 4)"),
            block_on("street_number", "substr(address_2, 1, 4)"),
        ],
        "deterministic": [
            block_on("given_name", "surname", "postcode"),
            block_on("address_1", "suburb"),
            block_on("surname", "address_1"),
        ],
        "training": [block_on("given_name", "surname"), block_on("address_1")],
    }


def _emails_model() -> dict[str, Any]:
    import splink.comparison_library as cl
    from splink import block_on

    return {
        "comparisons": [
            cl.ForenameSurnameComparison("first", "last"),
            cl.JaroWinklerAtThresholds("city", [0.9]).configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
        "blocking": [
            block_on("first", "last"),
            "l.first = r.last and l.last = r.first",
            block_on("email"),
            block_on("split_part(email, '@', 1)"),
            block_on("last"),
            block_on("first"),
        ],
        "deterministic": [block_on("first", "last"), block_on("email")],
        "training": [block_on("first", "last"), block_on("email")],
    }
