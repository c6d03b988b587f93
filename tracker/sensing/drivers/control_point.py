"""The control point of our own sensors: one request at a time, each with its answer or an error."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, TypeVar

from firmware_protocol import (
    CONTROL_UUID,
    Answer,
    AnyAnswer,
    ProtocolError,
    RefusedAnswer,
    Request,
    Status,
    decode_answer,
    encode_request,
)
from tracker.sensing.drivers.refusals import refusal_error
from tracker.sensing.drivers.unanswered import broke_off_error, no_answer_error
from tracker.sensing.gatt import GattLink

_log = logging.getLogger(__name__)

A = TypeVar("A", bound=Answer)


class ControlPoint:
    """Requests to one sensor.

    Args:
        timeout_s: longest wait for an answer.
    """

    def __init__(self, gatt: GattLink, timeout_s: float) -> None:
        self._gatt = gatt
        self._timeout_s = timeout_s
        self._open_requests: dict[int, asyncio.Future[AnyAnswer]] = {}
        self._requests = 0
        self._one_at_a_time = asyncio.Lock()

    async def open(self) -> None:
        """Listen to answers.

        Raises:
            BluetoothError: no answer in time, or the link broke.
        """
        await self._gatt.subscribe(CONTROL_UUID, self._on_answer)

    async def ask(self, make: Callable[[int], Request], kind: type[A]) -> A:
        """Send a request and wait for its answer; the protocol allows one request at a time.

        Args:
            make: the request, given its id.
            kind: the answer that belongs to it.

        Raises:
            SensorRefusedError: the sensor refuses.
            PairingError: the sensor wants an encrypted link, and cannot be paired.
            BluetoothError: it does not answer in time, or the link broke.
        """
        async with self._one_at_a_time:
            request, answer = await self._asked(make)
            if isinstance(answer, RefusedAnswer) and answer.status is Status.NOT_ENCRYPTED:
                await self._gatt.pair()
                request, answer = await self._asked(make)
        doing = request.opcode.name
        if isinstance(answer, RefusedAnswer):
            raise refusal_error(self._gatt.name, doing, answer)
        if not isinstance(answer, kind):
            raise no_answer_error(self._gatt.name, doing, self._timeout_s)
        return answer

    async def _asked(self, make: Callable[[int], Request]) -> tuple[Request, AnyAnswer]:
        request = make(self._requests & 0xFF)
        self._requests += 1
        return request, await self._answer_to(request)

    async def _answer_to(self, request: Request) -> AnyAnswer:
        doing = request.opcode.name
        answered: asyncio.Future[AnyAnswer] = asyncio.get_running_loop().create_future()
        self._open_requests[request.request_id] = answered
        lost = asyncio.ensure_future(self._gatt.lost.wait())
        either: set[asyncio.Future[Any]] = {answered, lost}
        try:
            # limited in time by itself, and longer where the link must be paired for it
            await self._gatt.write(CONTROL_UUID, encode_request(request), doing=doing)
            async with asyncio.timeout(self._timeout_s):
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        except TimeoutError:
            raise no_answer_error(self._gatt.name, doing, self._timeout_s) from None
        finally:
            lost.cancel()
            del self._open_requests[request.request_id]
        if not answered.done():
            raise broke_off_error(self._gatt.name, doing)
        return answered.result()

    def _on_answer(self, data: bytes, _received_ns: int) -> None:
        try:
            answer = decode_answer(data)
        except ProtocolError as error:
            _log.warning("unreadable answer of %s: %s", self._gatt.name, error)
            return
        waiting = self._open_requests.get(answer.request_id)
        # an answer that comes late or twice belongs to no open request
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)
