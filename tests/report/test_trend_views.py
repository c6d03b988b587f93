"""The trend as tables, as a plot of characters and as a picture: all numbers, nothing by colour alone."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console
from trend_series import MONDAY, judged

from tracker.errors import StorageError
from tracker.progress.trend.values import QUANTITIES, RestingTrend
from tracker.report.trend_picture import trend_svg, write_trend_svg
from tracker.report.trend_plot import trend_plot
from tracker.report.trend_tables import trend_tables

FALLING = [-20.0 + 0.4 * n + (0.0, 2.0, -2.0, 1.0)[n % 4] for n in range(36)]
WORDS_NOT_SAID = r"normal|because|due to|weak|strong|better|worse|improv|meaningful"
SVG = "{http://www.w3.org/2000/svg}"


def trend(values: Sequence[float], *, simulated: bool = False, refused: int = 0) -> RestingTrend:
    left, right, difference, mean = (judged(list(values), name) for name in QUANTITIES)
    return RestingTrend(
        first=MONDAY.date(),
        last=MONDAY.date() + timedelta(days=83),
        time_zone="Europe/Berlin",
        since_reason="the plan 'a & <b>' began",
        left=left,
        right=right,
        difference=difference,
        mean=mean,
        refused={"the leg moved": refused} if refused else {},
        simulated=simulated,
        notices=("not comparable, left out of all: 2 strappings-on measured prone",),
    )


def printed(found: RestingTrend, names: Sequence[str] = QUANTITIES) -> str:
    console = Console(width=160, record=True, color_system=None)
    with console.capture() as capture:
        console.print(trend_tables(found, names))
    return capture.get()


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - of our own making


def plotted(values: Sequence[float], columns: int = 80) -> list[str]:
    return trend_plot(judged(list(values)), columns).splitlines()


def test_the_tables_hold_verdict_change_error_and_what_was_refused() -> None:
    text = printed(trend(FALLING, refused=4))
    left = trend(FALLING).left
    assert left.change_deg is not None
    assert left.mdc_deg is not None
    assert f"{left.change_deg:+.1f}° ± {left.mdc_deg:.1f}°" in text
    assert "changed" in text
    assert "refused rest tests: 4; the leg moved (4)" in text
    assert "2 strappings-on measured prone" in text
    assert "No smallest change that matters is known" in text
    assert not re.search(WORDS_NOT_SAID, text)


def test_one_angle_alone_is_shown_alone() -> None:
    text = printed(trend(FALLING), ["right"])
    assert "right leg" in text
    assert "left leg" not in text
    assert "mean of both" not in text


def test_simulated_sessions_say_so_in_table_and_picture() -> None:
    for simulated in (True, False):
        found = trend(FALLING, simulated=simulated)
        assert ("SIMULATED" in printed(found)) is simulated
        assert ("SIMULATED" in trend_svg(found, QUANTITIES)) is simulated


def test_an_empty_trend_tells_what_measures() -> None:
    text = printed(trend([]))
    assert text.count("no rest test was measured") == 4
    assert "`tracker rest` measures" in text
    assert trend_plot(judged([]), 80) == ""


def test_the_plot_shows_every_donning_and_no_escape_sequence() -> None:
    """Steps of a whole row or more, so that no donning hides another."""
    values = [-30.0, -20.0, -10.0, 0.0, 10.0, 20.0]
    lines = plotted(values)
    canvas = [line for line in lines if "│" in line or "┤" in line]
    assert sum(line.count("o") for line in canvas) == len(values)
    assert "\x1b" not in "\n".join(lines)
    assert lines[-1].startswith("o strapping-on")
    assert any("=" in line for line in canvas)
    assert any("08 Jan 24" in line for line in lines)


def test_the_plot_fits_its_width_and_rises_to_the_right() -> None:
    lines = plotted([float(n) for n in range(12)], columns=60)
    assert max(map(len, lines[:-1])) <= 60
    rows = [line for line in lines if "o" in line and ("│" in line or "┤" in line)]
    assert rows[0].rindex("o") > rows[-1].rindex("o")


@pytest.mark.parametrize("values", [[-18.0], [-18.0] * 5, [float(n % 7) for n in range(400)]])
def test_single_level_and_many_donnings_can_be_drawn(values: list[float]) -> None:
    assert any("o" in line for line in plotted(values)[:-2])
    parsed(trend_svg(trend(values), QUANTITIES))


def test_the_picture_has_a_title_and_describes_itself_in_words() -> None:
    root = parsed(trend_svg(trend(FALLING), QUANTITIES))
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("role") == "img"
    assert title is not None
    assert description is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text == "Resting hip rotation, 8 Jan 2024 to 31 Mar 2024"
    assert description.text is not None
    assert "left leg, rotation (inward positive): changed (n 36)" in description.text
    assert not re.search(WORDS_NOT_SAID, description.text)


def test_the_picture_is_grey_and_fetches_nothing() -> None:
    text = trend_svg(trend(FALLING), QUANTITIES)
    for red, green, blue in re.findall(r"rgb\(([\d.]+)%,([\d.]+)%,([\d.]+)%\)", text):
        assert red == green == blue
    assert set(re.findall(r"https?://[^\"'<> ]+", text)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


def test_everything_lies_within_the_picture() -> None:
    root = parsed(trend_svg(trend(FALLING), ["left"]))
    circles = list(root.iter(f"{SVG}circle"))
    assert len(circles) == 36
    # Of the panel, which is as wide as the page less its margins.
    assert min(float(one.get("cx", "nan")) for one in circles) > 0.0
    assert max(float(one.get("cx", "nan")) for one in circles) < 572.0
    assert all(0.0 < float(one.get("cy", "nan")) < 120.0 for one in circles)


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    write_trend_svg(trend(FALLING), ["left"], tmp_path / "trend.svg")
    assert (tmp_path / "trend.svg").read_text(encoding="utf-8").startswith("<svg")
    with pytest.raises(StorageError, match="cannot be written"):
        write_trend_svg(trend(FALLING), ["left"], tmp_path / "no" / "trend.svg")


def test_a_chart_is_told_only_where_it_shows_something() -> None:
    steady = [(-20.0, -18.0)[n % 2] for n in range(20)]
    assert "limits of the first" not in printed(trend(steady))
    text = printed(trend([*steady, 30.0]), ["left"])
    assert "left: 1 strapping-on beyond" in text
    assert "the limits of the first 12; the latest on" in text
