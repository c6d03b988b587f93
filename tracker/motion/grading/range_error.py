"""How far off the range of motion of one repetition may be, of a rigid body."""

import math

from tracker.model import Form
from tracker.motion.parameters import RangeErrorParameters

_NORMAL_95 = 1.959964


def range_half_width_rad(peak_rate_rad_per_s: float, form: Form, parameters: RangeErrorParameters) -> float:
    """Half width of the 95 % interval of a range.

    The filter's error grows with the rate. Ab-/adduction b of a thigh at elevation e turns its twist by
    about e b: a repetition that changes the elevation takes in that share of an abduction that is not known.
    """
    crosstalk = (form.elevation_change_rad or 0.0) * parameters.abduction_sd_rad
    filtering = parameters.rate_share_s * peak_rate_rad_per_s
    return _NORMAL_95 * math.hypot(parameters.still_sd_rad, filtering, crosstalk)
