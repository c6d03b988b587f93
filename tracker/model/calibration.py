"""What is known of one sensor's accelerometer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AccelerometerCalibration:
    """Offsets and scales of one sensor: true = (raw - offset) * scale, axis by axis.

    Attributes:
        sensor_id: the sensor that it belongs to.
        calibrated_on: date, ISO.
        offset_m_per_s2: (3,) what each axis shows too much.
        scale: (3,) factor of each axis.
        residual_m_per_s2: by how much a position that was not used differs from 1 g in length.
    """

    sensor_id: str
    calibrated_on: str
    offset_m_per_s2: tuple[float, float, float]
    scale: tuple[float, float, float]
    residual_m_per_s2: float
