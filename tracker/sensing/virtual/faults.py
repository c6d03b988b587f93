"""How a virtual sensor misbehaves. Pure values: no radio in here."""

from dataclasses import dataclass, field

from firmware_protocol.service import Feature, Opcode, Status
from tracker.sensing.virtual.delivery import DeliveryFaults
from tracker.sensing.virtual.rubbish import Rubbish


@dataclass(frozen=True, slots=True)
class RateChange:
    """The sensor samples at another rate from some time on, without being asked.

    Attributes:
        at_s: seconds of the simulated motion.
        rate_hz: the rate from then on, by the sensor's own clock.
    """

    at_s: float
    rate_hz: float


@dataclass(frozen=True, slots=True)
class FaultScript:
    """How a virtual sensor misbehaves; times are seconds of the simulated motion.

    Attributes:
        advertises: false where it cannot be found.
        answers: false where control requests are never answered.
        refuse_start: status that START is refused with; None takes it.
        refuses: statuses that requests are refused with, by opcode.
        mute: opcodes that are never answered, although what they ask for is done.
        wrong_ids: opcodes whose answers have another id than their request.
        drop_link_at_s: times at which the link breaks, in rising order.
        away_s: host seconds after a broken link before it advertises again.
        connection_interval_s: each notification waits for the next multiple of this; 0 sends at once.
        restart_at_s: times at which it loses power for a moment: the link breaks, ticks begin anew, and it
            knows no session, in rising order.
        battery_empty_at_s: the charge falls evenly to nothing by this time, and the sensor is gone.
        silent_s: intervals (start, end) in which it sends nothing although the link stands.
        drop_sequences: frames, by sequence number, that get lost.
        double_sequences: frames, by sequence number, that are sent twice.
        stream: what happens to frames on their way.
        backfill: what happens to records of Backfill on their way.
        rubbish: which values are random bytes.
        claims: features that it states but answers BAD_OPCODE to.
        claims_rates_hz: rates that it states but refuses.
        rate_change: it samples at another rate from some time on.
    """

    advertises: bool = True
    answers: bool = True
    refuse_start: Status | None = None
    refuses: dict[Opcode, Status] = field(default_factory=dict)
    mute: frozenset[Opcode] = frozenset()
    wrong_ids: frozenset[Opcode] = frozenset()
    drop_link_at_s: tuple[float, ...] = ()
    away_s: float = 0.0
    connection_interval_s: float = 0.0
    restart_at_s: tuple[float, ...] = ()
    battery_empty_at_s: float | None = None
    silent_s: tuple[tuple[float, float], ...] = ()
    drop_sequences: frozenset[int] = frozenset()
    double_sequences: frozenset[int] = frozenset()
    stream: DeliveryFaults = field(default_factory=DeliveryFaults)
    backfill: DeliveryFaults = field(default_factory=DeliveryFaults)
    rubbish: Rubbish = field(default_factory=Rubbish)
    claims: Feature = Feature.NONE
    claims_rates_hz: tuple[float, ...] = ()
    rate_change: RateChange | None = None

    def __post_init__(self) -> None:
        """Refuses a refusal that a request cannot get.

        Raises:
            ValueError: the status is OK, or speaks of stored samples.
        """
        for opcode, status in self._all_refused().items():
            if status in (Status.OK, Status.RANGE_GONE):
                raise ValueError(f"{opcode.name} is never refused with {status!r}")

    def refusal(self, opcode: Opcode) -> Status | None:
        """Status that a request is refused with whatever it asks for; None where it is looked at."""
        return self._all_refused().get(opcode)

    def is_silent(self, motion_s: float) -> bool:
        """True where nothing is sent at this time."""
        return any(start_s <= motion_s < end_s for start_s, end_s in self.silent_s)

    def copies(self, sequence: int) -> int:
        """How often a frame arrives: 0, 1 or 2 times."""
        if sequence in self.drop_sequences:
            return 0
        return 2 if sequence in self.double_sequences else 1

    def charge(self, full_percent: int, motion_s: float) -> int:
        """Charge at a time, percent, from what it is at the beginning."""
        if self.battery_empty_at_s is None:
            return full_percent
        left = max(0.0, 1.0 - motion_s / self.battery_empty_at_s)
        return round(full_percent * left)

    def _all_refused(self) -> dict[Opcode, Status]:
        start = {} if self.refuse_start is None else {Opcode.START: self.refuse_start}
        return {**self.refuses, **start}
