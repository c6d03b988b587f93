"""What a person is told of a sensor whose clock runs wrong."""

from collections.abc import Sequence

from tracker.sensing.clock_model.drift import DriftEstimate
from tracker.sensing.clock_model.pace import Pace
from tracker.sensing.clock_model.parameters import ClockParameters

_SURE_SHARE = 0.5
"""Of `pace_after_s`: a line below arrivals of fewer seconds, as in the halves that the pace is judged by, may
show the link as well as the clock."""

_IN_TENTHS = 0.001
"""Smaller shares are told in hundredths of a percent."""


def clock_text(drift: DriftEstimate | None, paces: Sequence[Pace], parameters: ClockParameters) -> str | None:
    """What is wrong with a clock, and which times and rates that concerns; None where it runs right.

    Args:
        paces: how the clock was corrected.
    """
    sure = drift is not None and drift.span_s >= _SURE_SHARE * parameters.pace_after_s
    drift_share = drift.drift_ppm * 1e-6 if drift is not None and sure else None
    if paces:
        return _corrected_text(drift_share, paces, parameters.notice_share)
    if drift is not None and drift.span_s >= parameters.small_after_s:
        # Small ones show over minutes alone. What the envelope follows by itself needs no word.
        share = abs(drift.drift_ppm) * 1e-6
        left_behind = share > parameters.small_share and share * drift.span_s > parameters.felt_s
    else:
        left_behind = drift_share is not None and abs(drift_share) > parameters.notice_share
    if drift is None or not left_behind:
        return None
    text = _wrong_by(drift.drift_ppm * 1e-6, _digits([drift.drift_ppm * 1e-6]))
    return f"its clock runs {text}: times and rates are off by as much"


def _corrected_text(drift_share: float | None, paces: Sequence[Pace], notice_share: float) -> str:
    first, newest = paces[0], paces[-1]
    shares = [1.0 / one.factor - 1.0 for one in paces]
    digits = _digits(shares)
    was = _wrong_by(shares[0], digits)
    if len(paces) > 1:
        now = _wrong_by(shares[-1], digits)
        return (
            f"its clock was taken to run {was} from {first.since_s:.0f} s on and {now} from "
            f"{newest.since_s:.0f} s on: times and rates in between may be off"
        )
    if drift_share is not None and abs((1.0 + drift_share) * newest.factor - 1.0) > notice_share:
        return (
            f"its clock was taken to run {was} from {first.since_s:.0f} s on, but all its "
            f"frames together say {_wrong_by(drift_share, digits)}: times and rates may be off"
        )
    times = "times are not yet" if newest.settled_s is None else f"times from {newest.settled_s:.0f} s on"
    return f"its clock runs {was}: rates are right from {newest.since_s:.0f} s on, {times}"


def _digits(shares: Sequence[float]) -> int:
    """Of percents: all shares of a sentence have as many."""
    return 1 if max(abs(share) for share in shares) >= _IN_TENTHS else 2


def _wrong_by(share: float, digits: int) -> str:
    return f"{abs(share):.{digits}%} {'fast' if share > 0 else 'slow'}"
