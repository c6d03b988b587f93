"""What follows on a session, as plain values in degrees."""

from dataclasses import asdict

from tracker.app.api.answers.of_sessions import AfterAnswer, RestingNowAnswer
from tracker.app.operations.after_session import AfterSession, RestingResult
from tracker.report.felt_tables import felt_object
from tracker.report.replay_document import rest_test_object
from tracker.report.session_history import session_object, set_object


def after_object(after: AfterSession) -> AfterAnswer:
    """As `tracker feel --json`, with the results."""
    return {
        **felt_object(after.felt),
        "session": session_object(after.felt.session),
        "results": [set_object(one) for one in after.sets],
        "rest_tests": [rest_test_object(one) for one in after.rest_tests],
        "resting": [_resting(one) for one in after.resting],
        "not_compared": list(after.not_compared),
        "advice": [{"rule": one.rule.value, "text": one.text} for one in after.advice],
        "safety_questions_due": after.safety_due,
        "proposals": [asdict(one) for one in after.proposals],
    }


def _resting(one: RestingResult) -> RestingNowAnswer:
    now = {**asdict(one.now), "at": one.now.at.isoformat()}
    return {
        "name": one.name,
        "now": now,
        "before": None if one.before is None else asdict(one.before),
        "earlier": one.earlier,
        "verdict": one.verdict,
    }
