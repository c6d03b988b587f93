"""How a plan stands now: as it began, and over it the changes that the person said yes to, in their order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

from tracker.model import SetTarget
from tracker.plan.bands import BandLadder, BandLevel
from tracker.plan.plan_table import parse_plan
from tracker.plan.prescription import Plan, PlanPhase, Prescription


class ChangeKind(StrEnum):
    """What would become different."""

    HARDER = "harder"
    EASIER = "easier"
    STOP = "stop"
    """The exercise is left out."""
    RESUME = "resume"
    """An exercise that was left out is asked for again."""
    PHASE = "phase"
    """The next phase begins."""
    EDIT = "edit"
    """The person wrote the plan, or one of its prescriptions, anew."""


@dataclass(frozen=True, slots=True)
class Strength:
    """How hard a prescription is.

    Attributes:
        band: None without one.
    """

    sets: int
    band: BandLevel | None

    @property
    def text(self) -> str:
        """For a person: `3 sets, red, +125 %`."""
        return f"{_sets_text(self.sets)}, {_band_text(self.band)}"


def step_text(before: Strength, after: Strength) -> str:
    """What becomes different, for a person: `from red, +125 % to red, +150 %`."""
    if before.band == after.band:
        return f"from {_sets_text(before.sets)} to {_sets_text(after.sets)}"
    if before.sets == after.sets:
        return f"from {_band_text(before.band)} to {_band_text(after.band)}"
    return f"from {before.text} to {after.text}"


def _sets_text(sets: int) -> str:
    return f"{sets} set{'' if sets == 1 else 's'}"


def _band_text(band: BandLevel | None) -> str:
    return "no band" if band is None else band.text


@dataclass(frozen=True, slots=True)
class Change:
    """A change that a rule asks for.

    Attributes:
        prescription: its name; empty for a change of phase, and where the whole plan was written anew.
        strength: what it becomes, of `harder`, `easier` and `resume`, and of `edit` of one prescription.
        phase: the one that begins.
        text: the whole plan from then on, of `edit`.
    """

    kind: ChangeKind
    prescription: str = ""
    strength: Strength | None = None
    phase: str = ""
    text: str = ""

    @property
    def plan(self) -> Plan:
        """The plan of `text`.

        Raises:
            SettingsError: it is none.
        """
        return _plan_of(self.text)

    def as_mapping(self) -> dict[str, Any]:
        """For the store; `from_mapping` makes the same change of it again."""
        values: dict[str, Any] = {"kind": self.kind.value, "prescription": self.prescription}
        if self.phase:
            values["phase"] = self.phase
        if self.text:
            values["text"] = self.text
        if self.strength is not None:
            band = self.strength.band
            values["sets"] = self.strength.sets
            values["band_colour"] = None if band is None else band.colour
            values["elongation_percent"] = None if band is None else band.elongation_percent
        return values

    @staticmethod
    def from_mapping(values: Mapping[str, Any]) -> "Change":
        """A change as it was stored.

        Raises:
            ValueError, KeyError: it is none.
        """
        strength = None
        if "sets" in values:
            colour = values["band_colour"]
            band = None if colour is None else BandLevel(str(colour), float(values["elongation_percent"]))
            strength = Strength(int(values["sets"]), band)
        return Change(
            kind=ChangeKind(values["kind"]),
            prescription=str(values["prescription"]),
            strength=strength,
            phase=str(values.get("phase", "")),
            text=str(values.get("text", "")),
        )


_TEXTS_KEPT = 64


@lru_cache(maxsize=_TEXTS_KEPT)
def _plan_of(text: str) -> Plan:
    return parse_plan(text, "the plan as it was changed", None)


@dataclass(frozen=True, slots=True)
class GrownPrescription:
    """A prescription as it stands now.

    Attributes:
        stopped: it is left out until the person takes it up again.
    """

    prescription: Prescription
    strength: Strength
    stopped: bool = False

    def target(self, phase: str) -> SetTarget:
        """What it asks for on a day."""
        one, band = self.prescription, self.strength.band
        return SetTarget(
            prescription=one.name,
            phase=phase,
            exercise=one.exercise,
            side=one.side,
            sets=self.strength.sets,
            reps_low=one.reps.low,
            reps_high=one.reps.high,
            hold_s=one.hold_s,
            rest_s=one.rest_s,
            tempo=one.tempo,
            band_placement=None if band is None or one.band is None else one.band.placement.value,
            band_colour=None if band is None else band.colour,
            elongation_percent=None if band is None else band.elongation_percent,
        )


@dataclass(frozen=True, slots=True)
class GrownPlan:
    """A plan as it stands now.

    Attributes:
        prescriptions: of its present phase.
    """

    plan: Plan
    phase: PlanPhase
    prescriptions: tuple[GrownPrescription, ...]

    def find(self, name: str) -> GrownPrescription | None:
        """The prescription of this name in the present phase."""
        return next((one for one in self.prescriptions if one.prescription.name == name), None)


def beginning(prescription: Prescription) -> Strength:
    """How hard a prescription is at first."""
    band = prescription.band
    return Strength(prescription.sets.low, None if band is None else band.level)


def grown_plan(plan: Plan, changes: Iterable[Change]) -> GrownPlan:
    """The plan with changes over it. What speaks of something that the plan does not have is passed over."""
    phase = plan.phases[0]
    grown = {one.name: GrownPrescription(one, beginning(one)) for one in plan.prescriptions}
    for change in changes:
        if change.kind is ChangeKind.PHASE:
            phase = next((one for one in plan.phases if one.name == change.phase), phase)
            continue
        if change.kind is ChangeKind.EDIT:
            plan, grown = change.plan, _carried_over(change.plan, grown)
            phase = next((one for one in plan.phases if one.name == phase.name), plan.phases[0])
        one = grown.get(change.prescription)
        if one is not None:
            grown[change.prescription] = replace(
                one,
                strength=change.strength or one.strength,
                stopped=one.stopped if change.kind is ChangeKind.EDIT else change.kind is ChangeKind.STOP,
            )
    return GrownPlan(plan, phase, tuple(grown[one.name] for one in phase.prescriptions))


def _carried_over(plan: Plan, before: Mapping[str, GrownPrescription]) -> dict[str, GrownPrescription]:
    """Each prescription of a plan that was written anew, as strong as it had grown where that still fits."""
    return {one.name: _carried(one, before.get(one.name), plan.ladder) for one in plan.prescriptions}


def _carried(one: Prescription, before: GrownPrescription | None, ladder: BandLadder) -> GrownPrescription:
    if before is None or before.prescription.exercise != one.exercise:
        return GrownPrescription(one, beginning(one))
    sets, band = before.strength.sets, before.strength.band
    if one.sets != before.prescription.sets:
        sets = min(max(sets, one.sets.low), one.sets.high)
    if one.band != before.prescription.band or (band is not None and not ladder.knows(band.colour)):
        band = None if one.band is None else one.band.level
    return GrownPrescription(one, Strength(sets, band), before.stopped)


def harder(one: GrownPrescription, ladder: BandLadder) -> Strength | None:
    """One level up: first the sets, then the band. None: the plan has nothing harder for it."""
    sets, prescribed = one.strength.sets, one.prescription
    if sets < prescribed.sets.high:
        return Strength(sets + 1, one.strength.band)
    if prescribed.band is None:
        return None
    band = one.strength.band
    level = ladder.lightest if band is None else ladder.harder(band)
    return None if level is None else Strength(sets, level)


def easier(one: GrownPrescription, ladder: BandLadder) -> Strength | None:
    """One level down: first the band, at its end without one, then the sets. None: nothing is easier."""
    sets, band = one.strength.sets, one.strength.band
    if band is not None:
        return Strength(sets, ladder.easier(band))
    return Strength(sets - 1, None) if sets > 1 else None
