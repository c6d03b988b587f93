"""What a sensor's refusal means for a person, and what it would refuse."""

from firmware_protocol import Capabilities, RefusedAnswer, Status
from tracker.errors import BluetoothError
from tracker.sensing.parameters import LinkParameters

_OTHER_RECEIVER = "Disconnect it from any phone or other computer, then switch it off and on."
_RESTART = "Switch the sensor off and on, then try again."
_UPDATE = "Update the sensor's firmware, or this program."

_REASONS: dict[Status, tuple[str, str]] = {
    Status.BAD_OPCODE: ("its firmware does not know the request", _UPDATE),
    Status.BAD_LENGTH: ("its firmware reads the request differently", _UPDATE),
    Status.BAD_PARAMETER: (
        "it does not take this rate or range",
        "Choose a rate and ranges that the sensor offers; `tracker scan` shows them.",
    ),
    Status.WRONG_STATE: ("it is busy with something else", _RESTART),
    Status.BUSY: ("it is busy with something else", _OTHER_RECEIVER),
    Status.MTU_TOO_SMALL: (
        "the link carries too few bytes at a time (its MTU is too small)",
        "Use a Bluetooth adapter of version 4.2 or later, and bring its driver up to date.",
    ),
    Status.NOT_ENCRYPTED: (
        "it wants an encrypted link",
        "Pair the sensor in the system's Bluetooth settings, then try again.",
    ),
    Status.RANGE_GONE: ("it no longer has the samples that were asked for", _RESTART),
    Status.STORAGE_FAILURE: ("its memory has failed", _RESTART),
    Status.SENSOR_FAILURE: (
        "its motion sensor has failed",
        "Switch it off and on; if it stays so, use another sensor.",
    ),
}


class SensorRefusedError(BluetoothError):
    """A sensor answered a request with a refusal; `data["status"]` is its name."""


def refusal_error(name: str, doing: str, answer: RefusedAnswer) -> SensorRefusedError:
    """The error for a refused request.

    Args:
        name: the sensor's name.
        doing: the request's name, for example `START`.
    """
    if isinstance(answer.status, Status):
        reason, advice = _REASONS[answer.status]
        status = answer.status.name
    else:
        reason, advice = "for a reason of its maker's", _RESTART
        status = f"{answer.status:#04x}"
    return SensorRefusedError(
        f"{name} refused {doing}: {reason} ({status})", advice=advice, sensor=name, status=status
    )


def check_offered(name: str, capabilities: Capabilities, wanted: LinkParameters) -> None:
    """Refuse a rate or range that the sensor does not offer, naming those that it does.

    Raises:
        BluetoothError: the sensor offers other rates or ranges.
    """
    choices: tuple[tuple[str, str, tuple[float, ...]], ...] = (
        ("rate in Hz", "rate_hz", capabilities.sample_rates_hz),
        ("accelerometer range in g", "accelerometer_range_g", capabilities.accelerometer_ranges_g),
        ("gyroscope range in deg/s", "gyroscope_range_dps", capabilities.gyroscope_ranges_dps),
    )
    for what, key, offered in choices:
        value: int = getattr(wanted, key)
        if value not in offered:
            listed = ", ".join(f"{choice:g}" for choice in offered)
            raise BluetoothError(
                f"{name} does not offer {value:g} as {what}",
                advice=f"Set link.{key} in the settings to one of: {listed}.",
                sensor=name,
                offered=offered,
            )
