"""The sensors: paired ones, and what is done with them over the radio while no session has it."""

from typing import Annotated, TypeAlias

from fastapi import APIRouter
from pydantic import Field

from tracker.app.api.answers.as_it_is import AS_IT_IS
from tracker.app.api.answers.of_sensors import SensorsAnswer
from tracker.app.api.asked import Asked, Name, PersonOf, SiteOf
from tracker.app.api.jobs import JobNow, job_now
from tracker.app.api.sensor_documents import sensors_object
from tracker.app.engine.jobs import AsyncWork, JobKind
from tracker.app.operations.calibration_work import calibration_work
from tracker.app.operations.radio_work import (
    check_work,
    pair_work,
    place_work,
    scan_work,
    show_work,
    start_radio_work,
)
from tracker.app.operations.sensors import sensors_now, unpaired
from tracker.app.site import Site
from tracker.errors import NotThereError
from tracker.model import Placement

router = APIRouter(prefix="/sensors", tags=["sensors"])

_Sensors: TypeAlias = Annotated[SensorsAnswer, AS_IT_IS]


class SensorBody(Asked):
    """One sensor: its address, its id, or the name that it advertises."""

    sensor: Name


class PairBody(Asked):
    """Which sensor is worn at which place: address, id or advertised name."""

    sensors: Annotated[dict[Placement, Name], Field(min_length=1)]


@router.get("")
def list_sensors(site: SiteOf, person: PersonOf) -> _Sensors:
    """The paired ones, and how each did in the person's last recorded session."""
    return sensors_object(sensors_now(site.place, site.database, person))


@router.post("/scan", status_code=202)
async def scan(site: SiteOf) -> JobNow:
    """Search sensors; what is heard is the result of the job `scan`, and its news until then."""
    return _begun(site, scan_work(site.place, simulated=site.simulated), JobKind.SCAN)


@router.post("/identify", status_code=202)
async def identify(body: SensorBody, site: SiteOf) -> JobNow:
    """Let a sensor show itself by light, sound or vibration; the job is `radio`."""
    return _begun(site, show_work(site.place, body.sensor, simulated=site.simulated))


@router.post("/pair", status_code=202)
async def pair(body: PairBody, site: SiteOf) -> JobNow:
    """Connect sensors once, and keep where they are worn; the job is `radio`."""
    return _begun(site, pair_work(site.place, site.database, body.sensors, simulated=site.simulated))


@router.post("/place", status_code=202)
async def place(site: SiteOf) -> JobNow:
    """Find out by lifted knees where sensors are worn; `news` of the job `radio` say what to do."""
    return _begun(site, place_work(site.place, site.database, simulated=site.simulated))


@router.post("/calibrate", status_code=202)
async def calibrate(body: SensorBody, site: SiteOf) -> JobNow:
    """Calibrate a sensor's accelerometer; `news` of the job `radio` say which sides are missing."""
    return _begun(site, calibration_work(site.place, site.database, body.sensor, simulated=site.simulated))


@router.post("/check", status_code=202)
async def check(site: SiteOf) -> JobNow:
    """Look at all that recording needs, as `tracker doctor`; the job is `radio`."""
    return _begun(site, check_work(site.place, simulated=site.simulated))


@router.post("/{placement}/unpair")
def unpair(placement: Placement, site: SiteOf, person: PersonOf) -> _Sensors:
    """Free a place."""
    if not unpaired(site.database, placement):
        raise NotThereError(f"no sensor is paired to {placement.value}", advice="Ask for /api/sensors.")
    return sensors_object(sensors_now(site.place, site.database, person))


def _begun(site: Site, work: AsyncWork, kind: JobKind = JobKind.RADIO) -> JobNow:
    return job_now(start_radio_work(site.jobs, site.engine, kind, work))
