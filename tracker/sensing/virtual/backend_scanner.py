"""The scanning side of bleak over a link in memory."""

from typing import ClassVar

from bleak.backends.scanner import AdvertisementData, AdvertisementDataCallback, BaseBleakScanner
from bumble.core import AdvertisingData
from bumble.device import Advertisement

from tracker.sensing.virtual.air import Air, Node, finished, uuid_text


class VirtualScannerBackend(BaseBleakScanner):
    """Receives the advertisements of the sensors on one link; a subclass binds the link."""

    air: ClassVar[Air]

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        _scanning_mode: str,
        **_kwargs: object,
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        self._node: Node | None = None

    async def start(self) -> None:
        """Listen from now on."""
        self.seen_devices = {}
        self._node = await self.air.open_central()
        self._node.device.on(self._node.device.EVENT_ADVERTISEMENT, self._on_advertisement)
        # passive: the link repeats an advertisement as its own scan response, which would double its data
        await finished(self._node.device.start_scanning(active=False))

    async def stop(self) -> None:
        """Listen no more."""
        if self._node is not None:
            node, self._node = self._node, None
            node.device.remove_listener(node.device.EVENT_ADVERTISEMENT, self._on_advertisement)
            await finished(node.device.stop_scanning())
            await self.air.close_node(node)

    def _on_advertisement(self, advertisement: Advertisement) -> None:
        service_uuids = _service_uuids(advertisement.data)
        if not self.is_allowed_uuid(service_uuids):
            return
        address = advertisement.address.to_string(with_type_qualifier=False)
        heard = AdvertisementData(
            local_name=_name(advertisement.data),
            manufacturer_data={},
            service_data={},
            service_uuids=service_uuids,
            tx_power=None,
            rssi=self.air.rssi_dbm(address),
            platform_data=(),
        )
        name = heard.local_name
        device = self.create_or_update_device(address, address, name, advertisement.address, heard)
        self.call_detection_callbacks(device, heard)


def _service_uuids(data: AdvertisingData) -> list[str]:
    """The 128-bit forms of the services that an advertisement names."""
    kinds = AdvertisingData.Type
    lists = (
        data.get(kinds.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS),
        data.get(kinds.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS),
        data.get(kinds.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS),
        data.get(kinds.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS),
    )
    return [uuid_text(uuid) for uuids in lists if uuids for uuid in uuids]


def _name(data: AdvertisingData) -> str | None:
    """The name in an advertisement, complete or short."""
    complete = data.get(AdvertisingData.Type.COMPLETE_LOCAL_NAME)
    return complete or data.get(AdvertisingData.Type.SHORTENED_LOCAL_NAME)
