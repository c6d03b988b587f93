"""`tracker trend`: whether the resting rotation changed by more than the measurement's error."""

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.person_option import PersonOption

if TYPE_CHECKING:
    from tracker.progress.trend.values import RestingTrend


class Angle(StrEnum):
    """The angles that have a trend."""

    LEFT = "left"
    RIGHT = "right"
    DIFFERENCE = "difference"
    MEAN = "mean"


def trend(
    since: Annotated[
        datetime | None,
        typer.Option(
            metavar="YYYY-MM-DD",
            formats=["%Y-%m-%d"],
            help="First day: its strappings-on make the baseline. By default the plan's, or 26 weeks back.",
        ),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(metavar="YYYY-MM-DD", formats=["%Y-%m-%d"], help="Last day; today by default."),
    ] = None,
    weeks: Annotated[
        int | None, typer.Option(min=1, max=2000, help="Begin so many weeks back, in place of --since.")
    ] = None,
    of: Annotated[Angle | None, typer.Option(help="Show one angle alone; all four by default.")] = None,
    svg: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the picture to a file, too.", dir_okay=False)
    ] = None,
    person: PersonOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show whether the resting rotation changed by more than the measurement's error.

    Example: tracker trend --of left --weeks 12
    """
    from tracker.cli.short_lived import without_collecting

    names = [of.value] if of else [one.value for one in Angle]
    with without_collecting():
        _show(_found(_day(since), _day(until), weeks, person), names, svg, as_json=as_json)


def _show(found: "RestingTrend", names: list[str], svg: Path | None, *, as_json: bool) -> None:
    from tracker.cli.output import note, print_json
    from tracker.progress.trend.document import trend_object

    if svg is not None:
        from tracker.report.trend_picture import write_trend_svg

        write_trend_svg(found, names, svg)
        note(f"written: {svg}")
    if as_json:
        print_json(trend_object(found, names))
    else:
        _print(found, names)


def _print(found: "RestingTrend", names: list[str]) -> None:
    from rich.text import Text

    from tracker.cli.output import console, print_tables
    from tracker.report.trend_plot import trend_plot
    from tracker.report.trend_tables import trend_tables

    print_tables(trend_tables(found, names))
    out = console()
    for one in found.quantities:
        if one.name in names and one.points:
            out.print(Text("\n" + trend_plot(one, out.width)))


def _found(
    since: date | None, until: date | None, weeks: int | None, person_name: str | None
) -> "RestingTrend":
    from zoneinfo import ZoneInfo

    from tracker.cli.opening import open_home_database
    from tracker.cli.output import progress_bar
    from tracker.cli.person_option import person_of
    from tracker.errors import UsageError
    from tracker.home import home_from_environment
    from tracker.progress.trend.resting_trend import resting_trend
    from tracker.session.settings import load_settings

    if since is not None and weeks is not None:
        raise UsageError("--since and --weeks both say where to begin", advice="Give one of them.")
    home = home_from_environment()
    with open_home_database(home) as database, progress_bar("Reading rest tests") as advance:
        with database.write() as connection:
            person = person_of(connection, person_name)
        today = datetime.now(ZoneInfo(person.time_zone)).date()
        if until is not None and until > today:
            raise UsageError(f"{until} is in the future", advice="Give --until a day up to today.")
        if weeks is not None:
            since = date.fromordinal(max(1, (until or today).toordinal() - 7 * weeks + 1))
        assumed = load_settings(home).motion.rest_test
        return resting_trend(database, person, since=since, until=until, parameters=assumed, progress=advance)


def _day(value: datetime | None) -> date | None:
    return None if value is None else value.date()
