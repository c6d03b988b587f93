/* Calls the C encoder with what each line of the input says, and answers each with one line.
 *
 * A line is a word and numbers. An encoder's answer is its bytes in hexadecimal, "-" where it refused, or
 * "overrun" where it wrote beyond the room it was given or beyond what it said that it wrote.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "hip_imu.h"

#include "c_driver_memory.h"
#include "c_driver_stream.h"

#define LINE_BYTES 65536

/* ---- Capabilities and status ---- */

static hip_imu_capabilities read_capabilities(void)
{
    hip_imu_capabilities c;
    size_t i;
    for (i = 0; i < HIP_IMU_DEVICE_ID_BYTES; i++) {
        c.device_id[i] = (uint8_t)number();
    }
    c.firmware_bytes = (size_t)number();
    c.firmware = (const char *)read_u8s(c.firmware_bytes);
    c.tick_rate_hz = (uint32_t)number();
    c.sample_rate_count = (size_t)number();
    c.sample_rates_decihertz = read_u16s(c.sample_rate_count);
    c.accelerometer_range_count = (size_t)number();
    c.accelerometer_ranges_g = read_u8s(c.accelerometer_range_count);
    c.gyroscope_range_count = (size_t)number();
    c.gyroscope_ranges_dps = read_u16s(c.gyroscope_range_count);
    c.accelerometer_range_g = (uint8_t)number();
    c.gyroscope_range_dps = (uint16_t)number();
    c.ring_buffer_samples = (uint32_t)number();
    c.features = (uint16_t)number();
    c.placement = (uint8_t)number();
    return c;
}

static void capabilities(void)
{
    uint8_t *out = make_room();
    hip_imu_capabilities c = read_capabilities();
    tell(hip_imu_encode_capabilities(out, room, &c));
}

/* The fields that Status and the answer to GET_STATUS share. */
static hip_imu_status read_status(void)
{
    hip_imu_status status = {0};
    status.state = (uint8_t)number();
    status.session = (uint32_t)number();
    status.ticks_now = number();
    status.next_sample_index = (uint32_t)number();
    status.oldest_sample_index = (uint32_t)number();
    status.battery_percent = (uint8_t)number();
    return status;
}

static void sensor_status(void)
{
    uint8_t *out = make_room();
    hip_imu_status status = read_status();
    status.power = (uint8_t)number();
    status.temperature_centidegrees_c = signed_number();
    status.dropped_samples = (uint32_t)number();
    status.restarts = (uint16_t)number();
    tell(hip_imu_encode_status(out, room, &status));
}

/* ---- Control point ---- */

static void tell_arguments(const hip_imu_request *request)
{
    const hip_imu_start *start = &request->arguments.start;
    switch (request->opcode) {
    case HIP_IMU_OPCODE_START:
        printf(" %u %u %u %u %u %" PRIu32, start->layout, start->sample_rate_decihertz,
               start->accelerometer_range_g, start->gyroscope_range_dps, start->max_latency_ms,
               start->session);
        break;
    case HIP_IMU_OPCODE_PING:
        printf(" %" PRIu64, request->arguments.ping.host_stamp);
        break;
    case HIP_IMU_OPCODE_RESUME:
        printf(" %" PRIu32 " %" PRIu32, request->arguments.resume.session,
               request->arguments.resume.next_sample_index);
        break;
    case HIP_IMU_OPCODE_FETCH:
        printf(" %" PRIu32 " %" PRIu32, request->arguments.fetch.first_sample_index,
               request->arguments.fetch.end_sample_index);
        break;
    case HIP_IMU_OPCODE_IDENTIFY:
        printf(" %u", request->arguments.identify.duration_s);
        break;
    case HIP_IMU_OPCODE_SET_PLACEMENT:
        printf(" %u", request->arguments.set_placement.placement);
        break;
    case HIP_IMU_OPCODE_EVENT:
        printf(" %u", request->arguments.event.event);
        break;
    default:
        break;
    }
}

static void parse(void)
{
    const uint16_t features = (uint16_t)number();
    const size_t bytes = (size_t)number();
    uint8_t *data = read_u8s(bytes);
    hip_imu_request request;
    const int status = hip_imu_parse_request(data, bytes, features, &request);
    printf("%d", status);
    if (status != HIP_IMU_UNANSWERABLE) {
        printf(" %u %u", request.opcode, request.request_id);
    }
    if (status == HIP_IMU_STATUS_OK) {
        tell_arguments(&request);
    }
}

static void offered(void)
{
    hip_imu_start start;
    hip_imu_capabilities c;
    start.layout = (uint8_t)number();
    start.sample_rate_decihertz = (uint16_t)number();
    start.accelerometer_range_g = (uint8_t)number();
    start.gyroscope_range_dps = (uint16_t)number();
    start.max_latency_ms = (uint16_t)number();
    start.session = (uint32_t)number();
    c = read_capabilities();
    printf("%d", hip_imu_start_is_offered(&start, &c));
}

static size_t answer_with_status(uint8_t *out, uint8_t id)
{
    const hip_imu_status status = read_status();
    return hip_imu_answer_get_status(out, room, id, &status);
}

static void answer(void)
{
    uint8_t *out = make_room();
    const uint8_t opcode = (uint8_t)number(), id = (uint8_t)number(), status = (uint8_t)number();
    const char *arguments = cursor;
    uint64_t a, b, c;
    if (status == HIP_IMU_STATUS_OK && opcode == HIP_IMU_OPCODE_GET_STATUS) {
        tell(answer_with_status(out, id));
        return;
    }
    a = number();
    b = number();
    c = number();
    if (status == HIP_IMU_STATUS_RANGE_GONE && *arguments == ' ') {
        tell(hip_imu_answer_range_gone(out, room, opcode, id, (uint32_t)a));
    } else if (status != HIP_IMU_STATUS_OK) {
        tell(hip_imu_answer_refused(out, room, opcode, id, status));
    } else if (opcode == HIP_IMU_OPCODE_START) {
        tell(hip_imu_answer_start(out, room, id, (uint32_t)a, (uint32_t)b, (uint32_t)c));
    } else if (opcode == HIP_IMU_OPCODE_STOP) {
        tell(hip_imu_answer_stop(out, room, id, (uint32_t)a));
    } else if (opcode == HIP_IMU_OPCODE_PING) {
        tell(hip_imu_answer_ping(out, room, id, a, b, c));
    } else if (opcode == HIP_IMU_OPCODE_RESUME) {
        tell(hip_imu_answer_resume(out, room, id, (uint32_t)a));
    } else if (opcode == HIP_IMU_OPCODE_FETCH) {
        tell(hip_imu_answer_fetch(out, room, id, (uint32_t)a, (uint32_t)b));
    } else if (opcode == HIP_IMU_OPCODE_SELF_TEST) {
        tell(hip_imu_answer_self_test(out, room, id, (uint16_t)a));
    } else if (opcode == HIP_IMU_OPCODE_EVENT) {
        tell(hip_imu_answer_event(out, room, id, (uint32_t)a));
    } else {
        tell(hip_imu_answer_done(out, room, opcode, id));
    }
}

/* Refusals and answers without arguments alone, also with what no request is answered with. */
static void refuse(void)
{
    uint8_t *out = make_room();
    const uint8_t opcode = (uint8_t)number(), status = (uint8_t)number();
    tell(hip_imu_answer_refused(out, room, opcode, 0, status));
}

static void done(void)
{
    uint8_t *out = make_room();
    const uint8_t opcode = (uint8_t)number(), id = (uint8_t)number();
    tell(hip_imu_answer_done(out, room, opcode, id));
}

/* First bytes in memory of 1, as this processor has them. */
static void byte_order(void)
{
    const uint16_t one = 1;
    uint8_t bytes[2];
    memcpy(bytes, &one, 2);
    printf(bytes[0] == 1 ? "little" : "big");
}

static const struct {
    const char *word;
    void (*call)(void);
} CALLS[] = {
    {"frame", frame},
    {"record", record},
    {"crc32", crc32},
    {"saturation", saturation},
    {"samples_per_frame", samples_per_frame},
    {"samples_per_record", samples_per_record},
    {"capabilities", capabilities},
    {"status", sensor_status},
    {"parse", parse},
    {"offered", offered},
    {"answer", answer},
    {"refuse", refuse},
    {"done", done},
    {"byte_order", byte_order},
};

static void dispatch(char *line)
{
    const size_t word_bytes = strcspn(line, " \n");
    size_t i;
    cursor = line + word_bytes;
    for (i = 0; i < sizeof CALLS / sizeof CALLS[0]; i++) {
        if (strlen(CALLS[i].word) == word_bytes && strncmp(CALLS[i].word, line, word_bytes) == 0) {
            CALLS[i].call();
            free_blocks();
            return;
        }
    }
    printf("unknown word");
}

int main(void)
{
    static char line[LINE_BYTES];
    while (fgets(line, sizeof line, stdin) != NULL) {
        dispatch(line);
        printf("\n");
        fflush(stdout);
    }
    return 0;
}
