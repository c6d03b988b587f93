"""Unicode marks that keep numbers and foreign texts whole within a line of the other direction.

Source: Unicode Standard Annex 9, explicit directional isolates.
"""

import re

_LEFT_TO_RIGHT = "\u2066"
_AS_IT_BEGINS = "\u2068"
_END = "\u2069"
_RIGHT_TO_LEFT = re.compile(rf"(?:[\u0590-\u08ff \u201c\u201d«».:]|{_LEFT_TO_RIGHT}[^{_END}]*{_END})+")
_SIGN_BEFORE = re.compile(rf"([±+−≥≤≈~] ?){_LEFT_TO_RIGHT}")
_SIGN_AFTER = re.compile(rf"{_END}( ?[°%])")


def left_to_right(text: str) -> str:
    """A number with its sign and unit, in a line that runs from right to left."""
    return f"{_LEFT_TO_RIGHT}{text}{_END}"


def as_it_begins(text: str) -> str:
    """A name or another text of any language; its direction is that of its first letter.

    Words that run from right to left themselves, and what is isolated already, need no isolation.
    """
    return text if _RIGHT_TO_LEFT.fullmatch(text) else f"{_AS_IT_BEGINS}{text}{_END}"


def with_signs_inside(text: str) -> str:
    """Signs that stand beside a number taken into its isolation: `±`, the number, `°`."""
    return _SIGN_AFTER.sub(rf"\1{_END}", _SIGN_BEFORE.sub(rf"{_LEFT_TO_RIGHT}\1", text))


def without_marks(text: str) -> str:
    """The text without these marks."""
    return text.translate({ord(mark): None for mark in (_LEFT_TO_RIGHT, _AS_IT_BEGINS, _END)})
