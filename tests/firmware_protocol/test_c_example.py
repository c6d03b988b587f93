"""The sensor that PROTOCOL.md shows, run with a made-up clock, chip and radio, and read by the receiver."""

import re
import subprocess
from pathlib import Path

import pytest
from c_targets import C_FOLDER, NATIVE_TARGETS, SOURCES, compile_c
from test_protocol_document import TEXT

import firmware_protocol as protocol
from firmware_protocol import FrameFlag, SensorState, Status

_MISSING = NATIVE_TARGETS[0].missing()
if _MISSING:
    pytest.skip(_MISSING, allow_module_level=True)

MTU = 247
SURROUNDINGS = """
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static uint64_t now;
static unsigned int mtu;
static int is_lost;
uint64_t clock_ticks(void) { return now; }
uint16_t radio_mtu(void) { return (uint16_t)mtu; }
static void tell(const char *word, const uint8_t *value, size_t value_bytes)
{
    size_t i;
    printf("%s ", word);
    for (i = 0; i < value_bytes; i++) { printf("%02x", value[i]); }
    printf("\\n");
}
int radio_notify(const uint8_t *value, size_t value_bytes)
{
    if (!is_lost) { tell("frame", value, value_bytes); }
    return !is_lost;
}
int main(int count, char **words)
{
    uint8_t data[64], out[512];
    int i;
    for (i = 1; i + 1 < count; i += 2) {
        const char *argument = words[i + 1];
        const unsigned long number = strtoul(argument, NULL, 10);
        if (strcmp(words[i], "mtu") == 0) { mtu = (unsigned int)number; }
        if (strcmp(words[i], "lost") == 0) { is_lost = number != 0; }
        if (strcmp(words[i], "samples") == 0) {
            unsigned long k;
            for (k = 0; k < number; k++) {
                const hip_imu_sample sample = {{0, 0, 2048}, {(int16_t)k, 0, 0}};
                now += 10000;
                on_sample(&sample, now);
            }
        }
        if (strcmp(words[i], "write") == 0) {
            size_t n;
            for (n = 0; 2 * n < strlen(argument); n++) {
                const char digits[3] = {argument[2 * n], argument[2 * n + 1], 0};
                data[n] = (uint8_t)strtoul(digits, NULL, 16);
            }
            tell("answer", out, on_control(data, n, now, out, sizeof out));
        }
        if (strcmp(words[i], "read") == 0) {
            tell("status", out, on_status_read(out, sizeof out));
            tell("capabilities", out, on_capabilities_read(out, sizeof out));
        }
    }
    return 0;
}
"""
START = protocol.StartRequest(1, 77, 100.0, 8, 1000)
Lines = list[tuple[str, bytes]]


@pytest.fixture(scope="session")
def sensor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example as a program."""
    (example,) = re.findall(r"```c\n(.*?)```", TEXT, flags=re.DOTALL)
    folder = tmp_path_factory.mktemp("example")
    (folder / "sensor.c").write_text(example + SURROUNDINGS, encoding="utf-8")
    compile_c(["-I", C_FOLDER, *SOURCES, folder / "sensor.c", "-o", folder / "sensor"])
    return folder / "sensor"


def run(sensor: Path, *steps: tuple[str, int | protocol.Request]) -> Lines:
    """What the sensor sends and answers, in order."""
    words = [
        text
        for word, what in steps
        for text in (word, str(what) if isinstance(what, int) else protocol.encode_request(what).hex())
    ]
    done = subprocess.run([str(sensor), *words], capture_output=True, text=True, check=True)
    lines = [line.split(" ") for line in done.stdout.splitlines()]
    return [(word, bytes.fromhex(data)) for word, data in lines]


def of_sort(lines: Lines, sort: str) -> list[bytes]:
    return [data for word, data in lines if word == sort]


def answers_in(lines: Lines) -> list[protocol.AnyAnswer]:
    return [protocol.decode_answer(data) for data in of_sort(lines, "answer")]


def frames_in(lines: Lines) -> list[protocol.ImuBlock]:
    scale = protocol.StreamScale.from_ranges(8, 1000)
    return [protocol.decode_frame(data, scale) for data in of_sort(lines, "frame")]


def test_a_session_from_start_to_stop(sensor: Path) -> None:
    lines = run(sensor, ("mtu", MTU), ("write", START), ("samples", 100), ("write", protocol.StopRequest(2)))
    assert answers_in(lines) == [protocol.StartAnswer(1, 77, 0, 100.0), protocol.StopAnswer(2, 99)]
    frames = frames_in(lines)
    # 19 samples fill a frame at this MTU; the last one carries the five that are left.
    assert [len(frame) for frame in frames] == [19, 19, 19, 19, 19, 5]
    assert [frame.sequence for frame in frames] == list(range(6))
    assert [frame.first_sample_index for frame in frames] == [0, 19, 38, 57, 76, 95]
    assert [frame.flags for frame in frames] == [FrameFlag.TIME_JUMP] + [FrameFlag.NONE] * 5
    ticks = [tick for frame in frames for tick in frame.device_ticks.tolist()]
    assert ticks == [10_000 * (number + 1) for number in range(100)]


def test_frames_that_cannot_be_sent_show_as_a_gap(sensor: Path) -> None:
    lines = run(
        sensor,
        ("mtu", MTU),
        ("write", START),
        ("samples", 19),
        ("lost", 1),
        ("samples", 38),
        ("lost", 0),
        ("samples", 19),
        ("read", 0),
    )
    before, after = frames_in(lines)
    assert (before.sequence, after.sequence) == (0, 1)
    assert (before.first_sample_index, after.first_sample_index) == (0, 57)
    assert after.flags == FrameFlag.OVERFLOW
    status = protocol.decode_status(of_sort(lines, "status")[0])
    assert (status.dropped_samples, status.next_sample_index) == (38, 76)


def test_the_same_session_again_changes_nothing_and_another_begins_anew(sensor: Path) -> None:
    again, other = protocol.StartRequest(2, 77, 100.0, 8, 1000), protocol.StartRequest(3, 78, 100.0, 8, 1000)
    lines = run(
        sensor,
        ("mtu", MTU),
        ("write", START),
        ("samples", 19),
        ("write", again),
        ("samples", 19),
        ("write", other),
        ("samples", 19),
    )
    assert [answer.request_id for answer in answers_in(lines)] == [1, 2, 3]
    assert [frame.first_sample_index for frame in frames_in(lines)] == [0, 19, 0]
    assert [frame.sequence for frame in frames_in(lines)] == [0, 1, 0]


def test_no_sample_waits_longer_than_asked_for(sensor: Path) -> None:
    """50 ms at 10 ms a sample: the oldest of six samples has waited 50 ms."""
    start = protocol.StartRequest(1, 77, 100.0, 8, 1000, max_latency_ms=50)
    frames = frames_in(run(sensor, ("mtu", MTU), ("write", start), ("samples", 60)))
    assert [len(frame) for frame in frames] == [6] * 10


def test_what_cannot_be_served_is_refused(sensor: Path) -> None:
    lines = run(
        sensor,
        ("mtu", 23),
        ("write", START),
        ("mtu", MTU),
        ("write", protocol.StopRequest(2)),
        ("write", protocol.StartRequest(3, 77, 50.0, 8, 1000)),
        ("write", protocol.EventRequest(4, 1)),
    )
    refused = [answer.status for answer in answers_in(lines) if isinstance(answer, protocol.RefusedAnswer)]
    expected = [Status.MTU_TOO_SMALL, Status.WRONG_STATE, Status.BAD_PARAMETER, Status.BAD_OPCODE]
    assert refused == expected


def test_what_the_sensor_says_of_itself_can_be_read(sensor: Path) -> None:
    steps: list[tuple[str, int | protocol.Request]] = [
        ("mtu", MTU),
        ("write", START),
        ("samples", 3),
        ("read", 0),
        ("write", protocol.GetStatusRequest(5)),
        ("write", protocol.PingRequest(6, 123)),
    ]
    lines = run(sensor, *steps)
    capabilities = protocol.decode_capabilities(of_sort(lines, "capabilities")[0])
    assert (capabilities.accelerometer_range_g, capabilities.gyroscope_range_dps) == (8, 1000)
    status = protocol.decode_status(of_sort(lines, "status")[0])
    assert (status.state, status.session, status.ticks_now) == (SensorState.STREAMING, 77, 30_000)
    assert answers_in(lines)[1:] == [
        protocol.GetStatusAnswer(5, SensorState.STREAMING, 77, 30_000, 3, 3, None),
        protocol.PingAnswer(6, 123, 30_000, 30_000),
    ]
