"""Every type of item says what becomes of it after a restore."""

import pytest

from local.emulator import ROOT
from local.restore_fates import AFTER_RESTORE, AfterRestore
from tests.helpers.stored_examples import kept_examples

RUNBOOK = (ROOT / "docs" / "runbook.md").read_text()


@pytest.mark.rule("C9", "C12")
def test_every_type_of_item_says_whether_a_restore_keeps_the_newer_one() -> None:
    types = {kind for kind, _ in kept_examples()}

    assert {"message", "customer", "stops"} < types
    assert set(AFTER_RESTORE) == types


@pytest.mark.rule("C9", "C12")
def test_the_runbook_names_every_type_that_a_restore_does_not_take_back() -> None:
    (row,) = [
        line
        for line in RUNBOOK.splitlines()
        if line.strip().startswith("Copied, where the old table's is newer:")
    ]
    named = {one.strip(" .`") for one in row.partition(":")[2].split(",")}

    assert named == {kind for kind, fate in AFTER_RESTORE.items() if fate is AfterRestore.NEWER}
