"""Fault 24: memory stays as a file grows; benchmarks/import_large.py has the gigabyte."""

import json
import subprocess
import sys

import pytest

from local.emulator import ROOT


@pytest.mark.rule("S25")
def test_an_import_of_20_mb_takes_a_few_megabytes_more_than_one_of_5() -> None:
    command = [sys.executable, "-m", "benchmarks.import_large", "--megabytes", "5", "20"]

    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)

    small, large = json.loads(done.stdout)["runs"]
    assert large["rows"] > 3 * small["rows"]
    assert (large["refused"], small["refused"]) == (large["rows"] // 1000, small["rows"] // 1000)
    assert large["peak_rss_mb"] - small["peak_rss_mb"] < 15
