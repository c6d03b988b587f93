"""Whether an analysis is what the present program would make again."""

import json
from typing import Any

from tracker.session.analyser import parameters_text
from tracker.session.analysis_parameters import AnalysisParameters
from tracker.session.version import ANALYSIS_VERSION

_OF_THE_RECORDING = ("person", "calibration")


class PresentRecipe:
    """The present version with the present settings and exercises.

    What an analysis took over from the person's earlier sessions and from the sensors' calibrations stands
    in the recording's header, with which it was measured at the time, and re-analysis takes it from there
    as `tracker replay` does: the recording never changes, so it is no reason to analyse again. After a
    change of the version that record still holds: own ranges, the repeatability of rest tests and the
    direction of each sensor's front, as the version of that day measured them. So each session stays
    comparable with what was known then, and the order of re-analysis does not matter; but a change of how
    ranges are measured reaches the ranges that old sets are held against only by sessions recorded since.
    """

    def __init__(self, parameters: AnalysisParameters) -> None:
        self._parameters = parameters
        self._texts: dict[frozenset[str], dict[str, Any]] = {}

    def made(self, version: str | None, parameters: str | None) -> bool:
        """True where an analysis of this version and these parameters would be the same again."""
        if version != ANALYSIS_VERSION or parameters is None:
            return False
        then = _own(parameters)
        used = frozenset(then.get("exercises", {}))
        if used not in self._texts:
            self._texts[used] = _own(parameters_text(self._parameters, used))
        return then == self._texts[used]


def _own(text: str) -> dict[str, Any]:
    """What of the parameters settings and catalogue decide."""
    try:
        whole = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(whole, dict):
        return {}
    return {key: value for key, value in whole.items() if key not in _OF_THE_RECORDING}
