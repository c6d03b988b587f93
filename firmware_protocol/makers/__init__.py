"""Sensors that people can buy: one module each, from the bytes that it sends to samples and back."""
