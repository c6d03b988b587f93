"""Who may open the page, for how long, and how much may be handed in."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PageParameters:
    """Of the page in the browser.

    Attributes:
        allowed_hosts: further names that this computer is reached by, as in the browser's address line,
            without port; others than its own addresses are refused, since a foreign page could use one.
        session_hours: how long a log-in holds.
        upload_mb: largest file that can be handed in: an hour of three sensors is about 8 MB.
    """

    allowed_hosts: tuple[str, ...] = ()
    session_hours: float = field(default=12.0, metadata={"above": 0.0, "below": 8784.0})
    upload_mb: float = field(default=512.0, metadata={"above": 0.0, "below": 100_000.0})
