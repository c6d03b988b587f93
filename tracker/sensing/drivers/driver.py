"""What each driver of a kind of sensor offers to the link."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

from firmware_protocol.decoder import StreamDecoder
from tracker.model import Placement, SensorIdentity
from tracker.sensing.gatt import GattLink, ValueSink
from tracker.sensing.parameters import LinkParameters


class SensorDriver(Protocol):
    """One connected sensor. The link underneath is connected and closed by others."""

    async def open(self) -> str:
        """Read what the sensor is, before anything is started.

        Returns:
            The sensor's id, which stays the same for its life: it is what a pairing remembers.

        Raises:
            BluetoothError: the sensor is of another kind, does not answer in time, or the link broke.
        """
        ...

    async def start(self, session: int) -> SensorIdentity:
        """Let the sensor stream into the sink that the driver was made with.

        Args:
            session: number of the session; the same again goes on after a lost link.

        Returns:
            The sensor, with the capabilities that its notifications are decoded by.

        Raises:
            BluetoothError: the sensor refuses, does not answer in time, or the link broke.
        """
        ...

    async def stop(self) -> None:
        """End the stream.

        Raises:
            BluetoothError: the sensor refuses, does not answer in time, or the link broke.
        """
        ...

    async def battery_percent(self) -> int | None:
        """Charge, 0 to 100; None where the sensor does not tell."""
        ...

    async def identify(self, duration_s: int) -> bool:
        """Let the sensor show itself, by light, sound or vibration; false where it cannot.

        Raises:
            BluetoothError: the sensor does not answer in time, or the link broke.
        """
        ...


@dataclass(frozen=True, slots=True)
class SampleSpan:
    """The samples of one notification, by index.

    Attributes:
        begins_anew: they do not go on from what was sent before: the sensor was switched off and on.
    """

    first_index: int
    samples: int
    begins_anew: bool = False


@runtime_checkable
class KeepsSamples(Protocol):
    """A driver of sensors that number their samples and send those that were lost once more."""

    @property
    def can_fetch(self) -> bool:
        """Whether this sensor does; known from `open` on."""
        ...

    def span_of(self, payload: bytes) -> SampleSpan | None:
        """Which samples a notification holds; None where it cannot be read."""
        ...

    @property
    def goes_on(self) -> bool:
        """Whether the sensor counts on from before the link was lost; known before the first sample."""
        ...

    @property
    def end_index(self) -> int | None:
        """One after the last sample that was taken, known from `stop` on; None before."""
        ...

    async def fetch(self, first_index: int, end_index: int) -> int:
        """Ask for samples again; they come through the sink.

        Returns:
            The first sample that will come: those before it are gone for good; `end_index` where all are.

        Raises:
            SensorRefusedError: the sensor cannot do it.
            BluetoothError: it does not answer in time, or the link broke.
        """
        ...

    async def abort_fetch(self) -> None:
        """End what was asked for.

        Raises:
            BluetoothError: the sensor does not answer in time, or the link broke.
        """
        ...


@runtime_checkable
class StatesPlacement(Protocol):
    """A driver of sensors that were told where they sit, and remember it."""

    @property
    def stated_placement(self) -> Placement | None:
        """Where the sensor says that it sits, known from `open` on; None where it was not told."""
        ...


DriverMaker: TypeAlias = Callable[[GattLink, LinkParameters, ValueSink], SensorDriver]
DecoderMaker: TypeAlias = Callable[[bytes], StreamDecoder]


@dataclass(frozen=True, slots=True)
class SensorKind:
    """A kind of sensor: how it is heard, driven and decoded.

    Attributes:
        protocol: name by which recordings remember the kind; never changed.
        title: what people call it.
        recognises: whether an advertisement with this name and these service UUIDs (lower case) is of one.
        may_be: whether one with a sensor id may advertise with this address and name; certain only once it is
            connected.
        make_driver: for a link, the parameters and the sink of its notifications.
        make_decoder: for the capabilities of the identity that `start` returned.
            Raises ProtocolError where they cannot be read.
        longest_silence_s: longest time between two notifications of a sensor that streams well; its link
            counts as lost no sooner.
        characteristics: UUIDs of what each sensor of the kind offers; where one of them is not seen, the link
            is made a second time before the driver is asked.
    """

    protocol: str
    title: str
    recognises: Callable[[str, Sequence[str]], bool]
    may_be: Callable[[str, str, str], bool]
    make_driver: DriverMaker
    make_decoder: DecoderMaker
    longest_silence_s: float = 0.0
    characteristics: frozenset[str] = frozenset()
