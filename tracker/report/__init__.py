"""Results in the forms that people and programs read. Degrees here, radians below."""
