"""Sensors: who is worn where, finding, placing, calibrating, and how they did."""
