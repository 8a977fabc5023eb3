"""Which rules have landed, what they say, and the report of their tests that `make rules` prints.

A rule counts as shown when at least one test is marked with its id and every such test passed in this run.
"""

import re
from collections import defaultdict
from typing import Any

import pytest

from local.emulator import ROOT

LANDED = (
    *(f"S{number}" for number in range(1, 28)),
    *(f"C{number}" for number in range(1, 29)),
    *(f"P{number}" for number in range(1, 10)),
    *(f"K{number}" for number in range(1, 9)),
    *(f"M{number}" for number in range(1, 9)),
    *(f"X{number}" for number in range(1, 8)),
    "X9",
)
PAGE = ROOT / "docs" / "rules.md"
_RULE = re.compile(
    r"^- \*\*(?P<rule>[A-Z]\d+)\*\* (?P<says>.+?)(?P<open> \*(?:Not built yet|Under way)\.\*)?$"
)


def said() -> dict[str, tuple[str, bool]]:
    """Each rule of the page: what it says, and whether the page says that it is yet to come.

    Raises ValueError for an item that is no rule, or a rule that stands twice.
    """
    rules: dict[str, tuple[str, bool]] = {}
    for line in PAGE.read_text().splitlines():
        if not line.startswith("- "):
            continue
        found = _RULE.match(line)
        if found is None or found["rule"] in rules:
            raise ValueError(f"{PAGE.name}: each item is one rule, `- **S1** Sentence.`: {line}")
        rules[found["rule"]] = found["says"], found["open"] is not None
    return rules


class RulesReport:
    """A pytest plugin: gathers each rule's tests and outcomes, prints them, and fails the run for a gap."""

    def __init__(self) -> None:
        self.tests: dict[str, list[str]] = defaultdict(list)
        self.outcomes: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        properties: dict[str, Any] = dict(report.user_properties)
        test = properties.get("test", report.nodeid)
        for rule in properties.get("rules", ()):
            if test not in self.tests[rule]:
                self.tests[rule].append(test)
        if report.when == "call" or report.outcome != "passed":
            self.outcomes[test] = report.outcome

    def gaps(self) -> dict[str, str]:
        """Landed rules that aren't shown, and why."""
        found = {rule: "no test" for rule in LANDED if not self.tests[rule]}
        for rule, tests in self.tests.items():
            outcomes = [self.outcomes.get(test) for test in tests]
            bad = len(outcomes) - outcomes.count("passed") - outcomes.count("skipped")
            if bad or "passed" not in outcomes:
                found[rule] = f"{bad or len(outcomes)} of {len(outcomes)} not passed"
        return found

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if session.exitstatus == pytest.ExitCode.OK and self.gaps():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        gaps = self.gaps()
        sentences = said()
        terminalreporter.section("rules")
        for rule in sorted({*LANDED, *self.tests}, key=lambda rule: (rule[0], int(rule[1:]))):
            sentence, _ = sentences.get(rule, ("not on the page", True))
            terminalreporter.write_line(f"{rule:4} {gaps.get(rule, 'shown')}: {sentence}")
            for name, count in sorted(_by_function(self.tests[rule]).items()):
                terminalreporter.write_line(f"       {name}{f' ({count} cases)' if count > 1 else ''}")
        unknown = f", missing: {' '.join(gaps)}" if gaps else ""
        terminalreporter.write_line(
            f"{len(LANDED) - len(set(gaps) & set(LANDED))} of {len(LANDED)} rules{unknown}"
        )


def rules_of(item: pytest.Item) -> list[str]:
    """The ids that a test is marked with."""
    return sorted({rule for marker in item.iter_markers("rule") for rule in marker.args})


def _by_function(tests: list[str]) -> dict[str, int]:
    """Parametrized cases counted under their function."""
    counts: dict[str, int] = defaultdict(int)
    for test in tests:
        counts[test.partition("[")[0]] += 1
    return counts
