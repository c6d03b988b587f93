"""A week's work and its measurements, and one week beside another, each number with its error."""
