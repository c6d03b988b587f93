"""How a session felt, as tables and as an object for programs."""

from typing import TYPE_CHECKING

from rich.console import RenderableType

from tracker.model import Band, SetFelt
from tracker.plan.band_force import BandStrength, elongation_percent, estimated_force_n
from tracker.report.terminal import plain_table, simulated_banner
from tracker.session.felt_session import FeltSession

if TYPE_CHECKING:
    from tracker.report.objects.said import FeltSessionObject

_UNSAID = "–"


def felt_tables(one: FeltSession) -> list[RenderableType]:
    """What holds now."""
    session = one.session
    title = f"Session {session.session_id}, {session.started_at.astimezone():%Y-%m-%d %H:%M}, as you say"
    table = plain_table(None, "", "")
    for name, value in (
        ("pain before", one.felt.pain_before),
        ("pain at worst", one.felt.pain_worst),
        ("pain the next morning", one.felt.pain_next_morning),
        ("effort", one.felt.effort),
        ("notes", one.felt.notes),
    ):
        table.add_row(name, _text(value))
    parts: list[RenderableType] = [simulated_banner()] if session.simulated else []
    parts += [title, table]
    exercises = one.exercises or {}
    numbers = sorted({*exercises, *one.sets})
    if numbers:
        sets = plain_table(
            "Its sets", "set", "exercise", "pain", "effort", "band", "stretched", "force (estimate)", "notes"
        )
        for number in numbers:
            said = one.sets.get(number, SetFelt())
            sets.add_row(
                str(number),
                exercises.get(number, _UNSAID),
                _text(said.pain),
                _text(said.effort),
                *_band_cells(one, said),
                _text(said.notes),
            )
        parts += ["", sets]
    return parts


def felt_object(one: FeltSession) -> "FeltSessionObject":
    """The same for programs; None where nothing was said."""
    felt = one.felt
    return {
        "session_id": one.session.session_id,
        "started_at": one.session.started_at.isoformat(),
        "simulated": one.session.simulated,
        "felt": {
            "pain_before": felt.pain_before,
            "pain_worst": felt.pain_worst,
            "pain_next_morning": felt.pain_next_morning,
            "effort": felt.effort,
            "notes": felt.notes,
        },
        "sets": [
            {
                "set_number": number,
                "exercise": (one.exercises or {}).get(number),
                "pain": said.pain,
                "effort": said.effort,
                "notes": said.notes,
                "band_id": said.band_id,
                "stretched_length_m": said.stretched_length_m,
                "elongation_percent": _elongation(one, said),
                "estimated_force_n": _force_n(one, said),
            }
            for number, said in sorted(one.sets.items())
        ],
    }


def _band_cells(one: FeltSession, said: SetFelt) -> tuple[str, str, str]:
    band = _band(one, said)
    elongation, force_n = _elongation(one, said), _force_n(one, said)
    return (
        _UNSAID if band is None else f"{band.band_id} ({band.colour})",
        _UNSAID if elongation is None else f"+{elongation:.0f} %",
        _UNSAID if force_n is None else f"~{force_n:.0f} N",
    )


def _band(one: FeltSession, said: SetFelt) -> Band | None:
    return None if said.band_id is None else one.bands.get(said.band_id)


def _elongation(one: FeltSession, said: SetFelt) -> float | None:
    band = _band(one, said)
    if band is None or band.rest_length_m is None or said.stretched_length_m is None:
        return None
    return elongation_percent(band.rest_length_m, said.stretched_length_m)


def _force_n(one: FeltSession, said: SetFelt) -> float | None:
    band, elongation = _band(one, said), _elongation(one, said)
    if band is None or elongation is None:
        return None
    strength = BandStrength(band.force_100_n, band.force_200_n)
    return estimated_force_n(strength, elongation, is_loop=band.is_loop)


def _text(value: object) -> str:
    return _UNSAID if value is None else str(value)
