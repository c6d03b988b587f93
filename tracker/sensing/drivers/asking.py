"""Requests whose answers come as notifications: one at a time, each within its time."""

import asyncio
from collections.abc import Callable
from typing import Any, Literal

from tracker.sensing.drivers.unanswered import broke_off_error, no_answer_error
from tracker.sensing.gatt import GattLink


class Asking:
    """Writes requests to one characteristic, and waits for what is given to `take`.

    Args:
        uuid: characteristic that requests are written to.
        timeout_s: longest wait for an answer.
    """

    def __init__(self, gatt: GattLink, uuid: str, timeout_s: float) -> None:
        self._gatt = gatt
        self._uuid = uuid
        self._timeout_s = timeout_s
        self._came: asyncio.Queue[bytes] = asyncio.Queue()
        self._one_at_a_time = asyncio.Lock()

    def take(self, data: bytes, _received_ns: int = 0) -> None:
        """What the sensor says: an answer, a late one, or something else."""
        self._came.put_nowait(data)

    async def ask(self, request: bytes, is_answer: Callable[[bytes], bool], *, doing: str) -> bytes:
        """Send a request and wait for its answer.

        Args:
            is_answer: whether something that came is the answer; must not raise.
            doing: what the request is called in messages.

        Raises:
            BluetoothError: no answer in time, or the link broke.
        """
        async with self._one_at_a_time:
            while not self._came.empty():
                self._came.get_nowait()
            await self._gatt.write(self._uuid, request, doing=doing)
            return await self.next(is_answer, doing=doing)

    async def next(self, is_answer: Callable[[bytes], bool], *, doing: str) -> bytes:
        """Wait for something that goes on with an answer.

        Raises:
            BluetoothError: nothing in time, or the link broke.
        """
        lost = asyncio.ensure_future(self._gatt.lost.wait())
        try:
            async with asyncio.timeout(self._timeout_s):
                while True:
                    coming = asyncio.ensure_future(self._came.get())
                    await _first_of(coming, lost)
                    if not coming.done():
                        coming.cancel()
                        raise broke_off_error(self._gatt.name, doing)
                    if is_answer(coming.result()):
                        return coming.result()
        except TimeoutError:
            raise no_answer_error(self._gatt.name, doing, self._timeout_s) from None
        finally:
            lost.cancel()


async def _first_of(coming: asyncio.Future[bytes], lost: asyncio.Future[Literal[True]]) -> None:
    either: set[asyncio.Future[Any]] = {coming, lost}
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:
        coming.cancel()
        raise
