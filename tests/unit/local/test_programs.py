"""What a machine without the tests' programs is told, and does."""

import subprocess
from typing import Any

import pytest

from local import programs


@pytest.fixture(autouse=True)
def nothing_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "find_program", lambda _: None)
    monkeypatch.delenv("CI", raising=False)


def test_without_apt_get_one_sentence_says_what_to_do_and_the_rest_is_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(programs, "_way_to_install", lambda: None)

    assert programs.main() == 0

    (line,) = capsys.readouterr().out.splitlines()
    assert line.endswith(programs.install_command(sorted(programs.NEEDED.values())))


@pytest.mark.parametrize(("is_ci", "code"), [(True, 1), (False, 0)])
def test_an_installation_that_fails_is_told_and_ends_a_ci_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], is_ci: bool, code: int
) -> None:
    def fails(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 100, "", "E: no such package")

    monkeypatch.setattr(programs, "_way_to_install", lambda: [])
    monkeypatch.setattr(programs, "_agreed", lambda _: True)
    monkeypatch.setattr(subprocess, "run", fails)
    if is_ci:
        monkeypatch.setenv("CI", "true")

    assert programs.main() == code

    assert "E: no such package" in capsys.readouterr().out
