"""What the picture says of an error, and what sessions say of themselves."""

from tracker.app.words import Words
from tracker.errors import InputError, TrackerError
from tracker.store.values import SessionState, SessionSummary


def told_error(told: object) -> TrackerError:
    """The error that a part of the page was answered by the server; None where it was not answered."""
    if isinstance(told, dict):
        message, advice = told.get("message"), told.get("advice")
        if isinstance(message, str) and isinstance(advice, str):
            return InputError(message, advice=advice)
    return InputError(
        "the program did not answer", advice="See whether it still runs, and load the page again."
    )


def state_texts(words: Words, session: SessionSummary) -> list[str]:
    """What is to be known of a session before its numbers."""
    texts = []
    if session.simulated:
        texts.append(words("SIMULATED"))
    if session.by_hand:
        texts.append(words("told by hand"))
    else:
        texts.append(_state(words, session.state))
        if session.analysis_version is None and session.state is not SessionState.RECORDING:
            texts.append(words("not measured yet"))
    if session.rest_left_out:
        texts.append(words("rest tests left out"))
    if session.deleted_at is not None:
        texts.append(words("deleted"))
    return texts


def _state(words: Words, state: SessionState) -> str:
    match state:
        case SessionState.RECORDING:
            return words("being recorded")
        case SessionState.COMPLETE:
            return words("complete")
        case SessionState.INTERRUPTED:
            return words("interrupted")
