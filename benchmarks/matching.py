"""The matcher beside Splink 5 on public labelled sets: quality at thresholds fixed beforehand, and speed.

Prints JSON. Both get the same fields of the same records in the same run. Precision, recall and F1 are
pairwise against all true pairs, so a pair that blocking missed counts as missed. recall@k: of the true
partners of a record (k at most) the share among its k best-scored candidates, over all records that have one.
Two kinds of set stand side by side, so that neither is tuned alone: files without families (FEBRL, where the
matcher is told so, and fake_1000) and simulated towns with households, flats and dormitories.
Times are seconds of CPU, threads added up, as the machine may be shared. Crossbay scores each pair twice: by
`score_pair`, with reasons, as its doors do, and in a batch, which must give the same totals.
Run: `python -m benchmarks.matching PATH_OF_FAKE_1000_CSV [--set FEBRL4] [--seed 7]`, the seeds those of the
towns; needs requirements/benchmarks.txt.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from functools import partial
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from benchmarks.matching_batch import Batch
from benchmarks.matching_sets import LabelledSet, MemoryIndex, Pair, fake_1000, febrl, half
from benchmarks.matching_splink import link_with_splink
from benchmarks.matching_towns import JUDGING_SEEDS, town
from crossbay.domain.name import nickname_roots
from crossbay.matching.context import PairContext, context_of
from crossbay.matching.frequency import given_name_frequency, surname_frequency
from crossbay.matching.propose import PROPOSAL_PROBABILITY, is_proposed
from crossbay.matching.record import MatchRecord
from crossbay.matching.score import PairScore, match_probability, score_pair
from crossbay.matching.weights import ladders

SPLINK_PROBABILITY = 0.5


def main(fake_path: Path, names: Collection[str], seeds: Collection[int]) -> None:
    makers: dict[str, Callable[[], LabelledSet]] = {
        **{f"FEBRL{number}": partial(febrl, number) for number in (1, 2, 3, 4)},
        "fake_1000": lambda: fake_1000(fake_path),
        "FEBRL3 held-out half": lambda: half(febrl(3), fitting=False),
        "fake_1000 held-out half": lambda: half(fake_1000(fake_path), fitting=False),
        **{f"town, seed {seed}": partial(town, seed) for seed in seeds},
    }
    read_tables()
    results = [compare(make()) for name, make in makers.items() if not names or name in names]
    print(json.dumps({"splink": version("splink"), "duckdb": version("duckdb"), "sets": results}, indent=1))


def read_tables() -> None:
    """Weights, name frequencies and nicknames, before a clock starts; Splink is imported then, too."""
    import splink  # noqa: F401

    given_name_frequency("")
    surname_frequency("")
    nickname_roots("")
    ladders()


def compare(labelled: LabelledSet) -> dict[str, Any]:
    return {
        "set": labelled.name,
        "records": len(labelled.rows),
        "true_pairs": len(labelled.truth),
        "crossbay": _crossbay(labelled),
        "splink": _splink(labelled),
    }


def _crossbay(labelled: LabelledSet) -> dict[str, Any]:
    clock = [process_time()]
    records = labelled.records()
    clock.append(process_time())
    context = context_among(labelled, records)
    clock.append(process_time())
    batch = Batch(list(records.values()), context)
    clock.append(process_time())
    pairs = candidate_pairs(labelled, records)
    clock.append(process_time())
    totals = batch_totals(batch, records, pairs)
    clock.append(process_time())
    scores = score_pairs(records, pairs, context)
    clock.append(process_time())
    bits = {pair: score.total_bits for pair, score in scores.items()}
    assert totals == bits, "one score, two ways to it"
    proposed = {pair for pair, score in scores.items() if is_proposed(score)}
    spent = dict(zip(_STEPS, (end - start for start, end in pairwise(clock)), strict=True))
    return {
        "threshold": PROPOSAL_PROBABILITY,
        **quality(labelled, proposed, bits),
        "at_most_three_proposals": round(share_of_few(labelled, proposed), 4),
        "f1_with_relatives_possible": round(f1_of_customers(labelled, records, pairs), 4),
        **{f"{step}_s": round(seconds, 3) for step, seconds in spent.items()},
        "pairs_per_s": round(len(pairs) / spent["scoring"]),
        "pairs_per_s_one_by_one": round(len(pairs) / spent["one_by_one"]),
    }


_STEPS = ("normalizing", "counting", "preparing", "blocking", "scoring", "one_by_one")


def f1_of_customers(
    labelled: LabelledSet, records: Mapping[str, MatchRecord], pairs: Collection[Pair]
) -> float:
    """F1 as the doors would have it, where relatives may always be among the customers."""
    context = context_of(records.values(), records=len(labelled.right))
    bits = batch_totals(Batch(list(records.values()), context), records, pairs)
    proposed = {
        pair
        for pair, total in bits.items()
        if match_probability(total, context.records) >= PROPOSAL_PROBABILITY
    }
    return _f1(len(proposed & labelled.truth), len(proposed), len(labelled.truth))


def context_among(labelled: LabelledSet, records: Mapping[str, MatchRecord]) -> PairContext:
    """Who shares what, as lookups of each record would find it; where nobody lives together, nobody does."""
    if labelled.has_households:
        return context_of(records.values(), records=len(labelled.right))
    return PairContext(records=len(labelled.right), has_households=False)


def candidate_pairs(labelled: LabelledSet, records: Mapping[str, MatchRecord]) -> list[Pair]:
    """The pairs that the lookups of the left file's records find in the right one, ids in order."""
    index = MemoryIndex(records[id_] for id_ in labelled.right)
    found = ((a, b) for a in labelled.left for b in index.candidates(records[a]) if a != b)
    return sorted({(a, b) if a < b else (b, a) for a, b in found})


def batch_totals(
    batch: Batch, records: Mapping[str, MatchRecord], pairs: Collection[Pair]
) -> dict[Pair, float]:
    position = {id_: number for number, id_ in enumerate(records)}
    left = np.array([position[a] for a, _ in pairs])
    right = np.array([position[b] for _, b in pairs])
    return dict(zip(pairs, batch.totals(left, right).tolist(), strict=True))


def score_pairs(
    records: Mapping[str, MatchRecord], pairs: Collection[Pair], context: PairContext
) -> dict[Pair, PairScore]:
    return {(a, b): score_pair(records[a], records[b], context) for a, b in pairs}


def _splink(labelled: LabelledSet) -> dict[str, Any]:
    run = link_with_splink(labelled)
    linked = {pair for pair, probability in run.probability.items() if probability >= SPLINK_PROBABILITY}
    pairs = len(run.weight)
    return {
        "threshold": SPLINK_PROBABILITY,
        **quality(labelled, linked, run.weight),
        "training_s": round(run.training_s, 3),
        "blocking_s": round(run.blocking_s, 3),
        "scoring_s": round(run.scoring_s, 3),
        "pairs_per_s": round(pairs / run.scoring_s),
        "pairs_per_s_with_training": round(pairs / (run.training_s + run.scoring_s)),
    }


def quality(labelled: LabelledSet, linked: set[Pair], scores: Mapping[Pair, float]) -> dict[str, float]:
    """Shares, rounded to four places. best_f1: at the threshold that hindsight would choose."""
    right = len(linked & labelled.truth)
    precision, recall = right / max(1, len(linked)), right / len(labelled.truth)
    shares = {
        "precision": precision,
        "recall": recall,
        "f1": _f1(right, len(linked), len(labelled.truth)),
        "best_f1": _best_f1(labelled, scores),
        "recall_at_1": recall_at(1, labelled, scores),
        "recall_at_5": recall_at(5, labelled, scores),
        "blocking_recall": len(labelled.truth & scores.keys()) / len(labelled.truth),
    }
    return {"pairs": len(scores), **{name: round(share, 4) for name, share in shares.items()}}


def _f1(right: int, linked: int, true: int) -> float:
    return 2 * right / max(1, linked + true)


def _best_f1(labelled: LabelledSet, scores: Mapping[Pair, float]) -> float:
    right, best = 0, 0.0
    for linked, pair in enumerate(sorted(scores, key=lambda pair: -scores[pair]), 1):
        right += pair in labelled.truth
        best = max(best, _f1(right, linked, len(labelled.truth)))
    return best


def recall_at(k: int, labelled: LabelledSet, scores: Mapping[Pair, float]) -> float:
    candidates = defaultdict(list)
    for (a, b), score in scores.items():
        candidates[a].append((-score, b))
        candidates[b].append((-score, a))
    partners = defaultdict(set)
    for a, b in labelled.truth:
        partners[a].add(b)
        partners[b].add(a)
    askers = [id_ for id_ in labelled.left if id_ in partners]
    found = sum(len({other for _, other in sorted(candidates[id_])[:k]} & partners[id_]) for id_ in askers)
    return found / sum(min(k, len(partners[id_])) for id_ in askers)


def share_of_few(labelled: LabelledSet, proposed: Collection[Pair], most: int = 3) -> float:
    """Share of the asking customers with at most so many proposals."""
    counts = Counter(id_ for pair in proposed for id_ in pair if id_ in labelled.left)
    return 1 - sum(count > most for count in counts.values()) / len(labelled.left)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fake_1000", type=Path)
    parser.add_argument("--set", action="append", default=[], dest="names", help="only this set; repeatable")
    parser.add_argument(
        "--seed", action="append", type=int, default=[], dest="seeds", help="of a town; repeatable"
    )
    arguments = parser.parse_args()
    main(arguments.fake_1000, arguments.names, arguments.seeds or JUDGING_SEEDS)
