"""The state of each sensor in words, and what to do where something is wrong with it."""

from dataclasses import dataclass

from tracker.app.engine.values import SensorNow
from tracker.app.live.names import placement_name
from tracker.app.words import Words
from tracker.sensing.source import LinkState

SILENT_S = 2.0
"""No packet for so long is said aloud: sensors send some packets each second."""

LOW_BATTERY_PERCENT = 15
_GOOD_SIGNAL_DBM, _FAIR_SIGNAL_DBM = -70, -85
"""Below the lower one links break."""

_SENDING = (LinkState.STREAMING, LinkState.BACKFILLING)
_BROKEN = (LinkState.LOST, LinkState.FAILED)


@dataclass(frozen=True, slots=True)
class SensorLine:
    """One sensor as the live view shows it; empty texts are not shown."""

    placement: str
    name: str
    state: str
    state_text: str
    battery: str
    low: bool
    signal: str
    loss: str
    age: str
    trouble: bool


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is wrong with a sensor, to be said loudly, and what to do."""

    placement: str
    text: str
    advice: str


def sensor_line(words: Words, sensor: SensorNow, *, running: bool) -> SensorLine:
    """A sensor's line.

    Args:
        running: the session runs; before that, a sensor that is searched for is no trouble.
    """
    percent, signal_dbm = sensor.battery_percent, sensor.rssi_dbm
    return SensorLine(
        placement=sensor.placement,
        name=placement_name(words, sensor.placement),
        state=sensor.state,
        state_text=_state_text(words, sensor),
        battery="" if percent is None else words("Battery {share}", share=words.percent(percent / 100)),
        low=percent is not None and percent <= LOW_BATTERY_PERCENT,
        signal="" if signal_dbm is None else signal_text(words, signal_dbm),
        loss=words("Lost {share}", share=words.percent(sensor.loss, 1)),
        age=_age_text(words, sensor.packet_age_s),
        trouble=running and is_in_trouble(sensor),
    )


def is_in_trouble(sensor: SensorNow) -> bool:
    """True where nothing comes from a sensor that should send."""
    if sensor.state in _BROKEN:
        return True
    return sensor.state != LinkState.STOPPED and (sensor.packet_age_s or 0.0) >= SILENT_S


def alarm_of(words: Words, sensor: SensorNow) -> Alarm:
    """What is wrong with a sensor that is in trouble."""
    name = placement_name(words, sensor.placement)
    if sensor.state == LinkState.FAILED:
        return Alarm(
            sensor.placement,
            words("{sensor}: nothing more comes from this sensor.", sensor=name),
            words("Stop and save, charge the sensor, and begin a new session. What is recorded stays."),
        )
    if sensor.state in _SENDING:
        text = words("{sensor}: no data arrives.", sensor=name)
    else:
        text = words("{sensor}: the connection is lost.", sensor=name)
    advice = words("Bring it closer to the computer. It is connected again by itself; the session goes on.")
    return Alarm(sensor.placement, text, advice)


def _state_text(words: Words, sensor: SensorNow) -> str:
    match sensor.state:
        case LinkState.SEARCHING:
            return words("Searching")
        case LinkState.CONNECTING:
            return words("Connecting")
        case LinkState.CONFIGURING:
            return words("Starting")
        case LinkState.STREAMING:
            return words("Silent") if is_in_trouble(sensor) else words("Sending")
        case LinkState.BACKFILLING:
            return words("Sending, and fetching what was lost")
        case LinkState.LOST:
            return words("Connection lost")
        case LinkState.STOPPED:
            return words("Stopped")
    return words("Given up")


def signal_text(words: Words, signal_dbm: int) -> str:
    """A signal's strength, as a word and in dBm."""
    strength = words.number(signal_dbm, 0)
    if signal_dbm >= _GOOD_SIGNAL_DBM:
        return words("Good signal ({strength} dBm)", strength=strength)
    if signal_dbm >= _FAIR_SIGNAL_DBM:
        return words("Fair signal ({strength} dBm)", strength=strength)
    return words("Weak signal ({strength} dBm)", strength=strength)


def _age_text(words: Words, age_s: float | None) -> str:
    if age_s is None:
        return words("No packet yet")
    if age_s < SILENT_S:
        return words("Last packet just now")
    return words.plural("Last packet {count} second ago", "Last packet {count} seconds ago", int(age_s))
