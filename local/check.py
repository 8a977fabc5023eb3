"""`make check`: lint, and the tests nearest to what changed since main, in about a minute (decision 0217).

A test file is near when it has changed itself, imports a changed module, or names a changed door or document,
itself or in one of `tests/helpers` that it imports.
Of many, those that import least run: they say most about the change. `make test` runs everything.
"""

import ast
import os
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import PurePosixPath

from local.emulator import ROOT
from local.progress import step

MOST_FILES = 12
"""They take about a minute on two cores: 7 processor seconds each on average, and pytest's start."""

_STACK = "tests/e2e/"
"""Tests of the deployed stack: deploying takes more than a minute."""


def changed(base: str) -> set[str]:
    """Paths that differ from where this branch left the base, those that git doesn't know yet included."""
    left = _git("merge-base", base, "HEAD").strip()
    return {
        path
        for path in (_git("diff", "--name-only", left) + _git("ls-files", "-o", "--exclude-standard")).split()
        if (ROOT / path).is_file()
    }


def nearest(paths: Iterable[str], tests: Iterable[str]) -> list[str]:
    """The test files near these paths, those that import least first."""
    paths = set(paths)
    names = {name for path in paths for name in _names(path)}
    helpers = {path for path in _helpers() if _says_one_of(path, names)}
    modules = {_module(path) for path in paths | helpers if path.endswith(".py")}
    found = [test for test in tests if test in paths or imported(test) & modules or _says_one_of(test, names)]
    return sorted(found, key=lambda test: (test not in paths, len(imported(test)), test))


@cache
def imported(path: str) -> frozenset[str]:
    """The modules that a file imports, also as names of their package."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(_text(path))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(found)


def _module(path: str) -> str:
    path = path.removeprefix("layers/common/").removesuffix(".py").removesuffix("/__init__")
    return path.replace("/", ".")


def _names(path: str) -> set[str]:
    """What a test calls a file that it doesn't import: a door its folder or path, a document its own name."""
    if path.startswith("functions/"):
        return {"/".join(PurePosixPath(path).parts[:2]) + '"', path + '"'}
    return set() if path.endswith(".py") else {f'"{PurePosixPath(path).name}"'}


def _says_one_of(path: str, names: Iterable[str]) -> bool:
    return any(name in _text(path) for name in names)


@cache
def _helpers() -> frozenset[str]:
    return frozenset(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/helpers/*.py"))


@cache
def _text(path: str) -> str:
    return (ROOT / path).read_text()


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def _runs(*command: str) -> bool:
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=False).returncode == 0


def main() -> int:
    paths = changed(os.environ.get("BASE") or "main")
    sources = sorted(path for path in paths if path.endswith(".py"))
    if sources:
        with step("ruff and mypy"):
            if not all(
                (
                    _runs("ruff", "format", "--check", "-q", *sources),
                    _runs("ruff", "check", "-q", *sources),
                    _runs("mypy", "--no-error-summary"),
                )
            ):
                return 1
    tests = {str(path.relative_to(ROOT)) for path in ROOT.glob("tests/**/test_*.py")}
    near = nearest(paths, sorted(one for one in tests if not one.startswith(_STACK)))
    print(f"{len(paths)} files changed, {len(near)} test files near them", end="")
    print(f", the {MOST_FILES} nearest run" if len(near) > MOST_FILES else "")
    return int(bool(near) and not _runs("pytest", "-q", "-n", "2", "--dist", "loadfile", *near[:MOST_FILES]))


if __name__ == "__main__":
    sys.exit(main())
