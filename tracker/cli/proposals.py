"""The plan's proposals as lines and for programs."""

from collections.abc import Iterable
from typing import Any

from tracker.cli.output import printable
from tracker.store.plans import RuleVerdict


def proposal_lines(proposals: Iterable[RuleVerdict]) -> list[str]:
    """Each proposal in a line, with how to accept it."""
    return [
        f"Plan: {printable(f'{one.prescription}: ' if one.prescription else '')}{printable(one.reason)}. "
        f"To accept: tracker plan accept {one.verdict_id}"
        for one in proposals
    ]


def proposal_objects(proposals: Iterable[RuleVerdict]) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {
            "proposal": one.verdict_id,
            "prescription": one.prescription,
            "rule": one.rule,
            "reason": one.reason,
            "change": None if one.change is None else dict(one.change),
        }
        for one in proposals
    ]
