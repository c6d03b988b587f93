"""Everything that is kept of one session, as tables for a terminal."""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from tracker.model import SessionFelt, SetFelt, SetTarget
from tracker.report.session_history import DoneSet, SessionHistory, done_for, shown_value
from tracker.report.session_tables import notice_lines, rest_tests_table, sensors_table
from tracker.report.terminal import BY_HAND, plain_table, side_name, simulated_banner
from tracker.store.found_sets import FoundSet
from tracker.store.revisions import Change, Revision


def history_tables(history: SessionHistory) -> list[RenderableType]:
    """All that a person reads of one session."""
    parts: list[RenderableType] = [simulated_banner()] if history.session.simulated else []
    parts += _head_lines(history)
    if history.sensors:
        parts += ["", _worn_table(history)]
    analysis = None if history.shown is None else history.shown.analysis
    if analysis is not None:
        parts += ["", sensors_table(analysis.sensors)]
        if analysis.rest_tests:
            parts += ["", rest_tests_table(analysis.rest_tests)]
            if history.session.rest_left_out:
                parts.append(Text("These rest tests are left out: they do not count.", style="yellow"))
        parts += notice_lines(analysis.notices)
    if history.sets:
        parts += ["", _sets_table(history)]
    parts += [
        Text(
            f"! set {one.set_number} {side_name(one.side)} is corrected, and this analysis found no such set",
            style="yellow",
        )
        for one in history.without_set
    ]
    if history.told:
        parts += ["", _told_table(history)]
    if history.felt is not None:
        parts += ["", f"How it felt: {_felt_text(history.felt)}"]
    if history.targets:
        parts += ["", _targets_table(history)]
    if history.revisions:
        parts += ["", _revisions_table(history)]
    if history.analyses:
        parts += ["", _analyses_table(history)]
    return parts


def revision_lines(history: SessionHistory, made: Revision) -> list[str]:
    """What a revision did, a line for each field."""
    return [_change_text(history, change) for change in made.changes]


def _head_lines(history: SessionHistory) -> list[RenderableType]:
    session = history.session
    zone = ZoneInfo(session.time_zone)
    began = f"{session.started_at.astimezone(zone):%Y-%m-%d %H:%M}"
    state = BY_HAND if session.by_hand else session.state.value
    lines: list[RenderableType] = [
        Text(
            f"Session {session.session_id} of {history.person}, {began} ({session.time_zone})", style="bold"
        ),
        f"{state}, {_length(history)}",
    ]
    if session.recording_path is not None:
        lines.append(f"recording: {session.recording_path}")
    if session.deleted_at is not None:
        at = f"{session.deleted_at.astimezone(zone):%Y-%m-%d %H:%M}"
        again = f"tracker sessions restore {session.session_id}"
        lines.append(Text(f"deleted on {at}: it does not count. Bring it back: {again}", style="yellow"))
    if history.shown is not None and not history.shown.is_current:
        text = f"Results of the older analysis {history.shown.analysis_id}; another one counts."
        lines.append(Text(text, style="yellow"))
    elif history.shown is None and not session.by_hand:
        lines.append("not analysed yet")
    return lines


def _length(history: SessionHistory) -> str:
    session = history.session
    if session.by_hand and session.ended_at is not None:
        return f"{(session.ended_at - session.started_at) / timedelta(minutes=1):g} min"
    return "length not known" if session.duration_s is None else f"{session.duration_s:.0f} s"


def _worn_table(history: SessionHistory) -> Table:
    table = plain_table("Worn", "placement", "sensor", "id")
    for placement, one in history.sensors.items():
        table.add_row(placement, one.name, one.sensor_id)
    return table


def _sets_table(history: SessionHistory) -> Table:
    table = plain_table("Sets (found → corrected)", "set", "leg", "exercise", "valid", "partial", "notes")
    for one in history.sets:
        felt = history.sets_felt.get(one.set_number)
        notes = [] if one.counts else ["left out"]
        notes += [*one.flags, *([_set_felt_text(history, felt)] if felt is not None else [])]
        table.add_row(
            str(one.set_number),
            side_name(one.side),
            _corrected(one.exercise, one.counted_exercise),
            _corrected(*_of(one, "valid")),
            _corrected(*_of(one, "partial")),
            "; ".join(notes),
        )
    return table


def _of(one: FoundSet, kind: str) -> tuple[int, int]:
    if kind == "valid":
        return one.valid_reps, one.counted_valid_reps
    return one.partial_reps, one.counted_partial_reps


def _corrected(found: object, counted: object) -> str:
    return str(found) if found == counted else f"{found} → {counted}"


def _told_table(history: SessionHistory) -> Table:
    table = plain_table("Done without sensors", "no.", "leg", "exercise", "sets", "repetitions", "hold")
    for number, one in enumerate(history.told, 1):
        hold = "–" if one.hold_s is None else f"{one.hold_s:g} s"
        numbers = (str(one.sets), f"{one.reps} each", hold)
        table.add_row(str(number), side_name(one.side), one.exercise, *numbers)
    return table


def _felt_text(felt: SessionFelt) -> str:
    said = (
        ("pain before", felt.pain_before),
        ("at worst", felt.pain_worst),
        ("next morning", felt.pain_next_morning),
        ("effort", felt.effort),
    )
    texts = [f"{name} {value}/10" for name, value in said if value is not None]
    return ", ".join([*texts, *([felt.notes] if felt.notes else [])]) or "–"


def _set_felt_text(history: SessionHistory, felt: SetFelt) -> str:
    said = (("pain", felt.pain), ("effort", felt.effort))
    texts = [f"{name} {value}/10" for name, value in said if value is not None]
    band = None if felt.band_id is None else history.bands.get(felt.band_id)
    if band is not None:
        texts.append(f"band {band.brand} {band.colour}")
    return ", ".join([*texts, *([felt.notes] if felt.notes else [])])


def _targets_table(history: SessionHistory) -> Table:
    table = plain_table("Plan of that day", "asked for", "leg", "sets x repetitions", "done", "by hand")
    for one in history.targets:
        done = done_for(history, one)
        table.add_row(
            one.exercise,
            one.side.value,
            _asked(one),
            _done_text(done.counted),
            _done_text(done.told),
        )
    return table


def _done_text(done: Sequence[DoneSet]) -> str:
    """Repetitions of each set, leg by leg."""
    of_leg: dict[str, list[str]] = {}
    for one in done:
        leg = "" if one.side is None else f"{one.side.value} "
        of_leg.setdefault(leg, []).append(str(one.reps))
    return "; ".join(leg + ", ".join(reps) for leg, reps in of_leg.items()) or "–"


def _asked(target: SetTarget) -> str:
    low, high = target.reps_low, target.reps_high
    reps = str(low) if low == high else f"{low}-{high}"
    hold = "" if target.hold_s is None else f", {target.hold_s:g} s each"
    return f"{target.sets} x {reps}{hold}"


def _revisions_table(history: SessionHistory) -> Table:
    table = plain_table("Revisions", "when", "what", "change", "reason")
    for column in table.columns[1:]:
        column.justify = "left"
    zone = ZoneInfo(history.session.time_zone)
    for made in history.revisions:
        when = f"{made.made_at.astimezone(zone):%Y-%m-%d %H:%M}"
        changes = "\n".join(revision_lines(history, made))
        table.add_row(when, made.action.value, changes, made.reason)
    return table


def _change_text(history: SessionHistory, change: Change) -> str:
    where = "" if change.set_number is None else f"set {change.set_number}, "
    leg = "" if change.side is None else f"{change.side.value} leg, "
    before, after = (shown_value(history, change, value) for value in (change.before, change.after))
    name = change.field.value.removesuffix("_id").replace("_", " ")
    return f"{where}{leg}{name}: {before} → {after}"


def _analyses_table(history: SessionHistory) -> Table:
    columns = ("no.", "version", "made", "sets", "valid", "partial", "rest tests", "refused", "")
    table = plain_table("Analyses, as found", *columns)
    for one in history.analyses:
        numbers = (one.sets, one.valid_reps, one.partial_reps, one.rest_tests, one.refused_rest_tests)
        table.add_row(
            str(one.analysis_id),
            one.version,
            f"{one.created_at.astimezone(ZoneInfo(history.session.time_zone)):%Y-%m-%d %H:%M}",
            *map(str, numbers),
            "current" if one.is_current else "",
        )
    return table
