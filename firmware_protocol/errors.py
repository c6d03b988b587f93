"""What this package raises: one root, and one error that points at a place in the bytes."""

_BYTES_ADVICE = "Drop these bytes and go on; if it repeats, compare the sensor's firmware with PROTOCOL.md."


class ProtocolError(ValueError):
    """A value cannot be put on the wire, or bytes from the wire break the protocol.

    Attributes:
        message: what is wrong, one line.
        advice: what to do about it, one line.
    """

    def __init__(self, message: str, *, advice: str) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


class FrameError(ProtocolError):
    """Bytes that break the protocol, with the place where they do.

    Attributes:
        field: name of the field, as PROTOCOL.md has it; `length` where bytes are missing or too many.
        offset: byte offset of the field; for `length` the offset at which the bytes should go on or end.
        reason: what is wrong with the field.
    """

    def __init__(self, field: str, offset: int, reason: str, *, advice: str = _BYTES_ADVICE) -> None:
        super().__init__(f"{field} at byte {offset}: {reason}", advice=advice)
        self.field = field
        self.offset = offset
        self.reason = reason
