"""Every scenario of the validation passes."""

import pytest
from checks import Scenario
from scenarios_counting import COUNTING_SCENARIOS
from scenarios_link import LINK_SCENARIOS
from scenarios_orientation import ORIENTATION_SCENARIOS
from scenarios_rest import REST_SCENARIOS

SCENARIOS = (*REST_SCENARIOS, *COUNTING_SCENARIOS, *LINK_SCENARIOS, *ORIENTATION_SCENARIOS)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.key)
def test_scenario(scenario: Scenario) -> None:
    checks = scenario.run()
    assert checks
    failed = [f"{one.what}: expected {one.expected}, got {one.got}" for one in checks if not one.passed]
    assert not failed
