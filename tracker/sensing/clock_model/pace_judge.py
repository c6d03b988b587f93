"""When a sensor's ticks are counted at another pace.

An error of percents shows in some seconds and is corrected before exercises begin. A small one shows in
minutes alone, by the line below all arrivals of that time; crystals never come so far.
"""

from tracker.model import FloatArray
from tracker.sensing.clock_model.drift import LOOKED_AT_S
from tracker.sensing.clock_model.pace import FoundDrift, PaceEvidence, PaceWindow
from tracker.sensing.clock_model.parameters import ClockParameters

_AGREEING_SHARE = 0.5
"""Of the share that is told: slopes that differ by less are the same. Those of 10 s of arrivals that are late
by up to 40 ms, eleven in two seconds, are off by 0.06 % (one sigma); those of 30 s by a ninth of that."""


class PaceJudge:
    """Judges one start of a sensor by the arrivals of its frames.

    Attributes:
        look_at_s: counted seconds from which on the pace is to be judged again.
    """

    def __init__(self, parameters: ClockParameters) -> None:
        after_s = parameters.pace_after_s
        self._parameters = parameters
        self._evidence = PaceEvidence(max(after_s, parameters.small_within_s), parameters.plausible_share)
        self._soon = PaceWindow(0.0, after_s, _AGREEING_SHARE * parameters.notice_share)
        least_s, most_s = parameters.small_after_s, parameters.small_within_s
        self._long = PaceWindow(least_s, most_s, _AGREEING_SHARE * parameters.small_share)
        # what warmth changes in minutes; the creep follows what the halves differ by
        self._warm = PaceWindow(least_s, least_s, _AGREEING_SHARE * parameters.paced_creep)
        self._found_right = False
        self.look_at_s = after_s

    def add(self, counted_s: FloatArray, late_s: FloatArray) -> None:
        """Add frames: device time as it is counted, arrival less that, both (N,) with at least one."""
        self._evidence.add(counted_s, late_s)

    def least_offset_s(self, pace: float) -> float:
        """Least difference of arrival and device time of the newest frames, counted at a pace."""
        return self._evidence.least_offset_s(pace, self._soon)

    def judged(self, counted_s: float, pace: float, *, corrected: bool) -> float | None:
        """Another pace at which ticks have to be counted; None to go on. It sets when to look again.

        Where arrivals do not agree, or are too scattered for an error to be sure, the next ones may. A clock
        that was found wrong stays looked at by seconds too: it changes with warmth, and the link may have
        fooled the judgement.

        Args:
            counted_s: of the newest frame.
            pace: at which ticks are counted now.
            corrected: whether arrivals have shown that pace.
        """
        self.look_at_s = counted_s + self._parameters.pace_after_s
        if self._found_right and not corrected:
            return self._judged_long(self._long, pace)
        found = self._evidence.drift(self._soon)
        if found is None:
            self.look_at_s = _next_span_s(counted_s)
        elif not corrected and abs(found.share) <= self._parameters.notice_share:
            self._found_right = True
        elif abs(_off(found, pace)) - found.share_95 > self._taken_anew(pace):
            return 1.0 / (1.0 + found.share)
        elif not corrected:
            self.look_at_s = _next_span_s(counted_s)
        factor = self._judged_long(self._long, pace)
        return self._judged_long(self._warm, pace) if factor is None and corrected else factor

    def _taken_anew(self, pace: float) -> float:
        """Seconds alone change a pace where they showed it, or where they show errors of their size."""
        notice_share = self._parameters.notice_share
        return self._parameters.paced_creep if abs(1.0 / pace - 1.0) > notice_share else notice_share

    def _judged_long(self, window: PaceWindow, pace: float) -> float | None:
        found = self._evidence.unproven(window)
        if found is None:
            return None
        off, parameters = abs(_off(found, pace)), self._parameters
        left_behind = off > parameters.small_share and off * found.span_s > parameters.felt_s
        return 1.0 / (1.0 + found.share) if left_behind and self._evidence.agrees(window, found) else None


def _off(found: FoundDrift, pace: float) -> float:
    """By which share a clock runs fast that is counted at a pace."""
    return pace * (1.0 + found.share) - 1.0


def _next_span_s(counted_s: float) -> float:
    """When the next span of arrivals is over."""
    return (counted_s // LOOKED_AT_S + 1.0) * LOOKED_AT_S
