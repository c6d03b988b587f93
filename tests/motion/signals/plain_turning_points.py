"""The turning-point machine written out plainly, sample by sample, to hold the fast one against."""

from tracker.motion.signals.turning_points import Excursion, Point, Rise


def plain_turning_points(
    values: list[float], prominence: float, *, first_either_way: bool = False
) -> tuple[list[Rise | Excursion], int]:
    """Rises and excursions of a signal, and the sign by which it had to be multiplied."""
    found: list[Rise | Excursion] = []
    if not values:
        return found, 1
    sign, heading = 1, "unknown"
    low = high = Point(0, values[0])
    for index, value in enumerate(values):
        now = Point(index, sign * value)
        if heading in ("unknown", "down") and now.value < low.value:
            low = now
        if heading in ("unknown", "up") and now.value > high.value:
            high = now
        if heading in ("unknown", "down") and now.value - low.value >= prominence:
            heading, high = "up", now
            found.append(Rise(low, index))
        elif heading == "up" and high.value - now.value >= prominence:
            found.append(Excursion(low, high, index))
            heading, low = "down", now
        elif heading == "unknown" and high.value - now.value >= prominence:
            if first_either_way:
                sign, heading = -1, "up"
                low, high = Point(high.index, -high.value), Point(index, -now.value)
                found.append(Rise(low, index))
            else:
                heading, low = "down", now
    return found, sign
