"""Frames in the order of their samples: those ahead of a gap wait until what is missing is sent again."""

from bisect import bisect_right

from tracker.session.backfill_parameters import BackfillParameters
from tracker.session.received_frames import INDEX_WRAP, ReceivedFrames

_HALF_WRAP = INDEX_WRAP // 2


class FrameOrder:
    """The frames of one sensor that wait.

    Args:
        others_wait: whether other sensors' samples wait for those of this one.
    """

    def __init__(self, parameters: BackfillParameters, *, others_wait: bool) -> None:
        self.keeps_samples = False
        """Whether the sensor can send again what was lost."""
        self._others_wait = others_wait
        self._longest_s = parameters.longest_s
        self._held_samples = parameters.held_samples
        self._wait_ns = _nanoseconds(parameters.wait_s)
        self._reorder_ns = _nanoseconds(parameters.reorder_s)
        self._frames: list[ReceivedFrames] = []
        self._steps: list[int] = []
        self._origin_index = 0
        self._samples = 0
        self._since_ns = 0
        self._passed_ns = 0

    def __len__(self) -> int:
        """Number of frames that wait."""
        return len(self._frames)

    def see_passed(self, frames: ReceivedFrames) -> None:
        """Frames had their turn; the sensor was heard when those that were not sent again arrived."""
        live_ns = frames.received_ns if frames.backfilled is None else frames.received_ns[~frames.backfilled]
        if len(live_ns):
            self._passed_ns = max(self._passed_ns, int(live_ns.max()))

    def waits(self, frame: ReceivedFrames, missing_s: float) -> bool:
        """Whether a frame ahead of a gap has to wait; `missing_s` is how long the samples missing took."""
        if len(self):
            return True
        if self.keeps_samples and not self._others_wait and missing_s > self._longest_s:
            return False
        return not self._is_over(int(frame.received_ns[0]), int(frame.received_ns[0]))

    def hold(self, frame: ReceivedFrames, next_index: int) -> None:
        """Keep a frame; `next_index` is that of the sample which is expected next."""
        received_ns = int(frame.received_ns[0])
        if len(self):
            self._since_ns = min(self._since_ns, received_ns)
        else:
            self._origin_index, self._since_ns = next_index, received_ns
        step = self._steps_to(int(frame.first_indices[0]))
        place = bisect_right(self._steps, step)
        self._steps.insert(place, step)
        self._frames.insert(place, frame)
        self._samples += int(frame.counts[0])

    def is_overdue(self, now_ns: int) -> bool:
        """Whether what is missing first is given up when the sensor sends something at a time."""
        if not len(self):
            return False
        return self._samples > self._held_samples or self._is_over(now_ns, self._since_ns)

    def follows(self, next_index: int) -> bool:
        """Whether a frame waits that nothing is missing before any more."""
        return len(self) > 0 and self._steps[0] <= self._steps_to(next_index)

    def next_run(self) -> ReceivedFrames:
        """The first frames that wait, up to the next gap; they wait no more."""
        end = 1
        reached = self._steps[0] + int(self._frames[0].counts[0])
        while end < len(self._steps) and self._steps[end] <= reached:
            reached = max(reached, self._steps[end] + int(self._frames[end].counts[0]))
            end += 1
        run = ReceivedFrames.joined(self._frames[:end])
        del self._frames[:end], self._steps[:end]
        self._samples -= int(run.counts.sum())
        self._since_ns = min((int(frame.received_ns[0]) for frame in self._frames), default=0)
        return run

    def _is_over(self, now_ns: int, since_ns: int) -> bool:
        """Whether the time is over, where the first frame that waits has done so since `since_ns`."""
        if not self.keeps_samples:
            return now_ns - self._passed_ns >= self._reorder_ns
        return now_ns - (self._passed_ns if self._others_wait else since_ns) >= self._wait_ns

    def _steps_to(self, index: int) -> int:
        """Samples from where the first frame began to wait to an index as sent."""
        return (index - self._origin_index + _HALF_WRAP) % INDEX_WRAP - _HALF_WRAP


def _nanoseconds(seconds: float) -> int:
    return round(seconds * 1e9)
