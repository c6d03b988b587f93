"""Live sensors over Bluetooth LE as one source."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from types import TracebackType
from typing import Self

from tracker.errors import BluetoothError, UsageError
from tracker.model import Placement, SensorIdentity
from tracker.sensing.finder import Finder
from tracker.sensing.found import FoundSensor
from tracker.sensing.parameters import LinkParameters
from tracker.sensing.radio import Radio
from tracker.sensing.scanner import find, no_sensor_error
from tracker.sensing.sensor_link import SensorLink
from tracker.sensing.source import ItemQueue, LinkState, SourceItem

DEFAULT_PARAMETERS = LinkParameters()
SYSTEM_RADIO = Radio()


class BluetoothSource:
    """Sensors that stream over Bluetooth; a `SensorSource`, to be entered once.

    Each sensor that gets lost is searched and started again by itself, while the others go on.

    Args:
        assignments: the sensor at each placement: its address, advertised name or id.
        parameters: how the links are run.
        radio: which radio is used.

    Raises:
        UsageError: no sensor, or one sensor at two placements.
    """

    def __init__(
        self,
        assignments: Mapping[Placement, str],
        parameters: LinkParameters = DEFAULT_PARAMETERS,
        radio: Radio = SYSTEM_RADIO,
    ) -> None:
        if not assignments:
            raise UsageError("no sensor is given", advice="Give a sensor for one placement at least.")
        if len({wanted.casefold() for wanted in assignments.values()}) < len(assignments):
            raise UsageError(
                "one sensor is given for two placements", advice="Give each placement a sensor of its own."
            )
        self._parameters = parameters
        self._radio = radio
        self._queue = ItemQueue(parameters.queue_items)
        self._supervision: asyncio.Task[None] | None = None
        self._entered = False
        self._assignments = dict(assignments)
        self._links = self._make_links()

    @property
    def sensors(self) -> Mapping[Placement, SensorIdentity]:
        """The sensors by placement; known from entering on.

        Raises:
            RuntimeError: the source has not been entered.
        """
        return {placement: link.identity for placement, link in self._links.items()}

    @property
    def dropped(self) -> Mapping[Placement, int]:
        """Items that the consumer was too slow for, by placement."""
        return self._queue.dropped

    async def __aenter__(self) -> Self:
        if self._entered:
            raise RuntimeError("a source is entered once; make another one for the next session")
        self._entered = True
        try:
            await self._establish_all()
        except BaseException:
            await self._stop_links()
            raise
        self._supervision = asyncio.create_task(self._supervise())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    def items(self) -> AsyncIterator[SourceItem]:
        """What arrives, in order; see `SensorSource.items`.

        Raises:
            BluetoothError: every sensor was lost and did not come back.
        """
        return aiter(self._queue)

    async def stop(self) -> None:
        """Stop all sensors and end the iteration after what has arrived; again changes nothing."""
        supervision, self._supervision = self._supervision, None
        if supervision is None:
            return
        supervision.cancel()
        await asyncio.wait({supervision})
        await self._stop_links()
        if not supervision.cancelled():
            supervision.result()

    def _make_links(self) -> dict[Placement, SensorLink]:
        # the sensors' sessions need not differ from each other, only from those of earlier sources
        session = secrets.randbelow(0xFFFF_FFFF) + 1
        finder = Finder(self._radio)
        return {
            placement: SensorLink(
                placement,
                wanted,
                session,
                parameters=self._parameters,
                radio=self._radio,
                finder=finder,
                queue=self._queue,
            )
            for placement, wanted in self._assignments.items()
        }

    async def _establish_all(self) -> None:
        """Search all sensors together, then connect them all at once."""
        for link in self._links.values():
            link.report(LinkState.SEARCHING)
        scan_s = self._parameters.scan_s
        found = await find(self._assignments.values(), scan_s, radio=self._radio)
        missing = [
            f"{placement} ({wanted})"
            for placement, wanted in self._assignments.items()
            if wanted not in found
        ]
        if missing:
            raise no_sensor_error(scan_s, missing)
        self._check_distinct(found)
        try:
            async with asyncio.TaskGroup() as group:
                for placement, link in self._links.items():
                    group.create_task(link.establish(found[self._assignments[placement]]))
        except BaseExceptionGroup as errors:
            # the first sensor that fails ends the start; what the others met then only follows from that
            raise errors.exceptions[0] from None

    def _check_distinct(self, found: Mapping[str, FoundSensor]) -> None:
        """Refuse one sensor that is named twice, as once by its address and once by its name."""
        first: dict[str, str] = {}
        for wanted, sensor in found.items():
            other = first.setdefault(sensor.address, wanted)
            if other != wanted:
                raise UsageError(
                    f"{other} and {wanted} are one sensor, {sensor.label} at {sensor.address}",
                    advice="Give each placement a sensor of its own; `tracker scan` tells their addresses.",
                )

    async def _supervise(self) -> None:
        """Run all links; where the last one is given up, the source ends with an error."""
        try:
            async with asyncio.TaskGroup() as group:
                for link in self._links.values():
                    group.create_task(link.run())
        except BaseExceptionGroup:
            # a defect of this program: the consumer must not wait for ever, and stop() raises it
            self._queue.close()
            raise
        self._queue.close(
            BluetoothError(
                "every sensor was lost and did not come back",
                advice="Charge the sensors and bring them close to the computer, then start again.",
            )
        )

    async def _stop_links(self) -> None:
        ends = await asyncio.gather(*(link.stop() for link in self._links.values()), return_exceptions=True)
        self._queue.close()
        for end in ends:
            # a defect of this program, or of a driver: told once every sensor has been let go
            if isinstance(end, BaseException):
                raise end
