"""Writes firmware_protocol/c/hip_imu_constants.h anew from the definitions in firmware_protocol."""

from pathlib import Path

from firmware_protocol.c_constants import constants_header

CONSTANTS_FILE = Path(__file__).parents[2] / "firmware_protocol" / "c" / "hip_imu_constants.h"

if __name__ == "__main__":
    CONSTANTS_FILE.write_text(constants_header(), encoding="utf-8")
