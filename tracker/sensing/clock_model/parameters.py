"""What the clock model goes by."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ClockParameters:
    """How the envelope moves, and when a clock is corrected.

    Attributes:
        creep: rise of the envelope for each second of device time. Crystals differ by 100 ppm at most;
            twice that follows them, and between the packets that arrive without delay it adds little:
            0.2 ms after a second.
        slew: largest change of the offset for each second of device time once sample times have been given
            out; it is spread over the samples, so that they keep their distance but for this share.
        start_slew: the same while a start that came late is made up for: nobody exercises yet, and what comes
            later must not be shifted. Samples keep half their distance, and times are right twice as long
            after the first sample as it was late.
        stall_s: a first frame that came later than others by more was held up, by more than jitter explains.
        notice_share: a clock that runs wrong by more is told and corrected. Crystals keep to a hundredth of
            it; chips that count by their own oscillator do not.
        plausible_share: no oscillator runs wrong by more: arrivals that say so show the link.
        pace_after_s: device time over which the pace is judged, as soon as its arrivals agree. It must be
            over before exercises begin, and long enough that packets late by some ms show no wrong pace.
        paced_creep: `creep` of a clock that is corrected: what arrivals of `pace_after_s` leave open of its
            pace, and what warmth changes, follows by this. A pace that is off by more is taken anew.
        small_share: a clock that runs wrong by less is followed by the envelope. Twice the creep leaves it
            behind by 0.7 s in an hour at least.
        small_after_s: device time over which errors between `small_share` and `notice_share` are judged:
            packets late by a connection interval show a pace wrong by some hundredths of a percent before.
        small_within_s: as much of the newest device time is judged at most, as warmth changes the pace.
        felt_s: an error is corrected once it has added up to this; less may be a link that has become slower
            by some connection intervals.
    """

    creep: float = field(default=200e-6, metadata={"below": 0.01})
    slew: float = field(default=0.05, metadata={"above": 0.0, "below": 1.0})
    start_slew: float = field(default=0.5, metadata={"above": 0.0, "below": 1.0})
    stall_s: float = field(default=0.1, metadata={"above": 0.0})
    notice_share: float = field(default=0.01, metadata={"above": 0.0, "below": 1.0})
    plausible_share: float = field(default=0.1, metadata={"above": 0.0, "below": 0.5})
    pace_after_s: float = field(default=20.0, metadata={"above": 4.0})
    paced_creep: float = field(default=2e-3, metadata={"below": 0.01})
    small_share: float = field(default=400e-6, metadata={"above": 0.0, "below": 0.01})
    small_after_s: float = field(default=60.0, metadata={"above": 4.0})
    small_within_s: float = field(default=300.0, metadata={"above": 4.0})
    felt_s: float = field(default=0.1, metadata={"above": 0.0})
