"""Whether the resting rotation changed by more than the measurement's error."""
