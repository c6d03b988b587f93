"""What is missing from a recording, as far as the file itself shows it."""

from dataclasses import dataclass, field

_LISTED_CHUNKS = 1000


@dataclass(frozen=True, slots=True)
class DamagedChunk:
    """A stretch of the file that could not be read.

    Attributes:
        offset: where it begins, bytes.
        size: its length, bytes.
        start_s, end_s: the time span of its messages on the recording's time line; None where unknown.
        reason: what is wrong with it.
    """

    offset: int
    size: int
    start_s: float | None
    end_s: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Damage:
    """What was found wrong with a recording.

    Attributes:
        cut: the file ends without its end: recording was killed, or the file was cut. Up to one second
            that was received last may be missing without any other trace.
        damaged_chunks: what could not be read, the first thousand of them.
        damaged_count: how many there are.
        bytes_unread: bytes in damaged chunks and after the cut.
        bad_messages: messages in whole chunks that make no sense.
        copies_damaged: a copy of something was damaged (header, channel, summary); nothing is lost by it.
        header_lost: no copy of the header is left. The time line then starts at the first whole message, and
            settings and calibration are empty.
    """

    cut: bool = False
    damaged_chunks: tuple[DamagedChunk, ...] = ()
    damaged_count: int = 0
    bytes_unread: int = 0
    bad_messages: int = 0
    copies_damaged: bool = False
    header_lost: bool = False

    @property
    def lost(self) -> bool:
        """True where something that was in the file could not be read."""
        unread = self.damaged_count > 0 or self.bytes_unread > 0 or self.bad_messages > 0
        return unread or self.header_lost

    @property
    def whole(self) -> bool:
        """True where the file is as it was written."""
        return not (self.lost or self.cut or self.copies_damaged)


@dataclass(slots=True)
class DamageLog:
    """Collects damage during one reading."""

    cut: bool = False
    bytes_unread: int = 0
    bad_messages: int = 0
    copies_damaged: bool = False
    header_lost: bool = False
    damaged_count: int = 0
    chunks: list[DamagedChunk] = field(default_factory=list)

    def chunk(self, chunk: DamagedChunk) -> None:
        """Note a stretch that could not be read."""
        self.damaged_count += 1
        self.bytes_unread += chunk.size
        if len(self.chunks) < _LISTED_CHUNKS:
            self.chunks.append(chunk)

    def result(self) -> Damage:
        """What was found so far."""
        return Damage(
            cut=self.cut,
            damaged_chunks=tuple(self.chunks),
            damaged_count=self.damaged_count,
            bytes_unread=self.bytes_unread,
            bad_messages=self.bad_messages,
            copies_damaged=self.copies_damaged,
            header_lost=self.header_lost,
        )
