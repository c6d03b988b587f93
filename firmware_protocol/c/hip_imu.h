/* HIP IMU service, version 1.1: what a sensor writes and reads, as bytes. The reference encoder in C99.
 *
 * PROTOCOL.md says what the messages mean and when they are sent; this is their form alone. Nothing is
 * allocated, no state is kept, no floating point and no library function is used; any byte order and
 * alignment will do. Samples and other numbers are counts as they go on the wire; a name has its unit: ticks
 * of the device's clock, decihertz = 0.1 Hz, millihertz = 0.001 Hz, centidegrees_c = 0.01 degC, g, dps =
 * degrees a second.
 *
 * Every function that encodes writes to `out`, which has room for `room` bytes, and returns how many bytes it
 * wrote. It returns 0 and writes nothing where the room is too small or a value is none that the protocol
 * has. Pointers must not be null, except those to arrays of which none are counted.
 */
#ifndef HIP_IMU_H
#define HIP_IMU_H

#include <stddef.h>
#include <stdint.h>

#include "hip_imu_constants.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Stream: one notification is one frame ---- */

/* One sample, layout SIX_AXIS_INT16: x, y, z of each; full scale is HIP_IMU_FULL_SCALE_COUNTS at the range in
 * force. */
typedef struct {
    int16_t accelerometer_counts[3]; /* specific force: at rest the axis that points up reads +1 g */
    int16_t gyroscope_counts[3];     /* angular rate: positive for a right-handed turn about the axis */
} hip_imu_sample;

/* What the header of a frame says; the counters are the caller's to keep, and go on at 0 after their largest
 * value. */
typedef struct {
    uint8_t flags;               /* HIP_IMU_FLAG_...; see hip_imu_saturation_flags */
    uint16_t sequence;           /* number of the frame since START, +1 for each frame on Stream */
    uint32_t first_sample_index; /* samples taken since START before the frame's first one, sent or not */
    uint64_t first_tick;         /* device clock when the first sample became ready; 32 bits are sent */
    uint16_t interval_ticks;     /* ticks between two samples, rounded; above 0 */
} hip_imu_frame_header;

/* Samples that one notification carries at this ATT MTU; 0 where not even one fits. Below HIP_IMU_MINIMUM_MTU
 * the sensor answers START with HIP_IMU_STATUS_MTU_TOO_SMALL. */
uint8_t hip_imu_samples_per_frame(uint16_t mtu);

/* HIP_IMU_FLAG_ACCELEROMETER_SATURATED and HIP_IMU_FLAG_GYROSCOPE_SATURATED, as the samples have it. */
uint8_t hip_imu_saturation_flags(const hip_imu_sample *samples, size_t sample_count);

/* One frame of 1 to HIP_IMU_FRAME_SAMPLES_MAXIMUM samples: 16 bytes, and 12 more for each sample. Give as
 * `room` what a notification carries, MTU - 3. Refuses an interval of 0 and the reserved flag. */
size_t hip_imu_encode_frame(uint8_t *out, size_t room, const hip_imu_frame_header *header,
                            const hip_imu_sample *samples, size_t sample_count);

/* ---- Backfill: one notification is one record, a frame that is sent again and its checksum ---- */

/* Samples that one record carries at this ATT MTU; 0 where not even one fits. */
uint8_t hip_imu_samples_per_record(uint16_t mtu);

/* CRC-32 of IEEE 802.3, which zlib has: reflected, polynomial 0x04C11DB7, all ones at first and inverted at
 * last; of the nine bytes "123456789" it is 0xCBF43926. */
uint32_t hip_imu_crc32(const uint8_t *data, size_t data_bytes);

/* One record: as hip_imu_encode_frame, and 4 bytes more. `flags` must have HIP_IMU_FLAG_BACKFILL; `sequence`
 * counts the records since their request, from 0; index and tick are those of the samples when they were
 * taken. */
size_t hip_imu_encode_backfill_record(uint8_t *out, size_t room, const hip_imu_frame_header *header,
                                      const hip_imu_sample *samples, size_t sample_count);

/* ---- Capabilities: read ---- */

typedef struct {
    uint8_t device_id[HIP_IMU_DEVICE_ID_BYTES]; /* never changes; no other sensor has it */
    const char *firmware;                       /* name and version, UTF-8, which is not checked here */
    size_t firmware_bytes;                      /* 1 to HIP_IMU_FIRMWARE_BYTES_MAXIMUM, without a final 0 */
    uint32_t tick_rate_hz;                      /* device ticks a second, above 0 */
    const uint16_t *sample_rates_decihertz;     /* rates that START takes, each above 0 */
    size_t sample_rate_count;                   /* 1 to 127 */
    const uint8_t *accelerometer_ranges_g;      /* ranges that START takes, +- g, each above 0 */
    size_t accelerometer_range_count;           /* 1 to 255 */
    const uint16_t *gyroscope_ranges_dps;       /* likewise, +- degrees a second */
    size_t gyroscope_range_count;               /* 1 to 127 */
    uint8_t accelerometer_range_g;              /* range in force: of the last START, before it the default */
    uint16_t gyroscope_range_dps;               /* likewise */
    uint32_t ring_buffer_samples;               /* samples kept for RESUME and FETCH; 0 none */
    uint16_t features;                          /* HIP_IMU_FEATURE_... */
    uint8_t placement;                          /* HIP_IMU_PLACEMENT_... */
} hip_imu_capabilities;

/* The value of Capabilities, at most HIP_IMU_ATT_VALUE_BYTES. Refuses what the comments above do not allow,
 * and a range in force that is not among those offered. */
size_t hip_imu_encode_capabilities(uint8_t *out, size_t room, const hip_imu_capabilities *capabilities);

/* ---- Status: read, notify ---- */

typedef struct {
    uint8_t state;                      /* HIP_IMU_STATE_... */
    uint32_t session;                   /* running or last session; 0 none since power-on */
    uint64_t ticks_now;                 /* device clock */
    uint32_t next_sample_index;         /* index that the next sample will get */
    uint32_t oldest_sample_index;       /* oldest that FETCH can give; next_sample_index: none */
    uint8_t battery_percent;            /* HIP_IMU_SENSOR_STATUS_BATTERY_PERCENT_UNKNOWN: not known */
    uint8_t power;                      /* HIP_IMU_POWER_... */
    int16_t temperature_centidegrees_c; /* HIP_IMU_SENSOR_STATUS_TEMPERATURE_DEG_C_UNKNOWN: not known */
    uint32_t dropped_samples;           /* samples lost in the sensor since START */
    uint16_t restarts;                  /* times that the sensor has started */
} hip_imu_status;

/* The value of Status, HIP_IMU_SENSOR_STATUS_BYTES. Refuses an unknown state. */
size_t hip_imu_encode_status(uint8_t *out, size_t room, const hip_imu_status *status);

/* ---- Control point: requests that are written ---- */

typedef struct {
    uint8_t layout;
    uint16_t sample_rate_decihertz;
    uint8_t accelerometer_range_g;
    uint16_t gyroscope_range_dps;
    uint16_t max_latency_ms; /* that a frame's oldest sample may wait; 0: until the frame is full */
    uint32_t session;
} hip_imu_start;

/* A request; of `arguments` the member of the opcode counts. GET_STATUS, STOP, ABORT_FETCH and SELF_TEST have
 * none. */
typedef struct {
    uint8_t opcode; /* HIP_IMU_OPCODE_...; where the request is refused, what the answer repeats */
    uint8_t request_id;
    union {
        hip_imu_start start;
        struct {
            uint64_t host_stamp; /* t1: the answer repeats it */
        } ping;
        struct {
            uint32_t session;
            uint32_t next_sample_index; /* first sample that the receiver lacks */
        } resume;
        struct {
            uint32_t first_sample_index;
            uint32_t end_sample_index; /* one after the last wanted */
        } fetch;
        struct {
            uint8_t duration_s; /* 0 ends it */
        } identify;
        struct {
            uint8_t placement; /* HIP_IMU_PLACEMENT_... */
        } set_placement;
        struct {
            uint8_t event; /* the receiver's number */
        } event;
    } arguments;
} hip_imu_request;

/* What hip_imu_parse_request returns where there is no request id, and so nothing to answer. */
#define HIP_IMU_UNANSWERABLE (-1)

/* Reads a request of `data_bytes` bytes. `features` are those of the capabilities: an opcode that needs
 * another is as good as unknown.
 *
 * Returns HIP_IMU_STATUS_OK, or the code to refuse with: HIP_IMU_STATUS_BAD_OPCODE, _BAD_LENGTH or
 * _BAD_PARAMETER, with opcode and request_id set; or HIP_IMU_UNANSWERABLE. Whether a START can be served is
 * told by hip_imu_start_is_offered; what depends on the sensor's state (WRONG_STATE, BUSY, ...) is the
 * caller's to know. */
int hip_imu_parse_request(const uint8_t *data, size_t data_bytes, uint16_t features,
                          hip_imu_request *request);

/* 1 where rate, ranges and layout are among those offered and session above 0, else 0: refuse. */
int hip_imu_start_is_offered(const hip_imu_start *start, const hip_imu_capabilities *capabilities);

/* ---- Control point: answers that are indicated ---- */

/* OK, to a request whose answer has no arguments: ABORT_FETCH, IDENTIFY, SET_PLACEMENT. Refuses other
 * opcodes. */
size_t hip_imu_answer_done(uint8_t *out, size_t room, uint8_t opcode, uint8_t request_id);

/* Any status but OK and RANGE_GONE; from 0x80 on they are the vendor's own. `opcode` below 0x80. */
size_t hip_imu_answer_refused(uint8_t *out, size_t room, uint8_t opcode, uint8_t request_id, uint8_t status);

/* RANGE_GONE to RESUME or FETCH, with the oldest sample that is still there. */
size_t hip_imu_answer_range_gone(uint8_t *out, size_t room, uint8_t opcode, uint8_t request_id,
                                 uint32_t oldest_sample_index);

/* GET_STATUS: of the status what the answer has. Refuses an unknown state. */
size_t hip_imu_answer_get_status(uint8_t *out, size_t room, uint8_t request_id, const hip_imu_status *status);

/* START: the session that runs, the index of its first sample, and the rate in truth as far as the sensor
 * knows. */
size_t hip_imu_answer_start(uint8_t *out, size_t room, uint8_t request_id, uint32_t session,
                            uint32_t first_sample_index, uint32_t sample_rate_millihertz);

/* STOP: last sample of the session; where it had none, its first index - 1, modulo 2^32. */
size_t hip_imu_answer_stop(uint8_t *out, size_t room, uint8_t request_id, uint32_t last_sample_index);

/* PING: t1 of the request, t2 when it arrived, t3 when this answer goes to the radio. */
size_t hip_imu_answer_ping(uint8_t *out, size_t room, uint8_t request_id, uint64_t host_stamp,
                           uint64_t received_ticks, uint64_t sent_ticks);

/* RESUME: first sample that will be sent again; next_sample_index where none lacks. */
size_t hip_imu_answer_resume(uint8_t *out, size_t room, uint8_t request_id, uint32_t first_sample_index);

/* FETCH: first sample that will be sent again, and one after the last. */
size_t hip_imu_answer_fetch(uint8_t *out, size_t room, uint8_t request_id, uint32_t first_sample_index,
                            uint32_t end_sample_index);

/* SELF_TEST: bits HIP_IMU_FAILURE_...; 0 passed. */
size_t hip_imu_answer_self_test(uint8_t *out, size_t room, uint8_t request_id, uint16_t failures);

/* EVENT: index of the sample that is marked. */
size_t hip_imu_answer_event(uint8_t *out, size_t room, uint8_t request_id, uint32_t sample_index);

#ifdef __cplusplus
}
#endif

#endif
