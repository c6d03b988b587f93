"""What a sensor cannot do, in words for the person who wears it."""

from collections.abc import Collection

from firmware_protocol.decoder import Lack
from tracker.errors import BluetoothError

_TEXTS: dict[Lack, str] = {
    Lack.TIMESTAMPS: "it does not tell when a sample was taken: times are those of arrival, some 10 ms off",
    Lack.LOSS_COUNT: "it does not number its samples: a short loss does not show, a longer one as a pause",
    Lack.BACKFILL: "it keeps nothing for later: what is lost while it is out of reach stays lost",
    Lack.COMMON_SAMPLING: "it samples acceleration and turning apart: they are brought together by time",
}


def lacks_text(lacks: Collection[Lack]) -> str:
    """What is lacking and what that means; empty where nothing is."""
    return "; ".join(text for lack, text in _TEXTS.items() if lack in lacks)


def check_usable(name: str, lacks: Collection[Lack]) -> None:
    """Refuse a sensor that cannot measure what is needed.

    Raises:
        BluetoothError: it has no gyroscope.
    """
    if Lack.GYROSCOPE in lacks:
        raise BluetoothError(
            f"{name} measures no turning (it has no gyroscope)",
            advice="Use a sensor with accelerometer and gyroscope; the README lists those that are known.",
            sensor=name,
        )
