"""The small picture of a course for print, in shades of grey."""

from reportlab.graphics.shapes import Circle, Drawing, Line, PolyLine
from reportlab.lib import colors

from tracker.report.week_parts import Course, CoursePoint

WIDTH_PT, HEIGHT_PT = 104.0, 14.5
_EDGE_PT = 1.8
_SOFT = colors.Color(0.55, 0.55, 0.55)


def course_drawing(course: Course) -> Drawing:
    """Weekly values with their intervals, joined, over the dashed line of the baseline."""
    drawing = Drawing(WIDTH_PT, HEIGHT_PT)
    for one in course.points:
        low, high = (_y(one.value + sign * one.half_width, course) for sign in (-1.0, 1.0))
        drawing.add(Line(_x(one), low, _x(one), high, strokeColor=_SOFT, strokeWidth=0.8))
    if course.baseline is not None:
        y = _y(course.baseline, course)
        drawing.add(
            Line(0.0, y, WIDTH_PT, y, strokeColor=colors.black, strokeWidth=0.5, strokeDashArray=[2.5, 2])
        )
    if len(course.points) > 1:
        along = [place for one in course.points for place in (_x(one), _y(one.value, course))]
        drawing.add(PolyLine(along, strokeColor=colors.black, strokeWidth=0.7))
    for one in course.points:
        drawing.add(Circle(_x(one), _y(one.value, course), 1.3, fillColor=colors.black, strokeWidth=0))
    return drawing


def _x(one: CoursePoint) -> float:
    return _EDGE_PT + one.at * (WIDTH_PT - 2.0 * _EDGE_PT)


def _y(value: float, course: Course) -> float:
    span = course.high - course.low
    share = 0.5 if span <= 0.0 else (value - course.low) / span
    return _EDGE_PT + share * (HEIGHT_PT - 2.0 * _EDGE_PT)
