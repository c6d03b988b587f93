"""What holds for all tests."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes on a busy machine says nothing about the program.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

_COMMANDS = Path(__file__).parent / "end_to_end"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Commands as a person calls them are the group of `make test-long`."""
    for item in items:
        if item.path.parent == _COMMANDS:
            item.add_marker(pytest.mark.long)
