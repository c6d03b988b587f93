"""What a view is shown: links as last reported, the age of data, what is counted and taken back."""

import pytest
from frame_bench import PARAMETERS

from tracker.model import Edge, Notification, PhaseKind, PhaseMark, Placement, Side
from tracker.motion.counting.closed import RepetitionClosed
from tracker.sensing.source import LinkReport, LinkState
from tracker.session.analyser import SessionAnalyser
from tracker.session.live_answers import TakenBack
from tracker.session.prompt import Prompt
from tracker.session.status import ClosedNow, SensorRow, StatusBoard

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


def closed(side: Side | None, *, valid: bool = True, time_s: float = 5.0) -> RepetitionClosed:
    """A repetition that is closed."""
    return RepetitionClosed(side, time_s, 0.5, valid, 1, () if valid else ("too small",))


def begun(board: StatusBoard, start_s: float = 4.0, kind: PhaseKind = PhaseKind.SET) -> None:
    """A set begins."""
    board.begin_set()
    board.see_mark(PhaseMark(start_s, kind, Edge.START, None, "bridge"))


def shown(board: StatusBoard, side: Side | None) -> tuple[int, int]:
    """Valid and partial repetitions of a leg."""
    [count] = [one for one in board.status(Prompt("")).counts if one.side is side]
    return count.valid, count.partial


def test_one_that_was_none_is_counted_off_its_leg_alone_and_never_below_zero() -> None:
    board = made_board()
    begun(board, 4.25)
    board.see_events([closed(Side.LEFT), closed(Side.LEFT, valid=False), closed(Side.RIGHT)])
    assert board.take_back(Side.LEFT) == TakenBack(4.25, Side.LEFT)
    assert board.take_back(Side.LEFT) is None
    assert board.take_back(None) is None
    assert (shown(board, Side.LEFT), shown(board, Side.RIGHT)) == ((0, 1), (1, 0))
    assert board.most_valid == 1


def test_after_a_set_its_last_one_can_still_be_taken_back_until_the_next_begins() -> None:
    board = made_board()
    begun(board, 4.0)
    board.see_events([closed(None), closed(None)])
    board.see_mark(PhaseMark(9.0, PhaseKind.SET, Edge.END, None, "bridge"))
    assert board.take_back(None) == TakenBack(4.0, None)
    begun(board, 20.0)
    assert board.take_back(None) is None
    assert board.status(Prompt("")).set_starts_s == (4.0, 20.0)
    assert [board.set_start_s(number) for number in (0, 1, 2, 3)] == [None, 4.0, 20.0, None]


def test_what_was_shown_as_own_range_is_no_set() -> None:
    board = made_board()
    begun(board, 4.0, PhaseKind.DEMONSTRATION)
    board.see_events([closed(Side.LEFT)])
    assert board.take_back(Side.LEFT) == TakenBack(4.0, Side.LEFT)
    assert board.status(Prompt("")).set_starts_s == ()


def test_a_view_that_missed_some_finds_the_newest_repetitions_by_their_numbers() -> None:
    board = made_board()
    begun(board)
    for number in range(1, 101):
        board.see_events([closed(Side.LEFT, valid=number % 2 == 0, time_s=float(number))])
    found = board.status(Prompt("")).closed
    assert [one.serial for one in found] == list(range(37, 101))
    assert [one.time_s for one in found] == [float(one.serial) for one in found]
    assert found[-1] == ClosedNow(100, Side.LEFT, 100.0, True, 0.5)
    assert found[-2].reasons == ("too small",)
    # A new set does not count them anew.
    begun(board, 200.0)
    assert board.status(Prompt("")).closed == found


def test_a_repetition_of_the_set_before_that_comes_late_is_heard_and_not_counted_now() -> None:
    board = made_board()
    begun(board, 4.0)
    begun(board, 20.0)
    board.see_events([closed(Side.LEFT, time_s=12.0)])
    assert (board.most_valid, board.last_closed_s) == (0, None)
    assert [one.time_s for one in board.status(Prompt("")).closed] == [12.0]
    board.see_events([closed(Side.LEFT, time_s=23.0)])
    assert shown(board, Side.LEFT) == (1, 0)
