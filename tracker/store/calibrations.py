"""Six-position calibrations of accelerometers: the newest one of a sensor counts, older ones stay."""

from collections.abc import Iterable

from sqlalchemy import Connection, insert, select

from tracker.model import AccelerometerCalibration, SensorIdentity
from tracker.store.sensors import remember_sensor
from tracker.store.tables import SensorCalibrationTable, SensorTable


def save_calibration(
    connection: Connection, sensor: SensorIdentity, calibration: AccelerometerCalibration
) -> None:
    """Store a calibration of a sensor, which is remembered where it is new."""
    offset, scale = calibration.offset_m_per_s2, calibration.scale
    row = {
        "sensor_id": remember_sensor(connection, sensor),
        "calibrated_on": calibration.calibrated_on,
        "offset_x_m_per_s2": offset[0],
        "offset_y_m_per_s2": offset[1],
        "offset_z_m_per_s2": offset[2],
        "scale_x": scale[0],
        "scale_y": scale[1],
        "scale_z": scale[2],
        "residual_m_per_s2": calibration.residual_m_per_s2,
    }
    connection.execute(insert(SensorCalibrationTable), row)


def newest_calibrations(
    connection: Connection, sensor_ids: Iterable[str]
) -> dict[str, AccelerometerCalibration]:
    """The newest calibration of each of some sensors, by sensor id; sensors without one are left out."""
    query = (
        select(SensorTable.sensor_id.label("of_sensor"), SensorCalibrationTable.__table__)
        .join(SensorTable, SensorTable.id == SensorCalibrationTable.sensor_id)
        .where(SensorTable.sensor_id.in_(list(sensor_ids)))
        .order_by(SensorCalibrationTable.id)
    )
    return {
        row.of_sensor: AccelerometerCalibration(
            sensor_id=row.of_sensor,
            calibrated_on=row.calibrated_on,
            offset_m_per_s2=(row.offset_x_m_per_s2, row.offset_y_m_per_s2, row.offset_z_m_per_s2),
            scale=(row.scale_x, row.scale_y, row.scale_z),
            residual_m_per_s2=row.residual_m_per_s2,
        )
        for row in connection.execute(query)
    }
