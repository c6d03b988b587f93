"""A session that was corrected and is stored again, as after a recovery, keeps its corrections."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from reanalysis_homes import FIRST, old_home, small_recording

from tracker.session.keeping import keep_replay
from tracker.store.corrections import FieldEdit, edit_session
from tracker.store.revisions import Field
from tracker.store.sessions import read_session


def test_a_corrected_beginning_holds_after_a_recovery(tmp_path: Path) -> None:
    place = old_home(tmp_path, (0,))
    earlier = FIRST - timedelta(hours=5)
    found = replace(small_recording(0)[1], path=place.files[0])
    with place.database() as database:
        with database.write() as connection:
            edit_session(
                connection, 1, [FieldEdit(Field.STARTED_AT, earlier.isoformat())], reason="clock was wrong"
            )
        assert keep_replay(database, place.home, found) == 1
        with database.read() as connection:
            session = read_session(connection, 1)
    assert session.started_at == earlier
    assert session.ended_at == earlier + timedelta(seconds=found.analysis.duration_s)
