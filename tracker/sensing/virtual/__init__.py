"""A radio and sensors without hardware; `radio` and `sensor` in here need the extra `virtual`."""

from importlib.util import find_spec

from tracker.errors import UsageError


def require_virtual_radio() -> None:
    """Make sure that the virtual radio can be imported.

    Raises:
        UsageError: the extra that it needs is not installed.
    """
    if find_spec("bumble") is None:
        raise UsageError(
            "virtual sensors need the package bumble, which is not installed",
            advice="Install the extra `virtual`: pip install --require-hashes -r requirements/all.txt",
        )
