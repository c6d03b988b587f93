"""What a view is shown of the sensors' links: the state that was reported last, and how old the data is."""

import pytest
from frame_bench import PARAMETERS

from tracker.model import Notification, Placement
from tracker.sensing.source import LinkReport, LinkState
from tracker.session.analyser import SessionAnalyser
from tracker.session.status import Prompt, SensorRow, StatusBoard

LEFT = Placement.LEFT_THIGH


def row_of(board: StatusBoard) -> SensorRow:
    (row,) = board.status(Prompt("")).sensors
    return row


def made_board() -> StatusBoard:
    return StatusBoard(SessionAnalyser((LEFT,), 0, PARAMETERS))


@pytest.mark.parametrize("state", [LinkState.BACKFILLING, LinkState.CONFIGURING, LinkState.STREAMING])
def test_data_that_arrives_leaves_the_reported_state_as_it_is(state: LinkState) -> None:
    board = made_board()
    board.see_link(LinkReport(LEFT, 5, state))
    board.see_notification(Notification(LEFT, b"", 7))
    assert row_of(board).state is state
    assert row_of(board).last_packet_ns == 7


def test_recordings_without_reports_show_sensors_that_stream() -> None:
    board = made_board()
    board.see_notification(Notification(LEFT, b"", 7))
    assert row_of(board).state is LinkState.STREAMING


def test_the_reason_of_a_loss_is_shown_with_its_state_and_as_news() -> None:
    board = made_board()
    board.see_link(LinkReport(LEFT, 5, LinkState.LOST, detail="no data for 2 s"))
    assert (row_of(board).state, row_of(board).detail) == (LinkState.LOST, "no data for 2 s")
    assert board.status(Prompt("")).notes == ("left_thigh: no data for 2 s",)
