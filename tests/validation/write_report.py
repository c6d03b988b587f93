"""Runs all scenarios and writes docs/validation.md; ends with 1 where one of them fails.

Run with `make validate`. It takes some minutes.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

for folder in ("motion", "session"):
    sys.path.insert(0, str(Path(__file__).parents[1] / folder))

from checks import FORMULA, GEOMETRY, SIMULATED, Check, Scenario  # noqa: E402
from scenarios_counting import COUNTING_SCENARIOS  # noqa: E402
from scenarios_link import LINK_SCENARIOS  # noqa: E402
from scenarios_orientation import ORIENTATION_SCENARIOS  # noqa: E402
from scenarios_populations import population_scenarios  # noqa: E402
from scenarios_real import REAL_SCENARIOS  # noqa: E402
from scenarios_rest import REST_SCENARIOS  # noqa: E402
from scenarios_trend import T25, person_scenario  # noqa: E402

from tracker.session.version import ANALYSIS_VERSION  # noqa: E402

REPORT = Path(__file__).parents[2] / "docs" / "validation.md"

INTRODUCTION = f"""# Validation

What was tried, what was expected, what came out. Written by `make validate`, which runs all of it
anew and fails where a check fails; the scenarios are tests of the suite too.

Analysis version {ANALYSIS_VERSION}; numpy {version("numpy")}, scipy {version("scipy")}, vqf {version("vqf")}.

**Data.** *{GEOMETRY}*, *{FORMULA}* and *{SIMULATED}* are computed: bodies of rigid segments with sensors
of which noise, offsets, ranges and clocks are modelled. No person was measured for them. R1 to R3 are
recordings of real sensors; none of them is of a hip that lies at rest.

## What was not tested

- **Soft tissue.** Skin and muscle move against the bone. A thigh sensor on a living leg shows less of
  an axial rotation than the femur makes; no figure here holds that.
- **People.** Nobody was measured with this program against an optical or imaging reference. How well
  a person finds the reference pose again, and what strapping on anew adds, are assumptions (1 and
  3 deg) until their own tests say otherwise.
- **Exercises of a hip by a real person**, with or without a band. The real band exercises are of a
  shoulder.
- **Whether a training works**, and anything medical.
- **Magnetometers**: none is used. Rotation about the vertical is relative and drifts.
- **Log dimensionless jerk** (second half of T24): it is not computed, because on gyroscope data its
  value depends on noise and sample rate.
- **Thighs without a pelvis sensor** cannot tell a pelvis that rolls from hips that turn, nor a leg that
  lies a few degrees further in for 4 to 15 s from one that is pressed inwards and held
  (`pelvic_neutral_isometric`); what lies so for longer is told apart in P2.
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A scenario and what it found; no checks where it could not be run."""

    scenario: Scenario
    checks: tuple[Check, ...]

    @property
    def result(self) -> str:
        """In a word."""
        if self.scenario.missing is not None:
            return "not run"
        return "passed" if all(check.passed for check in self.checks) else "FAILED"


def all_scenarios() -> tuple[Scenario, ...]:
    """Those on single bodies in the order of their numbers, then real ones, then populations."""
    numbered = (*REST_SCENARIOS, *COUNTING_SCENARIOS, *LINK_SCENARIOS, *ORIENTATION_SCENARIOS, T25)
    ordered = sorted(numbered, key=lambda one: int(one.key[1:]))
    return (*ordered, *REAL_SCENARIOS, *population_scenarios(), person_scenario())


def outcomes(scenarios: Sequence[Scenario]) -> Iterable[Outcome]:
    """Run scenarios one after the other, telling each."""
    for number, scenario in enumerate(scenarios, 1):
        sys.stderr.write(f"{number}/{len(scenarios)} {scenario.key} {scenario.title} ... ")
        sys.stderr.flush()
        checks = () if scenario.missing is not None else tuple(scenario.run())
        outcome = Outcome(scenario, checks)
        sys.stderr.write(f"{outcome.result}\n")
        yield outcome


def report(found: Sequence[Outcome]) -> str:
    """The page."""
    passed = sum(one.result == "passed" for one in found)
    lines = [
        INTRODUCTION,
        "## Summary",
        "",
        f"{passed} of {len(found)} passed.",
        "",
        *_table(
            ("", "tried", "data", "checks", "result"),
            ((f"[{one.scenario.key}](#{one.scenario.key.lower()})", *_summary(one)) for one in found),
        ),
    ]
    for one in found:
        lines += ["", f"## {one.scenario.key}", "", f"{one.scenario.title}. Data: {one.scenario.data}.", ""]
        if one.scenario.missing is not None:
            lines.append(f"Not run: {one.scenario.missing}.")
            continue
        rows = (
            (check.what, check.expected, check.got, check.tolerance, "yes" if check.passed else "**no**")
            for check in one.checks
        )
        lines += _table(("what", "expected", "got", "tolerance", "passed"), rows)
    return "\n".join(lines) + "\n"


def _summary(one: Outcome) -> tuple[str, str, str, str]:
    return one.scenario.title, one.scenario.data, str(len(one.checks)), one.result


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |"]
    lines += ["| " + " | ".join(cell.replace("|", "\\|").strip() for cell in row) + " |" for row in rows]
    return lines


def main() -> int:
    """Write the report; 1 where a scenario failed."""
    found = list(outcomes(all_scenarios()))
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(report(found), encoding="utf-8")
    sys.stderr.write(f"{REPORT.name} is written.\n")
    return 1 if any(one.result == "FAILED" for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
