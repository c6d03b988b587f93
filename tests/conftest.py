"""What holds for all tests."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes on a busy machine says nothing about the program.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
# What decides on a change draws the same examples each time; `make test` searches on with others.
settings.register_profile("same_examples", settings.get_profile("untimed"), derandomize=True)

_COMMANDS = Path(__file__).parent / "end_to_end"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Commands as a person calls them are the group of `make test-long`."""
    for item in items:
        if item.path.parent == _COMMANDS:
            item.add_marker(pytest.mark.long)
