"""A week's page as one HTML file: no script, nothing fetched from anywhere, and every text escaped."""

import base64
import hashlib
from collections.abc import Iterator
from html import escape

from tracker.report.week_parts import Cell, Course, CoursePoint, Figure, Page, Part
from tracker.report.week_sections import SIMULATED

_STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --soft: #595959; --line: #c9c9c9; --paper: #fff;
  --mark: #14507a; --shade: #f3f3f1; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececec; --soft: #b4b4b4; --line: #4c4c4c; --paper: #161616; --mark: #8cc4ee;
    --shade: #232323; }
}
body { margin: 0 auto; padding: 1.5rem; max-width: 62rem; background: var(--paper); color: var(--ink);
  font: 0.95rem/1.45 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.35rem; margin: 0 0 0.2rem; }
h2 { font-size: 1.02rem; margin: 1.6rem 0 0.3rem; border-bottom: 1px solid var(--line); }
p { margin: 0.2rem 0; }
.soft, footer, ul { color: var(--soft); }
.simulated { border: 2px solid var(--ink); background: var(--shade); padding: 0.4rem 0.8rem;
  font-weight: bold; }
dl { display: flex; flex-wrap: wrap; gap: 0.6rem 2rem; margin: 1rem 0; }
dl div { display: flex; flex-direction: column-reverse; }
dt { color: var(--soft); font-size: 0.85rem; }
dd { margin: 0; font-size: 1.6rem; font-variant-numeric: tabular-nums; }
dd small { font-size: 0.8rem; color: var(--soft); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 0.2rem 0.9rem 0.2rem 0; text-align: right; vertical-align: middle;
  overflow-wrap: break-word; max-width: 24rem; }
th:last-child, td:last-child { padding-right: 0; }
th { font-weight: normal; color: var(--soft); font-size: 0.85rem; }
tbody th { color: var(--ink); font-size: inherit; }
td:not(.words) { white-space: nowrap; }
.words { text-align: left; }
tbody tr { border-top: 1px solid var(--line); }
ul { margin: 0.4rem 0; padding-left: 1.1rem; font-size: 0.88rem; }
svg { display: inline-block; min-width: 150px; vertical-align: middle; }
.interval { stroke: var(--soft); stroke-width: 1; }
.course { fill: none; stroke: var(--mark); stroke-width: 1.3; }
.point { fill: var(--mark); }
.baseline { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 4 3; }
footer { margin-top: 1.6rem; border-top: 1px solid var(--line); padding-top: 0.5rem; font-size: 0.85rem; }
@media print {
  :root { --ink: #000; --soft: #444; --line: #999; --paper: #fff; --mark: #000; --shade: #fff;
    color-scheme: light; }
  html { font-size: 9pt; }
  body { padding: 0; max-width: none; }
  h2 { margin-top: 0.9rem; }
  section { break-inside: avoid; }
}
"""

_WIDTH, _HEIGHT, _EDGE = 150.0, 34.0, 4.0


def week_html(page: Page) -> str:
    """The page as a text; it asks browsers to run and fetch nothing."""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return "\n".join(
        (
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{escape(page.title)}</title>",
            f"<style>{_STYLE}</style>",
            "</head>",
            "<body>",
            *_body(page),
            "</body>",
            "</html>",
            "",
        )
    )


def _body(page: Page) -> Iterator[str]:
    yield "<header>"
    if page.simulated:
        yield f'<p class="simulated" role="note">{escape(SIMULATED)}</p>'
    yield f"<h1>{escape(page.title)}</h1>"
    yield f'<p class="soft">{escape(page.subtitle)}</p>'
    yield "</header>"
    yield "<main>"
    yield f"<dl>{''.join(map(_figure, page.figures))}</dl>"
    for number, part in enumerate(page.parts, 1):
        yield from _part(part, f"part{number}")
    yield "</main>"
    yield f"<footer><p>{escape(page.footer)}</p></footer>"


def _figure(one: Figure) -> str:
    detail = f" <small>{escape(one.detail)}</small>" if one.detail else ""
    return f"<div><dt>{escape(one.name)}</dt><dd>{escape(one.value)}{detail}</dd></div>"


def _part(part: Part, name: str) -> Iterator[str]:
    yield f'<section aria-labelledby="{name}">'
    yield f'<h2 id="{name}">{escape(part.title)}</h2>'
    if part.rows:
        yield f'<div class="wide" role="region" tabindex="0" aria-labelledby="{name}"><table>'
        heads = "".join(
            f'<th scope="col"{_words(part, place)}>{escape(column)}</th>'
            for place, column in enumerate(part.columns)
        )
        yield f"<thead><tr>{heads}</tr></thead>"
        yield "<tbody>"
        for row in part.rows:
            yield f"<tr>{''.join(_cell(part, place, cell) for place, cell in enumerate(row))}</tr>"
        yield "</tbody></table></div>"
    lines = (*part.lines, *part.free_lines)
    if lines:
        yield f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"
    yield "</section>"


def _words(part: Part, place: int) -> str:
    return ' class="words"' if place in part.text_columns else ""


def _cell(part: Part, place: int, cell: Cell) -> str:
    inner = course_svg(cell) if isinstance(cell, Course) else escape(cell)
    if place == 0:
        return f'<th scope="row"{_words(part, place)}>{inner}</th>'
    return f"<td{_words(part, place)}>{inner}</td>"


def course_svg(course: Course) -> str:
    """The course as a picture within the page; its text stands for it where it is read aloud."""
    label = escape(course.text)
    if not course.points:
        return label
    shapes = [_interval(one, course) for one in course.points]
    if course.baseline is not None:
        y = _y(course.baseline, course)
        shapes.append(f'<line class="baseline" x1="0" x2="{_WIDTH:.0f}" y1="{y:.1f}" y2="{y:.1f}"/>')
    along = " ".join(f"{_x(one):.1f},{_y(one.value, course):.1f}" for one in course.points)
    shapes.append(f'<polyline class="course" points="{along}"/>')
    shapes += [
        f'<circle class="point" cx="{_x(one):.1f}" cy="{_y(one.value, course):.1f}" r="2"/>'
        for one in course.points
    ]
    size = f'width="{_WIDTH:.0f}" height="{_HEIGHT:.0f}" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}"'
    return f'<svg role="img" aria-label="{label}" {size}><title>{label}</title>{"".join(shapes)}</svg>'


def _interval(one: CoursePoint, course: Course) -> str:
    x = _x(one)
    top, bottom = _y(one.value + one.half_width, course), _y(one.value - one.half_width, course)
    return f'<line class="interval" x1="{x:.1f}" x2="{x:.1f}" y1="{top:.1f}" y2="{bottom:.1f}"/>'


def _x(one: CoursePoint) -> float:
    return _EDGE + one.at * (_WIDTH - 2.0 * _EDGE)


def _y(value: float, course: Course) -> float:
    """From the top; a course that does not vary lies in the middle."""
    span = course.high - course.low
    share = 0.5 if span <= 0.0 else (value - course.low) / span
    return _HEIGHT - _EDGE - share * (_HEIGHT - 2.0 * _EDGE)
