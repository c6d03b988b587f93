"""Measures resting hip rotation and exercise repetitions with thigh-worn motion sensors."""

__version__ = "0.1.0"
