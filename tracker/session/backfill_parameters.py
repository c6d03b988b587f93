"""For how long lost samples are waited for."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class BackfillParameters:
    """For how long the analysis waits for samples that were lost on the way.

    Attributes:
        wait_s: a sensor that keeps its samples is waited for so long: a thigh from when it sends again, as
            no other sensor needs it; the pelvis from when it was last heard, as the legs wait for it. At
            several times the pace of sampling, 20 s of samples are sent again in some seconds.
        longest_s: a longer loss of a thigh is not waited for: no more could be sent again within `wait_s` at
            four times the pace of sampling.
        reorder_s: a sensor that keeps nothing is waited for so long after its last frame. Bluetooth keeps the
            order; this is for frames that overtake each other within the computer, and nobody sees it.
        held_samples: as many of one sensor wait at most: 100 s at 200 Hz, some megabytes.
    """

    wait_s: float = 30.0
    longest_s: float = 120.0
    reorder_s: float = 0.25
    held_samples: int = field(default=20_000, metadata={"above": 0})


NO_BACKFILL = BackfillParameters(wait_s=0.0, longest_s=0.0, reorder_s=0.0)
"""For what needs no sample that was lost: nothing waits."""
