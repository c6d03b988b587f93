"""The most that a person can tell of a session: more is a slip of the fingers."""

MAX_REPS = 10_000
MAX_SETS = 1_000
MAX_MINUTES = 1_440
MAX_HOLD_S = 3_600
