"""Which of several sensors is moved: tells where each is worn, before anything is known of them."""

from collections import deque
from collections.abc import Mapping

import numpy as np

from tracker.model import Notification, Placement, SensorIdentity
from tracker.sensing.drivers.registry import decoder_of

WINDOW_S = 1.0
"""A knee that is lifted moves for about a second each way."""

MOVED_RAD_PER_S = 0.35
"""20 deg/s, root mean square over the window: a lifted knee turns the thigh by 40 deg a second and more,
a leg that lies or stands still by less than 5."""

CLEAR_RATIO = 2.5
"""So many times more than the next one: the pelvis and the other thigh take part by less than a third."""


class MovementWatch:
    """Watches several sensors until one of them has clearly been moved, and has come to rest again.

    Args:
        sensors: by placement; here the placement only tells them apart.
    """

    def __init__(self, sensors: Mapping[Placement, SensorIdentity]) -> None:
        self._activities = {placement: _Activity(identity) for placement, identity in sensors.items()}

    def begin(self) -> None:
        """Forget what was seen: from now on it counts."""
        for activity in self._activities.values():
            activity.begin()

    def take(self, notification: Notification) -> None:
        """See what a sensor sent."""
        self._activities[notification.placement].take(notification)

    def at_rest_again(self) -> bool:
        """Whether something was moved since `begin`, and nothing is now."""
        return bool(self.moved()) and all(
            one.now_rad_per_s < 0.5 * MOVED_RAD_PER_S for one in self._activities.values()
        )

    def moved(self) -> tuple[Placement, ...]:
        """The sensors that were moved since `begin`, the one that moved most first.

        Only one where it moved clearly more than all others; several where that cannot be told.
        """
        peaks = {placement: one.peak_rad_per_s for placement, one in self._activities.items()}
        order = sorted(peaks, key=lambda placement: -peaks[placement])
        most = peaks[order[0]]
        if most < MOVED_RAD_PER_S:
            return ()
        return tuple(placement for placement in order if peaks[placement] * CLEAR_RATIO > most)


class _Activity:
    """How much one sensor turns: the root mean square of its rate over the window, and its peak."""

    def __init__(self, identity: SensorIdentity) -> None:
        self._decoder = decoder_of(identity)
        self._recent: deque[tuple[float, float]] = deque()
        self.now_rad_per_s = 0.0
        self.peak_rad_per_s = 0.0

    def begin(self) -> None:
        self._recent.clear()
        self.now_rad_per_s = self.peak_rad_per_s = 0.0

    def take(self, notification: Notification) -> None:
        received_ns = np.array([notification.received_ns], dtype=np.int64)
        batch = self._decoder.decode([notification.payload], received_ns)
        if not len(batch):
            return
        interval_s = float(batch.interval_ticks[0]) / self._decoder.description.tick_rate_hz
        # (seconds, turned squared) of each notification: their sums give the mean square of the window
        squared = float(np.sum(batch.gyroscope_rad_per_s**2)) * interval_s
        self._recent.append((len(batch) * interval_s, squared))
        while sum(seconds for seconds, _ in self._recent) - self._recent[0][0] >= WINDOW_S:
            self._recent.popleft()
        seconds = max(WINDOW_S, sum(seconds for seconds, _ in self._recent))
        self.now_rad_per_s = (sum(squares for _, squares in self._recent) / seconds) ** 0.5
        self.peak_rad_per_s = max(self.peak_rad_per_s, self.now_rad_per_s)
