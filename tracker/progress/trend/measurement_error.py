"""How far one donning's value scatters: an assumption while there are few own donnings, then these alone."""

import math
from collections.abc import Sequence
from dataclasses import replace
from statistics import median_low

from tracker.motion.parameters import RestTestParameters
from tracker.motion.rest.repeatability import own_repeatability
from tracker.progress.trend.values import MeasurementError

OWN_FROM_DONNINGS = 6
"""From here on the assumption is out of it. Fewer give a standard deviation that may be off by half."""

_NO_WEIGHT = 1e-9
"""Of the assumption once it is out: where no donning has a repeat, it still stands for those."""


def measurement_error(
    repeats_deg: Sequence[Sequence[float]], parameters: RestTestParameters, legs: float = 1.0
) -> MeasurementError | None:
    """SEM's parts from a person's own donnings, None without any.

    The scatter between donnings is taken from the steps of neighbouring ones (half their mean square): a
    slow change of the leg, which the trend is to find, then hardly counts as error.

    Args:
        repeats_deg: the repeats of each donning, in order of time.
        legs: what the assumed standard deviations are multiplied by, being those of one leg: sqrt(2) for
            a difference of both, sqrt(1/2) for their mean.
    """
    if not repeats_deg:
        return None
    pooled = len(repeats_deg) < OWN_FROM_DONNINGS
    assumed = replace(
        parameters,
        reference_sd_rad=legs * parameters.reference_sd_rad,
        donning_sd_rad=legs * parameters.donning_sd_rad,
        prior_tests=parameters.prior_tests if pooled else _NO_WEIGHT,
    )
    found = own_repeatability(assumed, [[math.radians(one) for one in tests] for tests in repeats_deg])
    return MeasurementError(
        sd_within_deg=math.degrees(found.reference_sd_rad),
        sd_donning_deg=math.degrees(found.donning_sd_rad),
        repeats=median_low(len(tests) for tests in repeats_deg),
        donnings=len(repeats_deg),
        pooled=pooled,
    )
