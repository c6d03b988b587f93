"""`tracker habits`: what the day was like, in ten seconds."""

from typing import Annotated

import typer

from tracker.cli.person_option import PersonOption

_DAYS_SHOWN = 7
_SET = "Say it by name, with minutes where you know: cross_legged=some or sitting_long=much:300."


def habits(
    day: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Day that is meant; today where not given.")
    ] = None,
    given: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=AMOUNT[:MINUTES]", help=_SET)
    ] = None,
    person: PersonOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say how much of each habit a day had: one key each on a terminal. Shows the seven days up to it.

    It is what you say, not what a sensor measured.

    Example: tracker habits --set cross_legged=some --set sitting_long=much:300
    """
    from datetime import UTC, datetime, timedelta
    from zoneinfo import ZoneInfo

    from tracker.cli.asking import can_ask
    from tracker.cli.habit_answers import asked_habits, given_habits
    from tracker.cli.opening import open_home_database
    from tracker.cli.output import print_json, print_tables
    from tracker.cli.person_option import person_of
    from tracker.report.habit_table import habits_object, habits_table
    from tracker.session.said_habits import past_day
    from tracker.store.habits import habits_between, save_habits

    with open_home_database() as database:
        with database.write() as connection:
            whose = person_of(connection, person)
        meant = past_day(day, datetime.now(UTC).astimezone(ZoneInfo(whose.time_zone)).date())
        said = given_habits(given or [], meant)
        if not said and can_ask(as_json=as_json):
            said = asked_habits(meant)
        with database.write() as connection:
            save_habits(connection, whose.person_id, said)
            days = [meant - timedelta(days=back) for back in reversed(range(_DAYS_SHOWN))]
            shown = habits_between(connection, whose.person_id, days[0], meant)
    if as_json:
        print_json(habits_object(days, shown))
    else:
        print_tables(habits_table(days, shown))
