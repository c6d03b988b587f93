"""What a virtual peripheral tells about itself before anyone connects."""

from dataclasses import dataclass

from bumble.core import UUID, AdvertisingData

LARGEST_BYTES = 31
"""What fits one advertisement; the radio in memory never sends scan responses."""

USUAL_INTERVAL_MS = 50.0
"""Short, so that a scan need not be long; real sensors take up to a second to save power."""


@dataclass(frozen=True, slots=True)
class Advertisement:
    """Name, services and maker's data of one advertisement.

    Attributes:
        name: complete local name; empty for none.
        service_uuids: in text, of 4 hexadecimal digits ("180d") or of 128 bits.
        company: number of the maker of `maker_data`, as the Bluetooth SIG assigned it.
        maker_data: manufacturer specific data without the company's number; None for none.
        interval_ms: time between two advertisements.
    """

    name: str
    service_uuids: tuple[str, ...] = ()
    company: int = 0
    maker_data: bytes | None = None
    interval_ms: float = USUAL_INTERVAL_MS

    def __post_init__(self) -> None:
        """Refuses what does not fit.

        Raises:
            ValueError: more than 31 bytes.
        """
        size = len(self.payload())
        if size > LARGEST_BYTES:
            raise ValueError(f"the advertisement of {self.name} has {size} bytes, {LARGEST_BYTES} fit")

    def payload(self) -> bytes:
        """The advertisement's bytes: flags, services, name, maker's data."""
        kinds = AdvertisingData.Type
        flags = AdvertisingData.LE_GENERAL_DISCOVERABLE_MODE_FLAG | AdvertisingData.BR_EDR_NOT_SUPPORTED_FLAG
        parts = [(kinds.FLAGS, bytes([flags])), *self._services()]
        if self.name:
            parts.append((kinds.COMPLETE_LOCAL_NAME, self.name.encode()))
        if self.maker_data is not None:
            company = self.company.to_bytes(2, "little")
            parts.append((kinds.MANUFACTURER_SPECIFIC_DATA, company + self.maker_data))
        return bytes(AdvertisingData(list(parts)))

    def _services(self) -> list[tuple[AdvertisingData.Type, bytes]]:
        kinds = AdvertisingData.Type
        uuids = [bytes(UUID(text)) for text in self.service_uuids]
        short = b"".join(uuid for uuid in uuids if len(uuid) == 2)
        full = b"".join(uuid for uuid in uuids if len(uuid) == 16)
        lists = [
            (kinds.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS, short),
            (kinds.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, full),
        ]
        return [(kind, value) for kind, value in lists if value]
