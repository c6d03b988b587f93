"""Settings kept with a stream: what is written is read again, and what is none is refused."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_protocol import ProtocolError
from firmware_protocol.makers.stream_settings import StreamSettings

NUMBERS = st.floats(min_value=1e-3, max_value=1e6, exclude_max=True)
GOOD: dict[str, Any] = {"rate_hz": 100.0, "accelerometer_range_g": 4.0, "gyroscope_range_dps": 1000.0}


@given(
    settings=st.builds(
        StreamSettings,
        rate_hz=NUMBERS,
        accelerometer_range_g=NUMBERS,
        gyroscope_range_dps=NUMBERS,
        model=st.text(max_size=40),
        firmware=st.text(max_size=40),
    )
)
def test_what_is_encoded_is_decoded(settings: StreamSettings) -> None:
    assert StreamSettings.decode(settings.encode()) == settings


def test_bytes_are_always_the_same() -> None:
    settings = StreamSettings(100.0, 4.0, 1000.0, "8", "1.7.2")
    assert settings.encode() == (
        b'{"accelerometer_range_g":4.0,"firmware":"1.7.2","gyroscope_range_dps":1000.0,'
        b'"model":"8","rate_hz":100.0}'
    )


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize(
    "value",
    [0, -1.0, 5e-324, float("nan"), float("inf"), 1e6, 10**400, True, "100", None, [100.0]],
    ids=["0", "below 0", "least", "nan", "inf", "most", "longer than float", "bool", "text", "none", "list"],
)
def test_numbers_that_no_sensor_has_are_refused(name: str, value: object) -> None:
    with pytest.raises(ProtocolError, match=f"is no {name}") as raised:
        StreamSettings(**{**GOOD, name: value})
    assert raised.value.advice
    with pytest.raises(ProtocolError):
        StreamSettings.decode(json.dumps({**GOOD, name: value}).encode())


@pytest.mark.parametrize("name", ["model", "firmware"])
def test_texts_that_are_none_are_refused(name: str) -> None:
    with pytest.raises(ProtocolError, match=f"{name} is no text"):
        StreamSettings(**{**GOOD, name: 8})


@pytest.mark.parametrize("name", GOOD)
def test_a_rate_or_range_that_is_missing_is_refused(name: str) -> None:
    entries = {key: value for key, value in GOOD.items() if key != name}
    with pytest.raises(ProtocolError, match="lack a rate or a range"):
        StreamSettings.decode(json.dumps(entries).encode())


def test_entries_of_a_later_version_are_skipped() -> None:
    entries = {**GOOD, "filter_hz": 40, "model": "8"}
    assert StreamSettings.decode(json.dumps(entries).encode()) == StreamSettings(100.0, 4.0, 1000.0, "8")


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"null", b"3", b"{", b"\xff\xfe", b"[" * 4096, b'{"rate_hz": ' + b"9" * 4085 + b"}"],
    ids=["empty", "list", "null", "number", "cut", "no text", "deep", "long number"],
)
def test_bytes_that_are_no_settings_are_refused(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        StreamSettings.decode(data)


def test_more_than_4096_bytes_are_not_looked_at() -> None:
    data = StreamSettings(**GOOD).encode()
    assert StreamSettings.decode(data + b" " * (4096 - len(data))) == StreamSettings(**GOOD)
    with pytest.raises(ProtocolError, match="cannot be read"):
        StreamSettings.decode(data + b" " * (4097 - len(data)))


@given(data=st.one_of(st.binary(max_size=64), st.text().map(str.encode)))
def test_any_bytes_are_settings_or_refused(data: bytes) -> None:
    with contextlib.suppress(ProtocolError):
        StreamSettings.decode(data)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(entries=st.dictionaries(st.sampled_from([*GOOD, "model", "firmware", "other"]), JSON))
def test_any_entries_are_settings_or_refused(entries: dict[str, object]) -> None:
    with contextlib.suppress(ProtocolError):
        StreamSettings.decode(json.dumps(entries).encode())
