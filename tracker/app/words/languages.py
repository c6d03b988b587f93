"""The languages of the page."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the page.

    Attributes:
        code: of the catalogue and of addresses: `ko`.
        own_name: what those who speak it call it.
        quasar: its code in the browser's library of elements.
        locale: whose numbers and dates are taken, by Unicode's locale data.
        is_right_to_left: true where lines begin at the right.
        between_units: stands between minutes and seconds, as in `5 minutes 30 seconds`.
        joints: what stands for `, ` and its like between two texts.
    """

    code: str
    own_name: str
    quasar: str
    locale: str
    is_right_to_left: bool = False
    between_units: str = " "
    joints: Mapping[str, str] = field(default_factory=dict, hash=False)


LANGUAGES: tuple[Language, ...] = (
    Language("en", "English", "en-GB", "en_GB"),
    Language("ko", "한국어", "ko-KR", "ko", joints={" and ": " 및 ", " or ": " 또는 "}),
    Language(
        "ar",
        "العربية",
        "ar",
        "ar",
        is_right_to_left=True,
        between_units=" و",
        joints={", ": "، ", "; ": "؛ ", " and ": " و", " or ": " أو "},
    ),
)
"""The first is taken where nothing else is known. Digits are European in all, as in the locale data."""


def language_for(chosen: str | None, accept_language: str = "") -> Language:
    """The language that a browser was set to, else the first that it prefers and the page has, else English.

    Args:
        chosen: code of a language; another text is as none.
        accept_language: header of the request, as `ko-KR,ko;q=0.9,en;q=0.8`; what is no such list is as none.
    """
    by_code = {language.code: language for language in LANGUAGES}
    if chosen in by_code:
        return by_code[chosen]
    for code in _preferred(accept_language):
        if code in by_code:
            return by_code[code]
    return LANGUAGES[0]


def _preferred(accept_language: str) -> list[str]:
    """Codes without their regions, the most wanted first; RFC 9110, 12.5.4."""
    weighted: list[tuple[float, str]] = []
    for part in accept_language.split(","):
        tag, _, parameters = part.partition(";")
        weight = _weight(parameters)
        if weight > 0.0:
            weighted.append((weight, tag.strip().lower().partition("-")[0]))
    return [code for _, code in sorted(weighted, key=lambda one: -one[0])]


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
