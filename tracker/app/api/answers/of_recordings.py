"""Recordings over time, and what was measured of those that were handed in."""

from typing import Annotated, TypeAlias

from typing_extensions import TypedDict

from tracker.app.api.answers.as_it_is import As
from tracker.app.api.asked import Document
from tracker.app.operations.reduced_courses import ReducedCourse
from tracker.app.operations.timeline import Timeline

TimelineAnswer: TypeAlias = Annotated[
    Document, As(Timeline, "TimelineNow", complete=bool, share=float, courses=list[ReducedCourse])
]


class CoursesNowAnswer(TypedDict):
    """Both legs' hip rotation in a stretch of a recording.

    Attributes:
        complete: all of the recording is measured; ask again where it is not.
        from_s, until_s: the stretch.
    """

    complete: bool
    from_s: float
    until_s: float
    courses: list[ReducedCourse]


CoursesAnswer: TypeAlias = Annotated[Document, As(CoursesNowAnswer)]
