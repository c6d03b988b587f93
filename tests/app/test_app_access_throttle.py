"""Guessing is slowed down, knowing is not shut out, and neither takes memory."""

from hypothesis import given
from hypothesis import strategies as st

from tracker.app.access.throttle import LoginThrottle, ThrottleLimits, network_of

LIMITS = ThrottleLimits()


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def test_a_slip_of_the_fingers_costs_nothing() -> None:
    throttle = LoginThrottle(Clock())
    for _ in range(LIMITS.free_failures):
        assert throttle.wait_s("192.0.2.1") == 0.0
        throttle.failed("192.0.2.1")
    assert throttle.wait_s("192.0.2.1") == 0.0


def test_the_wait_doubles_up_to_a_minute() -> None:
    throttle = LoginThrottle(Clock(), ThrottleLimits(all_failures=10_000))
    waits = []
    for _ in range(LIMITS.free_failures + 9):
        throttle.failed("192.0.2.1")
        waits.append(throttle.wait_s("192.0.2.1"))
    assert waits[LIMITS.free_failures :] == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]


def test_whoever_knows_it_gets_in_after_the_wait() -> None:
    clock = Clock()
    throttle = LoginThrottle(clock, ThrottleLimits(all_failures=10_000))
    for _ in range(1000):
        throttle.failed("192.0.2.1")
    clock.now_s += throttle.wait_s("192.0.2.1")
    assert throttle.wait_s("192.0.2.1") == 0.0
    throttle.succeeded("192.0.2.1")
    throttle.failed("192.0.2.1")
    assert throttle.wait_s("192.0.2.1") == 0.0


def test_many_addresses_together_are_slowed_down_and_known_ones_are_not() -> None:
    clock = Clock()
    throttle = LoginThrottle(clock)
    throttle.succeeded("192.0.2.200")
    for number in range(LIMITS.all_failures):
        throttle.failed(f"198.51.100.{number}")
    assert 0.0 < throttle.wait_s("203.0.113.1") <= LIMITS.all_every_s
    assert throttle.wait_s("192.0.2.200") == 0.0
    clock.now_s += LIMITS.all_every_s
    assert throttle.wait_s("203.0.113.1") == 0.0


def test_an_hours_guessing_from_everywhere_is_little() -> None:
    """Passphrases tried in an hour by somebody who has all addresses: far from any that can be guessed."""
    clock = Clock()
    throttle = LoginThrottle(clock)
    end_s, tried = clock.now_s + 3600.0, 0
    while clock.now_s < end_s:
        address = f"2001:db8:{tried % 65536:x}::1"
        wait_s = throttle.wait_s(address)
        clock.now_s += wait_s
        throttle.failed(address)
        tried += 1
    assert tried <= LIMITS.all_failures + 3600.0 / LIMITS.all_every_s + 1


def test_failures_of_long_ago_are_forgotten() -> None:
    clock = Clock()
    throttle = LoginThrottle(clock, ThrottleLimits(all_failures=10_000))
    for _ in range(20):
        throttle.failed("192.0.2.1")
    clock.now_s += LIMITS.forgotten_s + 1.0
    throttle.failed("192.0.2.1")
    assert throttle.wait_s("192.0.2.1") == 0.0


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from("fsw"), st.floats(0.0, 100.0)), max_size=200))
def test_memory_and_waits_have_an_end_whatever_comes(
    events: list[tuple[int, str, float]],
) -> None:
    clock, limits = Clock(), ThrottleLimits(addresses=8, all_failures=5)
    throttle = LoginThrottle(clock, limits)
    for number, what, pause_s in events:
        clock.now_s += pause_s
        address = f"192.0.2.{number}"
        if what == "f":
            throttle.failed(address)
        elif what == "s":
            throttle.succeeded(address)
        assert 0.0 <= throttle.wait_s(address) <= max(limits.longest_wait_s, limits.all_every_s)
        assert throttle.remembered <= limits.addresses


def test_one_guesser_has_many_addresses_of_ipv6() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff") != network_of("2001:db8:0:1::1")
    assert network_of("fe80::1%eth0") == network_of("fe80::2")
    assert network_of("::ffff:192.0.2.1") == network_of("192.0.2.1") != network_of("192.0.2.2")


@given(st.text(max_size=200))
def test_any_address_is_remembered_in_a_short_text(address: str) -> None:
    assert len(network_of(address)) <= 64
