"""`tracker exercises`: the catalogue."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tracker.plan.catalogue import CatalogueEntry


def exercises(
    name: Annotated[str | None, typer.Argument(help="Show one exercise in full.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the exercises that can be counted, shipped ones and your own; or show one in full.

    Example: tracker exercises seated_internal_rotation
    """
    from tracker.cli.output import print_json, print_tables
    from tracker.report.exercise_sheet import exercise_sheet, exercises_table
    from tracker.session.workplace import workplace

    catalogue = workplace().catalogue
    chosen = [catalogue.find(name)] if name is not None else list(catalogue.values())
    if as_json:
        print_json({"exercises": [_object(one) for one in chosen]})
    elif name is None:
        print_tables(exercises_table(chosen))
    else:
        print_tables(*exercise_sheet(chosen[0]))


def _object(entry: "CatalogueEntry") -> dict[str, object]:
    from tracker.report.exercise_sheet import counted_when

    return {
        "name": entry.name,
        "title": entry.title,
        "start_pose": entry.start_pose,
        "movement": entry.movement,
        "placements": [placement.value for placement in entry.placements],
        "signal": entry.counting.signal.value,
        "counted_when": counted_when(entry.counting),
        "band_placement": entry.band_placement,
        "band_effect": entry.band_effect,
        "target": entry.target,
        "cautions": list(entry.cautions),
    }
