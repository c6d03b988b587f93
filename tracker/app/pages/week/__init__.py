"""A week: what was done, how the legs rested, how it felt, and what the plan asks next."""
