"""What a counter tells as soon as it knows it."""

from dataclasses import dataclass

from tracker.model import Side


@dataclass(frozen=True, slots=True)
class RepetitionClosed:
    """A repetition was counted, or a partial one recognised; its end may still be to come.

    Attributes:
        time_s: time of the sample that closed it.
        rom_rad: its range; None where the sensor was at its range's end.
        reasons: why it is partial; empty for a valid one.
        ordinal: number of valid repetitions of the leg in this set so far, this one included if valid.
    """

    side: Side | None
    time_s: float
    rom_rad: float | None
    valid: bool
    ordinal: int
    reasons: tuple[str, ...] = ()
