"""What a virtual sensor measures, and when. No radio in here."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt


class SampleFeed(Protocol):
    """The samples of one virtual sensor, as a pure function of their index.

    Index 0 is taken when the simulated motion begins, index k `k` sample intervals of the sensor's own
    clock later. The feed has no end.
    """

    @property
    def rate_hz(self) -> float:
        """Samples a second by the sensor's own clock."""
        ...

    def counts(self, first_index: int, count: int) -> npt.NDArray[np.int16]:
        """Raw samples `first_index` up to, not including, `first_index + count`.

        Returns:
            (count, 6) int16, accelerometer x, y, z then gyroscope x, y, z, full scale at the ranges that
            the sensor was told.
        """
        ...


@dataclass(frozen=True, slots=True)
class TickClock:
    """The oscillator of a virtual sensor.

    Attributes:
        tick_rate_hz: ticks a second by the sensor's own account.
        drift_ppm: how much faster than true time it runs, parts in a million.
        start_tick: count when the sensor is switched on; near 2**32 it shows the wrap.
    """

    tick_rate_hz: int = 1_000_000
    drift_ppm: float = 0.0
    start_tick: int = 0

    def interval_ticks(self, rate_hz: float) -> int:
        """Whole ticks between two samples at a nominal rate."""
        return max(1, round(self.tick_rate_hz / rate_hz))

    @property
    def true_tick_rate_hz(self) -> float:
        """Ticks in a second of true time."""
        return self.tick_rate_hz * (1.0 + self.drift_ppm * 1e-6)


class MotionClock:
    """The time of the simulated motion, one for all sensors of a radio.

    It stands at zero until the first sensor starts to sample, so that a script is seen from its beginning
    however long the search for sensors took.

    Args:
        time_scale: seconds of motion in one second of the host; above 1 only makes tests shorter.
    """

    def __init__(self, time_scale: float = 1.0) -> None:
        if not time_scale > 0:
            raise ValueError(f"time scale {time_scale!r} is not above zero")
        self._time_scale = time_scale
        self._began_s: float | None = None
        self._begun = asyncio.Event()

    @property
    def host_s(self) -> float:
        """The host's clock, in seconds of the scaled time; any origin."""
        return asyncio.get_running_loop().time() * self._time_scale

    @property
    def began_s(self) -> float | None:
        """When the motion began, on the clock `host_s`; None before."""
        return self._began_s

    @property
    def now_s(self) -> float:
        """Seconds of motion so far; 0 before it has begun."""
        return 0.0 if self._began_s is None else self.host_s - self._began_s

    def begin(self) -> float:
        """Let the motion begin now, unless it has already.

        Returns:
            Seconds of motion so far: exactly 0 for the call that begins it.
        """
        if self._began_s is None:
            self._began_s = self.host_s
            self._begun.set()
            return 0.0
        return self.now_s

    async def wait_until(self, motion_s: float) -> None:
        """Wait for a time of the motion, also for its beginning.

        Waits are by absolute deadlines, so that they never add up to a drift.
        """
        await self._begun.wait()
        # sleep(0) where it is late: a sensor that catches up must not keep others from the loop
        await asyncio.sleep(max(0.0, (motion_s - self.now_s) / self._time_scale))
