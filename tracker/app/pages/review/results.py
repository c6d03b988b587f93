"""What a recording gave, as tables: repetitions, rest tests, data quality and notices."""

import math
from collections.abc import Sequence

from tracker.app.html import tag
from tracker.app.live.names import leg_name, placement_name, rotation_with_error
from tracker.app.tables import Cell, Markup, show_table, table_html
from tracker.app.words import Words
from tracker.model import Analysis, ExerciseSet, RelativeTo, Repetition, RestTest, SensorQuality
from tracker.motion.grading.fatigue import set_trend
from tracker.recording.damage import Damage


def seek_button(words: Words, at_s: float, to_s: float | None = None) -> Markup:
    """A time that leads the picture there."""
    minutes, seconds = divmod(at_s, 60.0)
    shown = f"{minutes:.0f}:{seconds:04.1f}"
    told = words("Show at {time}", time=shown)
    target = at_s if to_s is None else to_s
    return Markup(
        f'<button type="button" class="at" data-seek="{target:.2f}" aria-label="{told}">'
        f'<bdi dir="ltr">{shown}</bdi></button>',
        chars=len(shown),
    )


def repetitions_html(words: Words, done: ExerciseSet) -> str:
    """The table of one leg's repetitions in one set."""
    heads = (
        words("No."),
        words("At"),
        words("Range"),
        words("There"),
        words("Held"),
        words("Back"),
        words("Fastest"),
        words("Smoothness"),
        words("Remarks"),
    )
    rows = [_repetition(words, number, rep) for number, rep in enumerate(done.repetitions, start=1)]
    label = words("Repetitions of the {leg}", leg=leg_name(words, _side(done)))
    return table_html(heads, rows, label=label, text_columns=(0, 8))


def set_remarks(words: Words, done: ExerciseSet) -> list[str]:
    """What is to be known of one leg's set."""
    remarks = [words.told(flag) for flag in done.flags]
    if done.reference is not None:
        angle = words.degrees(math.degrees(done.reference.rom_rad), 0)
        if done.reference.shown:
            remarks.append(words("Held against the own range of {angle}.", angle=angle))
        else:
            remarks.append(words("Held against a range of {angle}.", angle=angle))
    trend = set_trend(done)
    if trend is not None:
        remarks.append(
            words(
                "From repetition to repetition: range {range} %, duration {duration} %.",
                range=words.number(trend.rom_slope_percent, 1, signed=True),
                duration=words.number(trend.duration_slope_percent, 1, signed=True),
            )
        )
    return remarks


def show_rest_tests(words: Words, tests: Sequence[RestTest]) -> None:
    """Each rest test with its error, or the reason why there is none."""
    if not tests:
        return
    with tag("section", aria_label=words("Rest tests")):
        tag("h2", words("Rest tests"))
        heads = (
            words("Leg"),
            words("At"),
            words("Hip rotation (95 % interval)"),
            words("Against"),
            words("Remarks"),
        )
        rows = [_rest_test(words, test) for test in tests]
        show_table(heads, rows, label=words("Rest tests"), text_columns=(0, 2, 3, 4))
        tag(
            "p",
            words("The ± is the measurement error: in 19 of 20 cases the true value lies within it."),
            classes="soft",
        )


def show_quality(words: Words, analysis: Analysis, damage: Damage | None) -> None:
    """What came from each sensor, what did not, how its clock fits, and what may fool the numbers."""
    with tag("section", aria_label=words("Data quality")):
        tag("h2", words("Data quality"))
        for notice in analysis.notices:
            where = "" if notice.placement is None else placement_name(words, notice.placement)
            text = words.told(notice.text)
            with tag("p", classes="care"):
                tag("span", f"{where}: {text}" if where else text)
        if damage is not None:
            _damage(words, damage)
        if not analysis.sensors:
            return
        heads = (
            words("Sensor"),
            words("Rate"),
            words("Samples"),
            words("Missing"),
            words("Sent again"),
            words("Gaps"),
            words("Longest gap"),
            words("At range's end"),
            words("Unreadable"),
            words("Clock runs fast by"),
            words("Late by at most (95 %)"),
            words("Calibrated"),
        )
        rows = [_sensor(words, one) for one in analysis.sensors]
        show_table(heads, rows, label=words("Data quality"))


def _damage(words: Words, damage: Damage) -> None:
    if damage.cut:
        text = words("The file ends in mid-recording: up to a second that came last may be missing.")
        tag("p", text, classes="care")
    if damage.lost:
        text = words("{count} bytes of the file could not be read.", count=damage.bytes_unread)
        tag("p", text, classes="care")


def _repetition(words: Words, number: int, rep: Repetition) -> Sequence[Cell]:
    remarks = [words.told(flag) for flag in rep.flags]
    if not rep.valid:
        remarks.insert(0, words("partial"))
    rom = "–"
    if rep.rom_rad is not None:
        rom_deg, error_rad = math.degrees(rep.rom_rad), rep.rom_uncertainty_rad
        rom = words.degrees(rom_deg)
        if error_rad is not None:
            rom = words.degrees_with_error(rom_deg, math.degrees(error_rad))
    peak, smooth = rep.peak_velocity_rad_per_s, rep.concentric_smoothness
    return (
        f"{'▲' if rep.valid else '◇'} {words.number(number, 0)}",
        seek_button(words, rep.start_s, rep.peak_s),
        rom,
        _seconds(words, rep.concentric_s),
        _seconds(words, rep.hold_s),
        _seconds(words, rep.eccentric_s),
        "–" if peak is None else words("{angle} a second", angle=words.degrees(math.degrees(peak), 0)),
        "–" if smooth is None else words.number(smooth, 2),
        " · ".join(remarks),
    )


def _rest_test(words: Words, test: RestTest) -> Sequence[Cell]:
    value, error = test.hip_rotation_rad, test.uncertainty_rad
    remarks = [words.told(flag) for flag in test.flags]
    if value is None or error is None:
        shown = words("could not be measured")
        remarks.insert(0, words.told(test.refused or ""))
    else:
        shown = rotation_with_error(words, math.degrees(value), math.degrees(error))
    against = words("the pelvis") if test.relative_to is RelativeTo.PELVIS else words("the vertical")
    middle_s = (test.start_s + test.end_s) / 2.0
    return (
        leg_name(words, test.side),
        seek_button(words, test.start_s, middle_s),
        shown,
        against,
        " · ".join(remarks),
    )


def _sensor(words: Words, one: SensorQuality) -> Sequence[Cell]:
    longest_s = max((gap.end_s - gap.start_s for gap in one.gaps), default=None)
    drift = "–"
    if one.drift_ppm is not None and one.drift_uncertainty_ppm is not None:
        drift = words(
            "{value} ± {error} ppm",
            value=words.number(one.drift_ppm, 1, signed=True),
            error=words.number(one.drift_uncertainty_ppm, 1),
        )
    late_s = one.clock_residual_s
    return (
        placement_name(words, one.placement),
        words("{value} Hz", value=words.number(one.rate_hz, 2)),
        words.number(one.samples, 0),
        words.number(one.missing, 0),
        words.number(one.backfilled, 0),
        words.number(len(one.gaps), 0),
        "–" if longest_s is None else _seconds(words, longest_s),
        words.number(one.saturated, 0),
        words.number(one.bad_frames, 0),
        drift,
        "–" if late_s is None else words("{value} ms", value=words.number(1000.0 * late_s, 1)),
        words("no") if one.calibrated_on is None else one.calibrated_on,
    )


def _seconds(words: Words, value_s: float) -> str:
    return words("{value} s", value=words.number(value_s, 1))


def _side(done: ExerciseSet) -> str | None:
    return None if done.side is None else done.side.value
