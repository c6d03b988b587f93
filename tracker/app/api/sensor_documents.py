"""Sensors, and what work with them shows and gives, as plain values."""

from dataclasses import asdict

from tracker.app.api.advice import for_programs
from tracker.app.api.answers.of_sensors import (
    CalibratedAnswer,
    CalibratingAnswer,
    IdentityAnswer,
    PairedAnswer,
    PairedNowAnswer,
    PlacingAnswer,
    RadioAnswer,
    SensorsAnswer,
    SensorsThenAnswer,
    SensorThenAnswer,
)
from tracker.app.api.asked import Document
from tracker.app.operations.calibration_work import Calibrated, CalibratingNow
from tracker.app.operations.radio_work import Checked, PairedNow, SensorsHeard, Shown
from tracker.app.operations.sensors import PairedSensor, SensorsNow, SensorsThen, SensorThen
from tracker.doctor.findings import Finding
from tracker.model import SensorIdentity
from tracker.report.replay_document import sensor_object
from tracker.session.placing import PlacingNews


def sensors_object(now: SensorsNow) -> SensorsAnswer:
    """Paired sensors, and how they did."""
    return {
        "paired": [_paired(one) for one in now.paired],
        "last_session": None if now.last is None else _then(now.last),
    }


def identity_object(identity: SensorIdentity) -> IdentityAnswer:
    """A sensor as it is told apart from others."""
    return {
        "sensor_id": identity.sensor_id,
        "address": identity.address,
        "name": identity.name,
        "protocol": identity.protocol,
    }


def radio_object(value: object) -> RadioAnswer | None:
    """News or result of work with sensors; None where it is none."""
    match value:
        case SensorsHeard() | Shown():
            return asdict(value)
        case PairedNow() as paired:
            return _paired_now(paired)
        case CalibratingNow() as now:
            return _calibrating(now)
        case Calibrated() as done:
            return _calibrated(done)
        case Checked() as checked:
            return {"findings": [_finding(one) for one in checked.findings]}
        case PlacingNews() as news:
            return _placing(news)
        case _:
            return None


def _paired(one: PairedSensor) -> PairedAnswer:
    return {
        "placement": one.placement.value,
        **identity_object(one.identity),
        "kind": one.kind,
        "firmware": one.firmware or None,
        "calibrated_on": one.calibrated_on,
    }


def _paired_now(paired: PairedNow) -> PairedNowAnswer:
    return {"sensors": {place.value: identity_object(one) for place, one in paired.sensors.items()}}


def _calibrating(now: CalibratingNow) -> CalibratingAnswer:
    missing = [face.value for face in now.missing]
    return {"streaming": now.streaming, "lost": now.lost, "missing": missing}


def _calibrated(done: Calibrated) -> CalibratedAnswer:
    return {**identity_object(done.identity), "calibration": asdict(done.calibration)}


def _finding(one: Finding) -> Document:
    advice = None if one.advice is None else for_programs(one.advice)
    return {**asdict(one), "text": for_programs(one.text), "advice": advice}


def _placing(news: PlacingNews) -> PlacingAnswer:
    return {
        "state": news.state.value,
        "side": None if news.side is None else news.side.value,
        "sensors": list(news.sensors),
        "text": news.text,
    }


def _then(last: SensorsThen) -> SensorsThenAnswer:
    return {
        "session_id": last.session_id,
        "started_at": last.started_at.isoformat(),
        "simulated": last.simulated,
        "sensors": [_sensor_then(one) for one in last.sensors],
    }


def _sensor_then(one: SensorThen) -> SensorThenAnswer:
    return {
        **sensor_object(one.quality),
        "name": one.name or None,
        "loss": one.loss,
        "battery_percent": one.battery_percent,
        "rssi_dbm": one.rssi_dbm,
    }
