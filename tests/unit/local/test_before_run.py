"""What `make run` refuses before it sets anything up."""

import subprocess

import pytest

from local.before_run import PortRefused, free_port_of_run
from local.emulator import ROOT


@pytest.mark.parametrize("port", ["abc", "80", "70000", "-1", "4566.5", "\N{ARABIC-INDIC DIGIT THREE}000"])
def test_a_port_that_is_none_is_refused_with_those_that_are(port: str) -> None:
    with pytest.raises(PortRefused, match="choose a number from 1024 to 65530"):
        free_port_of_run({"PORT": port})


def test_make_run_tells_an_impossible_port_before_set_up_in_one_sentence() -> None:
    made = subprocess.run(
        ["make", "run", "PORT=abc", "PYTHON=python3"], cwd=ROOT, capture_output=True, text=True
    )

    assert made.returncode != 0
    assert made.stdout == ""
    assert made.stderr.splitlines()[0].startswith("PORT=abc won't do: choose")
    assert "Traceback" not in made.stderr
