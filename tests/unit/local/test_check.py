"""`make check` picks the tests that are nearest to a change."""

from local.check import imported, nearest
from local.emulator import ROOT

TESTS = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/**/test_*.py"))


def test_a_module_is_near_to_the_tests_that_import_it_and_those_that_import_least_come_first() -> None:
    near = nearest(["local/check.py", "local/template.py"], TESTS)

    assert "tests/unit/local/test_check.py" in near
    assert "tests/contracts/test_template.py" in near
    assert [len(imported(test)) for test in near] == sorted(len(imported(test)) for test in near)
    assert all(imported(test) & {"local.check", "local.template"} for test in near)


def test_a_test_that_changed_runs_before_all_others() -> None:
    changed = "tests/contracts/test_template.py"

    assert nearest([changed, "local/check.py"], TESTS)[0] == changed


def test_a_door_and_a_document_are_near_to_the_tests_that_name_them() -> None:
    assert "tests/integration/doors/test_logs.py" in nearest(["functions/customers/handler.py"], TESTS)
    assert "tests/contracts/test_settings.py" in nearest(["docs/runbook.md"], TESTS)


def test_a_door_that_a_helper_names_is_near_to_the_tests_that_import_the_helper() -> None:
    near = nearest(["functions/campaign_scheduler/queue_nights.py"], TESTS)

    assert "tests/integration/campaigns/test_send.py" in near
    assert "tests/integration/vin/test_vin.py" not in near
