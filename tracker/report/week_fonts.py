"""The letters of a printed page: fonts that are embedded, and what becomes of signs that they lack."""

import unicodedata
from functools import cache
from pathlib import Path

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, BOLD = "Vera", "VeraBd"
"""Bitstream Vera, which comes with reportlab: the same letters on every machine."""

REPLACEMENT = "¤"


@cache
def register_fonts() -> None:
    """Make the fonts known, once."""
    folder = Path(reportlab.__file__).parent / "fonts"
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)


@cache
def _signs() -> frozenset[str]:
    register_fonts()
    faces = [pdfmetrics.getFont(name).face.charToGlyph for name in (PLAIN, BOLD)]
    return frozenset(chr(code) for code in faces[0] if code in faces[1] and chr(code).isprintable())


class Lettering:
    """Puts texts into signs that the fonts have, and counts what had to be put otherwise.

    Attributes:
        replaced: signs that stand without their accent, or as `REPLACEMENT`.
    """

    def __init__(self) -> None:
        self.replaced = 0

    def printable(self, text: str) -> str:
        """The text in signs of the fonts: a letter without its accent where only that is lacking."""
        whole = unicodedata.normalize("NFC", " ".join(text.split()))
        return "".join(sign if sign in _signs() else self._instead(sign) for sign in whole)

    def _instead(self, sign: str) -> str:
        kind = unicodedata.category(sign)
        if kind == "Cf":
            # Joiners and the like show nothing by themselves.
            return ""
        self.replaced += 1
        if kind == "Mn":
            return ""
        base = unicodedata.normalize("NFKD", sign)[0]
        return base if base in _signs() else REPLACEMENT
