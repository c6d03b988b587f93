"""What a recording shows that is looked through."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from tracker.model import FloatArray, Phase, Side
from tracker.motion.counting.closed import RepetitionClosed

if TYPE_CHECKING:
    # the whole analysis: whoever only shows what it found need not load it
    from tracker.session.replay import Replay

FloatRow: TypeAlias = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class LegCourse:
    """One leg's hip rotation over time, as it is drawn.

    Attributes:
        time_s: (N,) of the recording, rising.
        hip_rotation_deg: (N,) internal rotation positive, NaN where it cannot be seen.
    """

    side: Side
    time_s: FloatArray
    hip_rotation_deg: FloatRow


@dataclass(frozen=True, slots=True)
class LookedThrough:
    """What a recording holds, measured, with what is needed to show it again as it went.

    Attributes:
        replay: its analysis, as `tracker replay` makes it.
        phases: in the order of their beginnings; one that never ended lasts to the recording's end.
        closings: each repetition when it was told, in order of time.
        not_counted: exercises of sets that are not in the catalogue: those sets were passed over.
    """

    replay: "Replay"
    courses: tuple[LegCourse, ...]
    phases: tuple[Phase, ...]
    closings: tuple[RepetitionClosed, ...]
    not_counted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SoFar:
    """How far a recording is measured.

    Attributes:
        share: of the recording, 0 to 1, roughly.
        courses: what was measured since the last time, as far as it is known yet where the sensors sit.
    """

    share: float
    courses: tuple[LegCourse, ...] = ()
