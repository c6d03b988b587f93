"""Parts that resources are made of: quantities, times, texts, references."""

import math
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from tracker.report.exchange.fhir.codes import LOCAL_SYSTEM, UCUM_SYSTEM, Element, LocalCode

_WRITTEN_DIGITS = 4
"""Decimals of a number: a ten-thousandth of a degree is far below every uncertainty."""

DEGREE, SECOND, METRE, PERCENT, ONE = "deg", "s", "m", "%", "1"

SIMULATED_NOTE = "SIMULATED: no person was measured."
_NAMESPACE = UUID(LOCAL_SYSTEM.removeprefix("urn:uuid:"))


class Names:
    """Ids of one person's resources: the same in every export, and opaque.

    Args:
        person_id: as the database has it.
        since: when the person was stored; it tells persons of several databases apart.
    """

    def __init__(self, person_id: int, since: datetime) -> None:
        self._person = uuid5(_NAMESPACE, f"person {person_id} {since.astimezone(UTC).isoformat()}")

    def of(self, *what: object) -> str:
        """The id of something of this person; of the person where nothing is named."""
        return str(uuid5(self._person, " ".join(map(str, what))) if what else self._person)

    def reference(self, *what: object) -> Element:
        """A reference to it within the bundle."""
        return {"reference": f"urn:uuid:{self.of(*what)}"}


def entry(names: Names, resource: Element, *what: object) -> Element:
    """A resource as an entry of the bundle, under the id of `what`."""
    known = names.of(*what)
    return {
        "fullUrl": f"urn:uuid:{known}",
        "resource": {"resourceType": resource["resourceType"], "id": known, **resource},
    }


def quantity(value: float, unit: str) -> Element:
    """A number with its UCUM unit."""
    return {"value": number(value), "unit": unit, "system": UCUM_SYSTEM, "code": unit}


def number(value: float) -> float:
    """As it is written: a few decimals, and no minus before a zero."""
    return float(round(Decimal(value), _WRITTEN_DIGITS)) + 0.0


def degrees(angle_rad: float) -> Element:
    """An angle."""
    return quantity(math.degrees(angle_rad), DEGREE)


def clean(text: str) -> str:
    """A person's text without characters that no JSON of FHIR may hold; line breaks stay."""
    kept = "".join(char if char.isprintable() or char in "\n\t" else " " for char in text)
    return kept.strip()


def notes(texts: Iterable[str | None]) -> Element:
    """The notes of a resource, as the key `note`; nothing where all are empty."""
    found = [{"text": text} for text in (clean(one or "") for one in texts) if text]
    return {"note": found} if found else {}


def moment(instant: datetime, zone: ZoneInfo) -> str:
    """An instant in local time with its offset, to the millisecond."""
    return instant.astimezone(zone).isoformat(timespec="milliseconds")


def component(code: LocalCode, **value: object) -> Element:
    """A component of an observation, for example `valueInteger=3`."""
    return {"code": code.concept(), **value}


def simulated_tag(simulated: bool) -> Element:
    """The tag of a simulated resource, as the key `meta`; nothing for others."""
    return {"meta": {"tag": [LocalCode.SIMULATED.coding]}} if simulated else {}
