"""The numbers that a link to sensors is run with, each with its reason."""

from dataclasses import dataclass, field
from enum import StrEnum

_ABOVE_ZERO = {"above": 0}


class Encryption(StrEnum):
    """When a link is encrypted."""

    WHEN_ASKED = "when the sensor asks"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class LinkParameters:
    """How sensors are searched, connected, configured and watched.

    Attributes:
        scan_s: longest search for all sensors; a sensor that saves power advertises about once a second,
            and some of its advertisements are lost.
        connect_timeout_s: longest wait for a connection with its service discovery; BlueZ needs up to ten
            seconds on a busy adapter.
        connect_attempts: tries of one connection; BlueZ 5.82 needed up to four after a lost link.
        request_timeout_s: longest wait for the answer to a read, write or control request; an answer takes
            two connection intervals, so three seconds without one mean that none comes.
        watchdog_s: silence after which a link counts as lost; a sensor sends several times a second, and a
            radio may report a link as connected long after the sensor has gone.
        queue_items: notifications that may wait for the consumer; four minutes of three sensors.
        rate_hz: samples a second that are asked for; movements of the leg stay below 20 Hz.
        accelerometer_range_g: largest acceleration that is measured; a leg that drops on a mat stays below.
        gyroscope_range_dps: largest rate that is measured, degrees a second; quick repetitions reach 500.
        max_latency_ms: longest time that a sample waits in the sensor; live counting must feel immediate.
        reconnect_limit_s: time after which a lost sensor is given up; the time to fetch it and charge it.
        first_backoff_s: pause after the first failed reconnect; doubled after each further one.
        longest_backoff_s: largest pause; a sensor that is back is found within it.
        fetch_delay_s: time that a missing notification is waited for before it is asked for again; what is
            only late comes within some connection intervals.
        fetch_s: longest stretch of samples that is asked for at once; a link that breaks then costs little.
        fetch_silence_s: time without a sample that was asked for, after which it is asked for again.
        fetch_attempts: times that a stretch is asked for before it is given up.
        encrypt: when a link is encrypted: "when the sensor asks", or "always", which pairs with each sensor
            that the system has not been paired with, before anything is read.
        pairing_timeout_s: longest wait until a sensor is paired; the Bluetooth standard itself gives up after
            30 s without an answer.
        battery_interval_s: time between two looks at a sensor's charge; an hour costs it a few percent.
        low_battery_percent: charge at which, and below which, it is warned; what is left lasts for a session.
        last_fetch_s: longest wait, after the end of a session, for samples that are still missing.
    """

    scan_s: float = field(default=8.0, metadata=_ABOVE_ZERO)
    connect_timeout_s: float = field(default=15.0, metadata=_ABOVE_ZERO)
    connect_attempts: int = field(default=4, metadata=_ABOVE_ZERO)
    request_timeout_s: float = field(default=3.0, metadata=_ABOVE_ZERO)
    watchdog_s: float = field(default=2.0, metadata={"above": 0.4})
    queue_items: int = field(default=4096, metadata={"above": 63})
    rate_hz: int = field(default=100, metadata=_ABOVE_ZERO)
    accelerometer_range_g: int = field(default=4, metadata=_ABOVE_ZERO)
    gyroscope_range_dps: int = field(default=1000, metadata=_ABOVE_ZERO)
    max_latency_ms: int = 200
    reconnect_limit_s: float = 120.0
    first_backoff_s: float = field(default=0.5, metadata=_ABOVE_ZERO)
    longest_backoff_s: float = field(default=8.0, metadata=_ABOVE_ZERO)
    fetch_delay_s: float = 0.25
    fetch_s: float = field(default=30.0, metadata=_ABOVE_ZERO)
    fetch_silence_s: float = field(default=1.0, metadata=_ABOVE_ZERO)
    fetch_attempts: int = field(default=3, metadata=_ABOVE_ZERO)
    encrypt: Encryption = Encryption.WHEN_ASKED
    pairing_timeout_s: float = field(default=30.0, metadata=_ABOVE_ZERO)
    battery_interval_s: float = field(default=60.0, metadata=_ABOVE_ZERO)
    low_battery_percent: int = 15
    last_fetch_s: float = field(default=15.0, metadata=_ABOVE_ZERO)
