"""`tracker bands`: the resistance bands that a person has."""

from typing import Annotated

import typer

from tracker.cli.person_option import PersonOption

bands = typer.Typer(invoke_without_command=True, rich_markup_mode=None)

_FORCE = "Pull of one strand in newtons at {} % elongation, as its maker says; known for TheraBand."


@bands.callback()
def show(
    context: typer.Context,
    person: PersonOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the bands with their estimated forces. A set is told its band by `tracker feel --set N --band N`.

    Example: tracker bands
    """
    if context.invoked_subcommand is not None:
        return
    from tracker.cli.opening import open_home_database
    from tracker.cli.output import print_json, print_tables
    from tracker.cli.person_option import person_of
    from tracker.report.band_table import ESTIMATE_TEXT, LEVER_TEXT, band_object, bands_table
    from tracker.store.bands import bands_of

    with open_home_database() as database, database.write() as connection:
        found = bands_of(connection, person_of(connection, person).person_id)
    if as_json:
        print_json({"bands": [band_object(one) for one in found], "notes": [ESTIMATE_TEXT, LEVER_TEXT]})
    elif not found:
        print_tables("No bands yet. Add one: tracker bands add --brand TheraBand --colour red --strip")
    else:
        print_tables(bands_table(found), "", ESTIMATE_TEXT, LEVER_TEXT)


@bands.command("add")
def add(
    brand: Annotated[str, typer.Option(help="Its maker.")],
    colour: Annotated[str, typer.Option(help="Its colour.")],
    loop: Annotated[
        bool | None, typer.Option("--loop/--strip", help="A loop pulls with both strands, a strip with one.")
    ] = None,
    rest_length: Annotated[
        str | None, typer.Option(help="Length of the slack band, a loop laid flat, for example 30cm.")
    ] = None,
    force_100: Annotated[float | None, typer.Option(metavar="N", help=_FORCE.format(100))] = None,
    force_200: Annotated[float | None, typer.Option(metavar="N", help=_FORCE.format(200))] = None,
    person: PersonOption = None,
) -> None:
    """Add a band. Forces are known for TheraBand; colours of other makers mean other forces.

    Example: tracker bands add --brand TheraBand --colour red --loop --rest-length 30cm
    """
    from tracker.cli.lengths import length_m
    from tracker.cli.opening import open_home_database
    from tracker.cli.output import note
    from tracker.cli.person_option import person_of
    from tracker.errors import UsageError
    from tracker.plan.band_force import THERABAND_SOURCE, BandStrength
    from tracker.session.own_bands import told_band
    from tracker.store.bands import add_band

    if loop is None:
        raise UsageError("loop or strip is not told", advice="Give --loop or --strip: a loop pulls double.")
    length = None if rest_length is None else length_m(rest_length)
    band = told_band(brand, colour, length, BandStrength(force_100, force_200), is_loop=loop)
    with open_home_database() as database, database.write() as connection:
        number = add_band(connection, person_of(connection, person).person_id, band)
    note(f"Band {number} is added.")
    if force_100 is None and band.force_100_n is not None:
        note(f"Forces: {THERABAND_SOURCE}; an estimate, rather too high.")
    elif band.force_100_n is None:
        note("Its force is not known: no load is estimated. Give --force-100 and --force-200 where you know.")
    if length is None:
        note("Without --rest-length its elongation is not known.")


@bands.command("retire")
def retire(
    number: Annotated[int, typer.Argument(help="Number of the band, from `tracker bands`.")],
    person: PersonOption = None,
) -> None:
    """Put a band away, worn out or lost; what was done with it stays.

    Example: tracker bands retire 1
    """
    from tracker.cli.opening import open_home_database
    from tracker.cli.output import note
    from tracker.cli.person_option import person_of
    from tracker.store.bands import retire_band

    with open_home_database() as database, database.write() as connection:
        retire_band(connection, person_of(connection, person).person_id, number)
    note(f"Band {number} is put away.")
