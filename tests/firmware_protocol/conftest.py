"""The encoder in C, compiled once and running, for each way to compile it that this computer has."""

from collections.abc import Iterator

import pytest
from c_targets import AVAILABLE, Encoder, Target


@pytest.fixture(scope="session", params=AVAILABLE, ids=lambda target: target.name)
def encoder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Encoder]:
    """The running encoder of a target."""
    target: Target = request.param
    with Encoder(target.build(tmp_path_factory.mktemp(target.name))) as running:
        yield running
