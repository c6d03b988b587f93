"""What a page asks of a session that begins."""

from dataclasses import dataclass, field

from tracker.session.asked_session import AskedSession


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """A session to be begun.

    Attributes:
        person_id: whose session it is.
        plan: do what the plan asks for today after the rest test.
        pain_before: 0 to 10 as told before the session; None where it was left out.
    """

    person_id: int
    asked: AskedSession = field(default_factory=AskedSession)
    plan: bool = False
    pain_before: int | None = None

    @property
    def rest_only(self) -> bool:
        """True where nothing is trained."""
        return not self.plan and self.asked.exercise is None
