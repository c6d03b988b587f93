"""Sensors on the virtual radio: found, shown, paired, placed, calibrated; and persons at a glance."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from data_homes import default_of

from tracker.app.engine.jobs import AsyncWork, Job, JobBoard, JobKind, JobState
from tracker.app.engine.request import SessionRequest
from tracker.app.engine.running import Engine
from tracker.app.engine.values import Stage
from tracker.app.operations.calibration_work import Calibrated, CalibratingNow, calibration_work
from tracker.app.operations.persons import (
    changed_person,
    default_person,
    new_person,
    person_lines,
    persons_now,
)
from tracker.app.operations.radio_work import (
    Checked,
    PairedNow,
    SensorsHeard,
    Shown,
    check_work,
    pair_work,
    place_work,
    scan_work,
    show_work,
    start_radio_work,
)
from tracker.app.operations.sensors import sensors_now, unpaired
from tracker.errors import UsageError
from tracker.model import Placement
from tracker.session.placing import PlacingNews, PlacingState
from tracker.session.workplace import Workplace
from tracker.store.database import Database
from tracker.store.values import Person

ENDS_S = 90.0


@pytest.fixture
async def board() -> AsyncIterator[JobBoard]:
    board = JobBoard()
    yield board
    await board.close()


@pytest.fixture
async def engine(place: Workplace, database: Database) -> AsyncIterator[Engine]:
    engine = Engine(place, database, simulated=True)
    yield engine
    await engine.close()


@pytest.fixture
def place(place: Workplace) -> Workplace:
    """Sensors that are not there are not searched for long."""
    link = replace(place.settings.link, scan_s=4.0)
    return replace(place, settings=replace(place.settings, link=link))


class Radio:
    """Runs work with the radio to its end."""

    def __init__(self, board: JobBoard, engine: Engine) -> None:
        self.board = board
        self.engine = engine
        self.news: list[object] = []

    async def run(self, work: AsyncWork, kind: JobKind = JobKind.RADIO) -> Job:
        over = asyncio.Event()

        def see(job: Job | None, seen: JobKind) -> None:
            if job is not None and seen is kind:
                if job.news is not None and (not self.news or self.news[-1] != job.news):
                    self.news.append(job.news)
                if not job.is_running:
                    over.set()

        end = self.board.watch(see)
        start_radio_work(self.board, self.engine, kind, work)
        await asyncio.wait_for(over.wait(), ENDS_S)
        end()
        job = self.board.job(kind)
        assert job is not None
        return job


@pytest.fixture
def radio(board: JobBoard, engine: Engine) -> Radio:
    return Radio(board, engine)


async def test_sensors_are_told_as_they_are_heard_and_paired_by_address(
    radio: Radio, place: Workplace, database: Database, person: Person
) -> None:
    found = await radio.run(scan_work(place, simulated=True), JobKind.SCAN)
    assert isinstance(found.result, SensorsHeard)
    assert len(found.result.sensors) == 3
    counts = [len(one.sensors) for one in radio.news if isinstance(one, SensorsHeard)]
    assert counts == sorted(counts)
    assert counts[0] == 1
    addresses = [one.address for one in found.result.sensors]
    chosen = dict(zip(Placement, addresses, strict=True))
    kept = await radio.run(pair_work(place, database, chosen, simulated=True))
    assert isinstance(kept.result, PairedNow)
    known = sensors_now(place, database, person)
    assert [one.placement for one in known.paired] == list(Placement)
    assert [one.identity.address for one in known.paired] == addresses
    assert all(one.firmware.startswith("virtual-imu") for one in known.paired)
    assert unpaired(database, Placement.PELVIS)
    assert not unpaired(database, Placement.PELVIS)
    assert len(sensors_now(place, database, person).paired) == 2


async def test_a_sensor_shows_itself_and_one_that_is_not_there_is_told(
    radio: Radio, place: Workplace
) -> None:
    found = await radio.run(scan_work(place, simulated=True), JobKind.SCAN)
    assert isinstance(found.result, SensorsHeard)
    one = found.result.sensors[0]
    shown = await radio.run(show_work(place, one.address, simulated=True))
    assert shown.result == Shown(one.label, shows=True)
    missing = await radio.run(show_work(place, "HIP-0000", simulated=True))
    assert missing.state is JobState.FAILED
    assert missing.failure is not None
    assert "HIP-0000" in missing.failure.message


async def test_one_sensor_at_two_places_is_refused(
    radio: Radio, place: Workplace, database: Database
) -> None:
    chosen = {Placement.LEFT_THIGH: "HIP-4C56", Placement.RIGHT_THIGH: "hip-4c56"}
    refused = await radio.run(pair_work(place, database, chosen, simulated=True))
    assert refused.failure is not None
    assert "two placements" in refused.failure.message


@pytest.mark.long
async def test_lifted_knees_tell_where_sensors_are_worn(
    radio: Radio, place: Workplace, database: Database
) -> None:
    done = await radio.run(place_work(place, database, simulated=True))
    assert isinstance(done.result, PairedNow)
    assert list(done.result.sensors) == list(Placement)
    states = [one.state for one in radio.news if isinstance(one, PlacingNews)]
    assert states[0] is PlacingState.CONNECTING
    assert states.count(PlacingState.LIFT) >= 2


@pytest.mark.long
async def test_six_positions_are_followed_and_the_calibration_is_kept(
    radio: Radio, place: Workplace, database: Database, person: Person
) -> None:
    done = await radio.run(calibration_work(place, database, "", simulated=True))
    assert isinstance(done.result, Calibrated)
    followed = [one for one in radio.news if isinstance(one, CalibratingNow)]
    missing = [len(one.missing) for one in followed]
    assert missing == sorted(missing, reverse=True)
    assert (missing[0], missing[-1]) == (6, 0)
    # what the simulated sensor is off by
    assert done.result.calibration.offset_m_per_s2 == pytest.approx((0.15, -0.08, 0.11), abs=0.02)
    chosen = {Placement.PELVIS: done.result.identity.address}
    await radio.run(pair_work(place, database, chosen, simulated=True))
    [paired] = sensors_now(place, database, person).paired
    assert paired.calibrated_on == done.result.calibration.calibrated_on


async def test_the_check_looks_at_radio_and_computer(radio: Radio, place: Workplace) -> None:
    done = await radio.run(check_work(place, simulated=True))
    assert isinstance(done.result, Checked)
    names = [one.name for one in done.result.findings]
    assert {"sensors", "disk", "database", "clock"} <= set(names)


async def test_the_radio_belongs_to_a_session_that_begins(
    board: JobBoard, engine: Engine, place: Workplace, person: Person
) -> None:
    over = asyncio.Event()
    board.watch(lambda job, _kind: over.set() if job is not None and not job.is_running else None)
    start_radio_work(board, engine, JobKind.SCAN, scan_work(place, simulated=True))
    await engine.start(SessionRequest(person.person_id))
    await asyncio.wait_for(over.wait(), ENDS_S)
    job = board.job(JobKind.SCAN)
    assert job is not None
    assert job.failure is not None
    assert "a session has begun" in job.failure.message
    with pytest.raises(UsageError, match="a session runs"):
        start_radio_work(board, engine, JobKind.SCAN, scan_work(place, simulated=True))
    await engine.close()
    assert engine.now.stage in (Stage.OVER, Stage.FAILED)


def test_how_sensors_did_last_time_is_that_of_the_newest_recording(
    place: Workplace, database: Database, person: Person
) -> None:
    last = sensors_now(place, database, person).last
    assert last is not None
    assert last.simulated
    assert [one.quality.placement for one in last.sensors] == list(Placement)
    assert all(one.quality.rate_hz == pytest.approx(100.0, rel=0.02) for one in last.sensors)
    assert all(one.loss == 0.0 for one in last.sensors)


def test_each_person_has_a_line_and_nobodys_data_are_anothers(
    place: Workplace, database: Database, person: Person
) -> None:
    lines = {one.person.person_id: one for one in person_lines(place, database)}
    own = lines.pop(person.person_id)
    [other] = lines.values()
    assert own.is_default
    assert own.asked_sessions is not None
    assert own.simulated
    assert [(leg.side, leg.value_deg is None) for leg in own.legs] == [("left", False), ("right", False)]
    assert own.last_session is not None
    assert (other.last_session, other.sessions, other.asked_sessions) == (None, 0, None)
    assert [leg.value_deg for leg in other.legs] == [None, None]
    assert other.waiting.safety_questions
    assert not any(one.waiting.safety_questions for one in person_lines(place, database, simulated=True))


def test_persons_are_added_changed_and_meant(database: Database) -> None:
    default = default_of(database)
    anna = new_person(database, " Anna ", "Europe/Berlin")
    assert anna.name == "Anna"
    with pytest.raises(UsageError, match="already a person"):
        new_person(database, "Anna")
    with pytest.raises(UsageError, match="no time zone"):
        changed_person(database, anna.person_id, time_zone="Mars/Olympus")
    with pytest.raises(UsageError, match="needs a name"):
        changed_person(database, anna.person_id, name="  ")
    with pytest.raises(UsageError, match="no person"):
        changed_person(database, 10_000, name="Nobody")
    renamed = changed_person(database, default.person_id, name="Berta")
    assert (renamed.name, persons_now(database)[1].person_id) == ("Berta", default.person_id)
    default_person(database, anna.person_id)
    assert persons_now(database)[1].name == "Anna"
