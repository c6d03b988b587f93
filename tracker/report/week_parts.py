"""What a week's page is made of, whatever it is shown on: titled parts of tables and lines."""

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class CoursePoint:
    """A value with its interval in a small picture.

    Attributes:
        at: place from the left, 0 to 1.
    """

    at: float
    value: float
    half_width: float


@dataclass(frozen=True, slots=True)
class Course:
    """A small picture of how a value went.

    Attributes:
        baseline: where a dashed line stands; None without one.
        text: the same in words, for those who do not see it.
    """

    points: tuple[CoursePoint, ...]
    baseline: float | None
    text: str

    @property
    def low(self) -> float:
        """The lowest value that the picture must hold."""
        return min(self._ends(-1.0))

    @property
    def high(self) -> float:
        """The highest value that the picture must hold."""
        return max(self._ends(+1.0))

    def _ends(self, sign: float) -> list[float]:
        ends = [one.value + sign * one.half_width for one in self.points]
        return ends if self.baseline is None else [*ends, self.baseline]


Cell: TypeAlias = str | Course


@dataclass(frozen=True, slots=True)
class Part:
    """A titled part of the page.

    Attributes:
        columns: heads of the table; empty without one.
        rows: as many cells each as there are columns.
        text_columns: places of the columns that hold words; all others hold numbers.
        lines: what stands below the table.
        free_lines: lines that the person wrote, or that repeat without end: the first ones to be shortened.
        whole: no row is ever left out.
        running: the lines are sentences that may follow each other in one paragraph.
    """

    title: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    text_columns: tuple[int, ...] = (0,)
    lines: tuple[str, ...] = ()
    free_lines: tuple[str, ...] = ()
    whole: bool = False
    running: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the figures at the top of the page."""

    value: str
    name: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A whole page.

    Attributes:
        title, subtitle: of what, of whom and when.
        weeks: the weeks until this one, in a table.
        parts: in the order in which they are read.
        footer: what the page is not.
    """

    title: str
    subtitle: str
    simulated: bool
    figures: tuple[Figure, ...]
    weeks: Part
    resting: Part
    done: Part
    movements: Part
    bands: Part
    felt: Part
    habits: Part
    said: Part
    plan: Part
    method: Part
    footer: str = field(default="")

    @property
    def parts(self) -> tuple[Part, ...]:
        """All parts, in the order in which they are read."""
        return (
            self.resting,
            self.done,
            self.movements,
            self.bands,
            self.felt,
            self.habits,
            self.said,
            self.plan,
            self.weeks,
            self.method,
        )
