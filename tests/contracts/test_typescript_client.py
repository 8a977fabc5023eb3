"""Types generated from docs/openapi.json, and a small program that uses them, pass `tsc --strict`."""

import shutil
import subprocess
from pathlib import Path

import pytest

from local.emulator import ROOT
from local.openapi import DOCUMENT

CLIENT = ROOT / "tests" / "clients"
MODULES = CLIENT / "node_modules"
NODE = ROOT / ".venv" / "bin" / "node"


def _run(*words: str, cwd: Path) -> str:
    done = subprocess.run([NODE, *words], cwd=cwd, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"{' '.join(words)} said:\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
    return done.stdout + done.stderr


@pytest.mark.rule("X4")
def test_types_made_from_the_document_carry_a_program_under_strict_checks(tmp_path: Path) -> None:
    if not MODULES.exists():
        pytest.fail("the tools of the generated client are missing: make setup")
    for name in ("program.ts", "tsconfig.json"):
        shutil.copy(CLIENT / name, tmp_path)
    (tmp_path / "node_modules").symlink_to(MODULES)
    generator = MODULES / "openapi-typescript" / "bin" / "cli.js"

    said = _run(
        *(str(generator), str(DOCUMENT), "--default-non-nullable=false", "-o", str(tmp_path / "schema.d.ts")),
        cwd=tmp_path,
    )
    _run(str(MODULES / "typescript" / "bin" / "tsc"), "-p", str(tmp_path), cwd=tmp_path)

    assert "warn" not in said.lower(), said
    types = (tmp_path / "schema.d.ts").read_text()
    assert "unknown[]" not in types, "a list of anything: give its entries a type"


def test_the_locked_tools_have_their_hashes_and_no_address() -> None:
    locked = (CLIENT / "package-lock.json").read_text()

    assert locked.count('"integrity": "sha512-') > 30
    assert '"resolved"' not in locked
