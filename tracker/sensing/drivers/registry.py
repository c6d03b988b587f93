"""The kinds of sensors that the program knows: its own, and those that other packages add."""

import logging
from collections.abc import Sequence
from functools import cache
from importlib.metadata import entry_points

from firmware_protocol import ProtocolError
from firmware_protocol.decoder import StreamDecoder
from tracker.errors import InputError
from tracker.model import SensorIdentity
from tracker.sensing.drivers import hip_imu, metamotion, movella_dot, movesense, polar, witmotion
from tracker.sensing.drivers.driver import SensorKind

ENTRY_POINTS = "hip_rotation_tracker.sensors"
"""Group of entry points under which another package offers a `SensorKind`."""

_BUILT_IN = (hip_imu.KIND, movesense.KIND, polar.KIND, movella_dot.KIND, witmotion.KIND, metamotion.KIND)

_log = logging.getLogger(__name__)


@cache
def known_kinds() -> tuple[SensorKind, ...]:
    """All kinds, our own first. One that cannot be loaded, or takes the name of another, is left out."""
    kinds = {kind.protocol: kind for kind in _BUILT_IN}
    for point in entry_points(group=ENTRY_POINTS):
        try:
            kind = point.load()
        except Exception:  # noqa: BLE001 - whatever a foreign package does wrong, the others must work
            _log.warning("the sensor kind %r of another package cannot be loaded", point.name, exc_info=True)
            continue
        if isinstance(kind, SensorKind) and kind.protocol not in kinds:
            kinds[kind.protocol] = kind
        else:
            _log.warning("the entry point %r is no sensor kind, or one that is known already", point.name)
    return tuple(kinds.values())


def kind_heard(name: str, service_uuids: Sequence[str]) -> SensorKind | None:
    """The kind of sensor that an advertisement is of; None where it is of none."""
    uuids = [uuid.lower() for uuid in service_uuids]
    return next((kind for kind in known_kinds() if kind.recognises(name, uuids)), None)


def kind_of(protocol: str) -> SensorKind:
    """The kind by its name.

    Raises:
        InputError: there is none of that name.
    """
    for kind in known_kinds():
        if kind.protocol == protocol:
            return kind
    known = ", ".join(kind.protocol for kind in known_kinds())
    raise InputError(
        f"sensors of the kind {protocol!r} are not known",
        advice=f"Update the program, or install the package that adds them. Known are: {known}.",
        protocol=protocol,
    )


def decoder_of(identity: SensorIdentity) -> StreamDecoder:
    """A decoder for what a sensor sends from now on.

    Raises:
        InputError: its kind is not known, or its capabilities cannot be read.
    """
    kind = kind_of(identity.protocol)
    try:
        return kind.make_decoder(identity.capabilities)
    except ProtocolError as error:
        raise InputError(
            f"the capabilities of {identity.name or identity.sensor_id} cannot be read: {error}",
            advice="Update the sensor's firmware or this program, so that both speak the same protocol.",
        ) from error
