"""Sensors, and what comes of work with them."""

from typing import Annotated, TypeAlias

from typing_extensions import TypedDict

from tracker.app.api.answers.as_it_is import As
from tracker.app.api.asked import Document
from tracker.app.operations.radio_work import SensorsHeard, Shown
from tracker.doctor.findings import Finding
from tracker.model.calibration import AccelerometerCalibration
from tracker.report.objects.measured import SensorObject


class IdentityAnswer(TypedDict):
    """A sensor as it is told apart from others.

    Attributes:
        sensor_id: the id that it states itself, else its address.
        address: of Bluetooth; empty for imported files.
        name: that it advertises.
        protocol: name of the wire protocol.
    """

    sensor_id: str
    address: str
    name: str
    protocol: str


class PairedAnswer(IdentityAnswer):
    """A sensor that is worn at a place.

    Attributes:
        kind: what kind of sensor it is.
        firmware: name and version; null where the sensor does not tell.
        calibrated_on: day of its newest six-position calibration; null without one.
    """

    placement: str
    kind: str
    firmware: str | None
    calibrated_on: str | None


class SensorThenAnswer(SensorObject):
    """How a sensor did in a session.

    Attributes:
        name: of the sensor; null where it is not known.
        loss: share of samples that did not arrive, 0 to 1.
        battery_percent: the last that was told; null where none was.
        rssi_dbm: signal strength as last told; null where none was.
    """

    name: str | None
    loss: float
    battery_percent: int | None
    rssi_dbm: int | None


class SensorsThenAnswer(TypedDict):
    """The sensors of the person's last recorded session.

    Attributes:
        started_at: ISO 8601.
        simulated: they were virtual ones.
    """

    session_id: int
    started_at: str
    simulated: bool
    sensors: list[SensorThenAnswer]


class SensorsAnswer(TypedDict):
    """The paired sensors, and how each did.

    Attributes:
        last_session: null where there is none.
    """

    paired: list[PairedAnswer]
    last_session: SensorsThenAnswer | None


class PairedNowAnswer(TypedDict):
    """What was paired, by where it is worn."""

    sensors: dict[str, IdentityAnswer]


class CalibratingAnswer(TypedDict):
    """How far a calibration is.

    Attributes:
        streaming: the sensor sends.
        lost: it was heard, and is not any more.
        missing: sides that were not up yet.
    """

    streaming: bool
    lost: bool
    missing: list[str]


class CalibratedAnswer(IdentityAnswer):
    """A calibration that was stored."""

    calibration: Annotated[Document, As(AccelerometerCalibration)]


class CheckedAnswer(TypedDict):
    """What the look at Bluetooth and this computer found."""

    findings: list[Annotated[Document, As(Finding)]]


class PlacingAnswer(TypedDict):
    """What is to be told to the person who lifts the knees.

    Attributes:
        side: whose knee is meant; null while connecting.
        sensors: what is connected, as it is called; empty later.
        text: one sentence of it.
    """

    state: str
    side: str | None
    sensors: list[str]
    text: str


RadioAnswer: TypeAlias = (
    Annotated[Document, As(SensorsHeard)]
    | Annotated[Document, As(Shown)]
    | PairedNowAnswer
    | CalibratingAnswer
    | CalibratedAnswer
    | CheckedAnswer
    | PlacingAnswer
)
