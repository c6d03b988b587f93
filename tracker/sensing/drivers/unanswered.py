"""What is told of a request that gets no answer."""

from tracker.errors import BluetoothError


def no_answer_error(name: str, doing: str, timeout_s: float) -> BluetoothError:
    """The error for a sensor that stays mute.

    Args:
        name: the sensor's name.
        doing: the request's name, for example `START`.
    """
    return BluetoothError(
        f"{name} did not answer {doing} within {timeout_s:g} s",
        advice="Switch the sensor off and on; if it stays so, bring it closer or charge it.",
        sensor=name,
        request=doing,
    )


def broke_off_error(name: str, doing: str) -> BluetoothError:
    """The error for a link that breaks before the answer comes."""
    return BluetoothError(
        f"the link to {name} broke during {doing}",
        advice="Bring the sensor closer to the computer, and check its charge.",
        sensor=name,
        request=doing,
    )
