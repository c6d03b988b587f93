"""Every scenario on single bodies and real recordings passes, and the report is of this version."""

import pytest
from checks import Scenario
from write_report import REPORT, all_scenarios

from tracker.session.version import ANALYSIS_VERSION

SCENARIOS = [one for one in all_scenarios() if not one.key.startswith("P")]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.key)
def test_scenario(scenario: Scenario) -> None:
    if scenario.missing is not None:
        pytest.skip(scenario.missing)
    checks = scenario.run()
    assert checks
    failed = [f"{one.what}: expected {one.expected}, got {one.got}" for one in checks if not one.passed]
    assert not failed


def test_the_report_is_of_this_version_and_of_all_scenarios() -> None:
    text = REPORT.read_text(encoding="utf-8")
    assert f"Analysis version {ANALYSIS_VERSION};" in text
    assert [one.key for one in all_scenarios() if f"\n## {one.key}\n" not in text] == []
    assert "FAILED" not in text
