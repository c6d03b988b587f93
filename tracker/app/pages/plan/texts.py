"""What a plan asks for, in the words of a language."""

from tracker.app.words import Words
from tracker.model import SetTarget
from tracker.plan.bands import BandLevel, BandLoad, band_load
from tracker.plan.growth import Strength
from tracker.plan.prescription import Range


def amount(words: Words, sets: int, low: int, high: int) -> str:
    """Sets and repetitions: `3 × 8–12`."""
    return f"{words.number(sets, 0)} × {span(words, Range(low, high))}"


def span(words: Words, one: Range) -> str:
    """A range of whole numbers."""
    low, high = words.number(one.low, 0), words.number(one.high, 0)
    return low if low == high else f"{low}–{high}"


def seconds(words: Words, value_s: float | None) -> str:
    """A time, or a dash."""
    return "–" if value_s is None else words.duration(value_s, short=True)


def target_band(words: Words, target: SetTarget) -> str:
    """The band of a target, and where it sits."""
    if target.band_placement is None or target.band_colour is None or target.elongation_percent is None:
        return "–"
    level = band_level(words, BandLevel(target.band_colour, target.elongation_percent))
    match target.band_placement:
        case "ankles":
            return words("{band}, at the ankles", band=level)
        case "feet":
            return words("{band}, at the feet", band=level)
        case "thighs":
            return words("{band}, round the thighs", band=level)
    return level


def band_level(words: Words, level: BandLevel) -> str:
    """A colour and how far it is stretched."""
    percent = words.percent(level.elongation_percent / 100.0)
    return words("{colour}, +{percent}", colour=words.told(level.colour), percent=percent)


def strength(words: Words, one: Strength) -> str:
    """How hard a prescription is: its sets and its band."""
    sets = words.plural("{count} set", "{count} sets", one.sets)
    if one.band is None:
        return sets
    return words("{sets}, band {band}", sets=sets, band=band_level(words, one.band))


def load(words: Words, target: SetTarget) -> str:
    """What the band loads where it sits."""
    match band_load(target.band_placement):
        case BandLoad.INTERNAL_ROTATION:
            return words("internal rotation")
        case BandLoad.ABDUCTION:
            return words("abduction")
        case BandLoad.NOTHING:
            return "–"
