"""Sensors that people can buy, without hardware: each plays a feed in its maker's bytes."""
