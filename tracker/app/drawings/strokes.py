"""Strokes that drawings are made of: a plain figure in the page's own colours, light or dark.

Colours are the page's variables, so that a drawing needs nothing but the page that it stands in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import atan2, cos, hypot, radians, sin

WIDTH, HEIGHT = 240, 150
"""Of every drawing, in units of its own."""

BODY = "var(--ink)"
FAR = "var(--edge)"
"""Of the leg that lies behind."""
MOVED = "var(--mark)"
"""Of what moves, or of where a sensor sits."""
BAND = "var(--care)"

_LIMB = 9
_THIN = 3
_HEAD_RADIUS = 11

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """One drawing.

    Attributes:
        alt: what it shows, in English; the page translates it.
    """

    svg: str
    alt: str


def drawing(alt: str, *parts: str) -> Drawing:
    """Parts as one picture; it is named where it is shown, in the language of the page."""
    view = f'viewBox="0 0 {WIDTH} {HEIGHT}"'
    return Drawing(
        f'<svg xmlns="http://www.w3.org/2000/svg" {view} aria-hidden="true">{"".join(parts)}</svg>', alt
    )


def limb(*points: Point, colour: str = BODY, width: float = _LIMB) -> str:
    """A part of the body through its joints."""
    return _path(points, colour, width)


def ghost(*points: Point) -> str:
    """Where the moving part ends."""
    return _path(points, MOVED, 4, dashes="2 8")


def head(at: Point) -> str:
    """A head about its middle."""
    return f'<circle cx="{at[0]:g}" cy="{at[1]:g}" r="{_HEAD_RADIUS}" fill="{BODY}"/>'


def ground(y: float, start: float = 8, end: float = WIDTH - 8) -> str:
    """Mat or floor."""
    return _path([(start, y), (end, y)], FAR, _THIN)


def block(x: float, y: float, width: float, height: float) -> str:
    """A box, a chair or a wall."""
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="3" '
        f'fill="none" stroke="{FAR}" stroke-width="{_THIN}"/>'
    )


def sensor(x: float, y: float, turned_deg: float = 0.0) -> str:
    """A sensor about its middle; not turned it is upright."""
    return (
        f'<rect x="{x - 6:g}" y="{y - 9:g}" width="12" height="18" rx="3" fill="{MOVED}" '
        f'stroke="var(--paper)" stroke-width="2" transform="rotate({turned_deg:g} {x:g} {y:g})"/>'
    )


def dot(at: Point, radius: float = 4, colour: str = MOVED) -> str:
    """A point that is to be seen: a kneecap, a hip bone."""
    return (
        f'<circle cx="{at[0]:g}" cy="{at[1]:g}" r="{radius:g}" fill="{colour}" '
        f'stroke="var(--paper)" stroke-width="1.5"/>'
    )


def band(*points: Point) -> str:
    """A resistance band."""
    return _path(points, BAND, 5)


def arrow(start: Point, end: Point) -> str:
    """A straight way."""
    return _arrow([start, end])


def turn(centre: Point, radius: float, from_deg: float, to_deg: float) -> str:
    """A way round a centre; angles from the right, downwards positive as on the screen."""
    steps = max(2, round(abs(to_deg - from_deg) / 8))
    angles = [radians(from_deg + (to_deg - from_deg) * step / steps) for step in range(steps + 1)]
    return _arrow([(centre[0] + radius * cos(one), centre[1] + radius * sin(one)) for one in angles])


def _arrow(points: list[Point]) -> str:
    (x0, y0), (x1, y1) = points[-2], points[-1]
    length = hypot(x1 - x0, y1 - y0) or 1.0
    angle = atan2(y1 - y0, x1 - x0)
    tips = [(x1 - 9 * cos(angle + spread), y1 - 9 * sin(angle + spread)) for spread in (0.5, -0.5)]
    shaft = [*points[:-1], (x1 - 5 * (x1 - x0) / length, y1 - 5 * (y1 - y0) / length)]
    tip = " ".join(f"{x:.1f},{y:.1f}" for x, y in [(x1, y1), *tips])
    line = _path(shaft, MOVED, _THIN)
    return f'{line}<polygon points="{tip}" fill="{MOVED}"/>'


def _path(points: Iterable[Point], colour: str, width: float, *, dashes: str = "none") -> str:
    places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="{width:g}" '
        f'stroke-dasharray="{dashes}" stroke-linecap="round" stroke-linejoin="round"/>'
    )
