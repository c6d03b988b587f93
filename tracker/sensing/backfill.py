"""Fetches what was lost on the way from sensors that keep their samples."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from tracker.errors import BluetoothError
from tracker.sensing.drivers.driver import KeepsSamples, SampleSpan
from tracker.sensing.drivers.refusals import SensorRefusedError
from tracker.sensing.missing_samples import INDEX_WRAP, IndexRange, MissingSamples
from tracker.sensing.parameters import LinkParameters

BackfillNews = Callable[[bool, str], None]
"""Told that fetching begins (true) or has ended (false), and what could not be had, in plain words."""

_BUSY = "BUSY"
_GONE = "are no longer in the sensor's memory"
_DID_NOT_COME = "did not come although they were asked for"


class Backfill:
    """Fetching over one link; what is missing outlives it.

    Args:
        missing: the account of the session, which is brought up to date here.
        tell: is told when fetching begins and ends; must not wait.
    """

    def __init__(
        self,
        driver: KeepsSamples,
        missing: MissingSamples,
        parameters: LinkParameters,
        tell: BackfillNews,
    ) -> None:
        self._driver = driver
        self._missing = missing
        self._parameters = parameters
        self._tell = tell
        self._gap_seen = asyncio.Event()
        self._came = asyncio.Event()
        self._heard = False
        self._given_up: Counter[str] = Counter()

    def see(self, payload: bytes) -> None:
        """A notification arrived."""
        span = self._driver.span_of(payload)
        if span is None:
            return
        self._account(span)
        if self._missing.ranges:
            self._gap_seen.set()
        self._came.set()

    async def run(self) -> None:
        """Fetch whatever is missing, until cancelled or the sensor cannot do it; the link may break."""
        while True:
            await self._gap_seen.wait()
            # what is only late comes by itself
            await asyncio.sleep(self._parameters.fetch_delay_s)
            self._gap_seen.clear()
            if self._missing.ranges and not await self._fetch_all():
                return

    async def finish(self) -> None:
        """Fetch what is missing after the stream was stopped, as long as its time limit allows."""
        if self._driver.end_index is not None:
            self._missing.end_at(self._driver.end_index)
        if not self._missing.ranges:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(self._parameters.last_fetch_s):
                await self._fetch_all()

    def _account(self, span: SampleSpan) -> None:
        first_of_link, self._heard = not self._heard, True
        if span.begins_anew or (first_of_link and not self._driver.goes_on):
            self._missing.begin_anew()
        self._missing.see(span.first_index, span.samples)

    async def _fetch_all(self) -> bool:
        """Fetch until nothing is missing; false where it makes no sense to try again on this link."""
        self._tell(True, "")
        self._given_up.clear()
        reason = ""
        try:
            while self._missing.ranges:
                await self._fetch_some(self._missing.ranges[0])
            return True
        except BluetoothError as error:
            reason = f"what was lost cannot be fetched: {error.message}"
            return False
        finally:
            news = [f"{samples} samples {why}" for why, samples in self._given_up.items()]
            self._tell(False, "; ".join([*news, reason] if reason else news))

    async def _fetch_some(self, wanted: IndexRange) -> None:
        """Fetch the beginning of a range, or give it up.

        Raises:
            BluetoothError: the sensor refuses or stays mute, or the link broke.
        """
        longest = max(1, round(self._parameters.fetch_s * self._parameters.rate_hz))
        part = IndexRange(wanted.first, min(wanted.end, wanted.first + longest))
        for _ in range(self._parameters.fetch_attempts):
            came_from = await self._ask_for(part)
            first = part.first + (came_from - part.first) % INDEX_WRAP
            if first > part.first:
                self._give_up(IndexRange(part.first, min(first, part.end)), _GONE)
                return
            if await self._wait_for(part):
                return
            await self._driver.abort_fetch()
        self._give_up(part, _DID_NOT_COME)

    def _give_up(self, part: IndexRange, why: str) -> None:
        self._given_up[why] += self._left_of(part)
        self._missing.drop(part)

    async def _ask_for(self, part: IndexRange) -> int:
        try:
            return await self._driver.fetch(part.first % INDEX_WRAP, part.end % INDEX_WRAP)
        except SensorRefusedError as error:
            if error.data["status"] != _BUSY:
                raise
        # it still sends what was asked for before: over this link or the one before
        await self._driver.abort_fetch()
        return await self._driver.fetch(part.first % INDEX_WRAP, part.end % INDEX_WRAP)

    async def _wait_for(self, part: IndexRange) -> bool:
        """Wait until a range has come; false where nothing of it came for too long."""
        limit_s = self._parameters.fetch_silence_s
        left, progress_ns = self._left_of(part), time.monotonic_ns()
        while left:
            self._came.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._came.wait(), limit_s)
            now_left = self._left_of(part)
            if now_left < left:
                left, progress_ns = now_left, time.monotonic_ns()
            elif (time.monotonic_ns() - progress_ns) * 1e-9 >= limit_s:
                return False
        return True

    def _left_of(self, part: IndexRange) -> int:
        """Samples of a range that are still missing."""
        return sum(
            max(0, min(one.end, part.end) - max(one.first, part.first)) for one in self._missing.ranges
        )
