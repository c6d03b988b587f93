"""What a person says: how it felt, bands, habits."""

from typing_extensions import TypedDict


class FeltObject(TypedDict):
    """How a whole session felt; null where nothing was said.

    Attributes:
        pain_before, pain_worst, pain_next_morning: 0 none to 10.
        effort: rate of perceived exertion, 0 none to 10.
    """

    pain_before: int | None
    pain_worst: int | None
    pain_next_morning: int | None
    effort: int | None
    notes: str | None


class SetFeltObject(TypedDict):
    """How one set felt; null where nothing was said.

    Attributes:
        set_number: which one of the session, from 1.
        pain: at worst in the set, 0 none to 10.
        effort: rate of perceived exertion, 0 none to 10.
        band_id: the band that it was done with.
        stretched_length_m: the band's length at the movement's end.
        elongation_percent: how much longer that is than the slack band.
        estimated_force_n: the band's pull then, by its maker's figures.
    """

    set_number: int
    exercise: str | None
    pain: int | None
    effort: int | None
    notes: str | None
    band_id: int | None
    stretched_length_m: float | None
    elongation_percent: float | None
    estimated_force_n: float | None


class FeltSessionObject(TypedDict):
    """How a session and its sets felt.

    Attributes:
        started_at: ISO 8601.
        simulated: the samples came from virtual sensors, not from a body.
        sets: those of which something was said.
    """

    session_id: int
    started_at: str
    simulated: bool
    felt: FeltObject
    sets: list[SetFeltObject]


class BandObject(TypedDict):
    """A resistance band; every force is an estimate from its maker's figures.

    Attributes:
        loop: both of its strands pull.
        rest_length_m: of the slack band, a loop laid flat; null where nobody measured it.
        strand_force_100_n, strand_force_200_n: of one strand at 100 and 200 % elongation.
        estimated_force_100_n, estimated_force_200_n: of the whole band at 100 and 200 % elongation.
        estimated_torque_100_nm: turning moment at 100 % elongation, by where the band sits.
        retired: put away, worn out or lost.
    """

    band_id: int | None
    brand: str
    colour: str
    loop: bool
    rest_length_m: float | None
    strand_force_100_n: float | None
    strand_force_200_n: float | None
    estimated_force_100_n: float | None
    estimated_force_200_n: float | None
    estimated_torque_100_nm: dict[str, float | None]
    retired: bool


class BandsObject(TypedDict):
    """All bands of a person.

    Attributes:
        notes: what to know of the estimates.
    """

    bands: list[BandObject]
    notes: list[str]


class HabitObject(TypedDict):
    """What was said of one habit on one day.

    Attributes:
        amount: `none`, `some` or `much`.
        minutes: null where they were not said.
    """

    amount: str
    minutes: int | None


class HabitDayObject(TypedDict):
    """What was said of one day.

    Attributes:
        habits: by their names; those of which nothing was said are missing.
    """

    day: str
    habits: dict[str, HabitObject]


class HabitsObject(TypedDict):
    """What was said of some days.

    Attributes:
        self_report: nothing of it was measured.
        days: in order of time; the last one is the one that was asked for.
    """

    self_report: bool
    days: list[HabitDayObject]
