"""What errors say and advise, for who writes programs: addresses in place of commands and pages.

The catalogue `api` has what is said otherwise, as those of the languages have; what has no entry stays.
"""

from dataclasses import replace
from functools import cache

from tracker.app.engine.values import Failure
from tracker.app.words.catalogue_files import load_catalogue
from tracker.app.words.templates import TemplateIndex

CATALOGUE = "api"


def for_programs(text: str) -> str:
    """A message or an advice; its values stay as they are."""
    catalogue = load_catalogue(CATALOGUE)
    whole = catalogue.texts.get(text)
    if whole is not None:
        return whole
    match = next(_templates().matches(text), None)
    return text if match is None else catalogue.text(match.template.key).format_map(match.values)


def failure_for_programs(failure: Failure | None) -> Failure | None:
    """The same of why something went no further."""
    if failure is None:
        return None
    return replace(failure, message=for_programs(failure.message), advice=for_programs(failure.advice))


@cache
def _templates() -> TemplateIndex:
    return TemplateIndex(load_catalogue(CATALOGUE).keys)
