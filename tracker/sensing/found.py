"""A sensor as it was heard in a scan."""

from dataclasses import dataclass, field

from bleak.backends.device import BLEDevice


@dataclass(frozen=True, slots=True)
class FoundSensor:
    """A sensor that was heard in a scan.

    Attributes:
        address: Bluetooth address (on macOS a system-made UUID).
        name: advertised name; empty where it advertises none.
        rssi_dbm: signal strength as last heard.
        protocol: name of the kind of sensor that it is.
        device: bleak's handle, which a connection needs.
    """

    address: str
    name: str
    rssi_dbm: int
    protocol: str
    device: BLEDevice = field(repr=False, compare=False)

    @property
    def label(self) -> str:
        """What it is called in messages."""
        return self.name or self.address
