"""The account of a sensor says how its clock runs, how surely, and how late its frames came."""

import numpy as np
import pytest
from frame_bench import ORIGIN_NS, Sender, identity

from tracker.model import Placement
from tracker.sensing.clock_model.parameters import ClockParameters
from tracker.session.ingest import SensorIngest

LEFT = Placement.LEFT_THIGH


def test_drift_uncertainty_and_residual_are_in_the_account() -> None:
    """50 ppm fast, late by up to 30 ms, for five minutes: the earliest frames of each half are late by
    0.04 ms in 150 s, a third of a ppm; 95 % of all by 28.5 ms at most."""
    ingest, sender = SensorIngest(LEFT, identity(), ORIGIN_NS, ClockParameters()), Sender(drift_ppm=50.0)
    rng = np.random.default_rng(9)
    ingest.take([sender.frame(delay_s=float(rng.uniform(0.0, 0.03))) for _ in range(1667)])
    account = ingest.quality()
    assert account.drift_ppm == pytest.approx(50.0, abs=2.0)
    assert account.drift_uncertainty_ppm is not None
    assert 0.2 < account.drift_uncertainty_ppm < 2.0
    assert account.clock_residual_s == pytest.approx(0.0285, abs=0.0007)


def test_before_frames_tell_nothing_is_said() -> None:
    ingest, sender = SensorIngest(LEFT, identity(), ORIGIN_NS, ClockParameters()), Sender()
    ingest.take([sender.frame()])
    account = ingest.quality()
    assert (account.drift_ppm, account.drift_uncertainty_ppm, account.clock_residual_s) == (None, None, None)
