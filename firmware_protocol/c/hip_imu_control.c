/* HIP IMU service: requests and answers of the control point; see hip_imu.h. */

#include "hip_imu.h"

#include "hip_imu_bytes.h"

/* ---- Requests ---- */

/* Length of each request, and the feature that it needs, 0 where every sensor must know it. */
static const struct {
    uint8_t opcode;
    uint8_t request_bytes;
    uint16_t feature;
} REQUESTS[] = {
    {HIP_IMU_OPCODE_GET_STATUS, HIP_IMU_GET_STATUS_REQUEST_BYTES, 0},
    {HIP_IMU_OPCODE_START, HIP_IMU_START_REQUEST_BYTES, 0},
    {HIP_IMU_OPCODE_STOP, HIP_IMU_STOP_REQUEST_BYTES, 0},
    {HIP_IMU_OPCODE_PING, HIP_IMU_PING_REQUEST_BYTES, 0},
    {HIP_IMU_OPCODE_RESUME, HIP_IMU_RESUME_REQUEST_BYTES, HIP_IMU_FEATURE_RESUME_AND_FETCH},
    {HIP_IMU_OPCODE_FETCH, HIP_IMU_FETCH_REQUEST_BYTES, HIP_IMU_FEATURE_RESUME_AND_FETCH},
    {HIP_IMU_OPCODE_ABORT_FETCH, HIP_IMU_ABORT_FETCH_REQUEST_BYTES, HIP_IMU_FEATURE_RESUME_AND_FETCH},
    {HIP_IMU_OPCODE_IDENTIFY, HIP_IMU_IDENTIFY_REQUEST_BYTES, HIP_IMU_FEATURE_IDENTIFY},
    {HIP_IMU_OPCODE_SELF_TEST, HIP_IMU_SELF_TEST_REQUEST_BYTES, HIP_IMU_FEATURE_SELF_TEST},
    {HIP_IMU_OPCODE_SET_PLACEMENT, HIP_IMU_SET_PLACEMENT_REQUEST_BYTES, HIP_IMU_FEATURE_SET_PLACEMENT},
    {HIP_IMU_OPCODE_EVENT, HIP_IMU_EVENT_REQUEST_BYTES, HIP_IMU_FEATURE_EVENT},
};

static int parse_start(const uint8_t *data, hip_imu_start *start)
{
    start->layout = data[HIP_IMU_START_REQUEST_LAYOUT_OFFSET];
    start->sample_rate_decihertz = get_u16(data + HIP_IMU_START_REQUEST_SAMPLE_RATE_HZ_OFFSET);
    start->accelerometer_range_g = data[HIP_IMU_START_REQUEST_ACCELEROMETER_RANGE_G_OFFSET];
    start->gyroscope_range_dps = get_u16(data + HIP_IMU_START_REQUEST_GYROSCOPE_RANGE_DPS_OFFSET);
    start->max_latency_ms = get_u16(data + HIP_IMU_START_REQUEST_MAX_LATENCY_MS_OFFSET);
    start->session = get_u32(data + HIP_IMU_START_REQUEST_SESSION_OFFSET);
    return start->layout == HIP_IMU_LAYOUT_SIX_AXIS_INT16 ? HIP_IMU_STATUS_OK : HIP_IMU_STATUS_BAD_PARAMETER;
}

/* Arguments of a request that has its length. */
static int parse_arguments(const uint8_t *data, hip_imu_request *request)
{
    switch (request->opcode) {
    case HIP_IMU_OPCODE_START:
        return parse_start(data, &request->arguments.start);
    case HIP_IMU_OPCODE_PING:
        request->arguments.ping.host_stamp = get(data + HIP_IMU_PING_REQUEST_HOST_STAMP_OFFSET, 8);
        break;
    case HIP_IMU_OPCODE_RESUME:
        request->arguments.resume.session = get_u32(data + HIP_IMU_RESUME_REQUEST_SESSION_OFFSET);
        request->arguments.resume.next_sample_index =
            get_u32(data + HIP_IMU_RESUME_REQUEST_NEXT_SAMPLE_INDEX_OFFSET);
        break;
    case HIP_IMU_OPCODE_FETCH:
        request->arguments.fetch.first_sample_index =
            get_u32(data + HIP_IMU_FETCH_REQUEST_FIRST_SAMPLE_INDEX_OFFSET);
        request->arguments.fetch.end_sample_index =
            get_u32(data + HIP_IMU_FETCH_REQUEST_END_SAMPLE_INDEX_OFFSET);
        break;
    case HIP_IMU_OPCODE_IDENTIFY:
        request->arguments.identify.duration_s = data[HIP_IMU_IDENTIFY_REQUEST_DURATION_S_OFFSET];
        break;
    case HIP_IMU_OPCODE_SET_PLACEMENT:
        request->arguments.set_placement.placement = data[HIP_IMU_SET_PLACEMENT_REQUEST_PLACEMENT_OFFSET];
        if (request->arguments.set_placement.placement > HIP_IMU_PLACEMENT_PELVIS) {
            return HIP_IMU_STATUS_BAD_PARAMETER;
        }
        break;
    case HIP_IMU_OPCODE_EVENT:
        request->arguments.event.event = data[HIP_IMU_EVENT_REQUEST_EVENT_OFFSET];
        break;
    default:
        break;
    }
    return HIP_IMU_STATUS_OK;
}

int hip_imu_parse_request(const uint8_t *data, size_t data_bytes, uint16_t features, hip_imu_request *request)
{
    size_t i;
    if (data_bytes < HIP_IMU_REQUEST_ARGUMENTS_OFFSET) {
        return HIP_IMU_UNANSWERABLE;
    }
    request->opcode = data[0] & (HIP_IMU_ANSWER_BIT - 1);
    request->request_id = data[1];
    for (i = 0; i < sizeof REQUESTS / sizeof REQUESTS[0]; i++) {
        /* The byte as it came: an answer's opcode is no request's. */
        if (REQUESTS[i].opcode == data[0] && (REQUESTS[i].feature & features) == REQUESTS[i].feature) {
            return data_bytes == REQUESTS[i].request_bytes ? parse_arguments(data, request)
                                                           : HIP_IMU_STATUS_BAD_LENGTH;
        }
    }
    return HIP_IMU_STATUS_BAD_OPCODE;
}

int hip_imu_start_is_offered(const hip_imu_start *start, const hip_imu_capabilities *capabilities)
{
    const hip_imu_capabilities *c = capabilities;
    return start->session > 0 && start->layout == HIP_IMU_LAYOUT_SIX_AXIS_INT16
           && has_u16(c->sample_rates_decihertz, c->sample_rate_count, start->sample_rate_decihertz)
           && has_u8(c->accelerometer_ranges_g, c->accelerometer_range_count, start->accelerometer_range_g)
           && has_u16(c->gyroscope_ranges_dps, c->gyroscope_range_count, start->gyroscope_range_dps);
}

/* ---- Answers ---- */

/* The three bytes before an answer's arguments, where the whole of it has room: then its length, else 0. */
static size_t put_answer(uint8_t *out, size_t room, size_t answer_bytes, uint8_t opcode, uint8_t request_id,
                         uint8_t status)
{
    if (room < answer_bytes) {
        return 0;
    }
    out[0] = opcode | HIP_IMU_ANSWER_BIT;
    out[1] = request_id;
    out[2] = status;
    return answer_bytes;
}

/* An answer with the status OK, whose arguments are one u32. */
static size_t put_answer_u32(uint8_t *out, size_t room, uint8_t opcode, uint8_t request_id, uint32_t argument)
{
    const size_t answer_bytes =
        put_answer(out, room, HIP_IMU_ANSWER_ARGUMENTS_OFFSET + 4, opcode, request_id, HIP_IMU_STATUS_OK);
    if (answer_bytes > 0) {
        put_u32(out + HIP_IMU_ANSWER_ARGUMENTS_OFFSET, argument);
    }
    return answer_bytes;
}

size_t hip_imu_answer_done(uint8_t *out, size_t room, uint8_t opcode, uint8_t request_id)
{
    if (opcode != HIP_IMU_OPCODE_ABORT_FETCH && opcode != HIP_IMU_OPCODE_IDENTIFY
        && opcode != HIP_IMU_OPCODE_SET_PLACEMENT) {
        return 0;
    }
    return put_answer(out, room, HIP_IMU_ANSWER_ARGUMENTS_OFFSET, opcode, request_id, HIP_IMU_STATUS_OK);
}

size_t hip_imu_answer_refused(uint8_t *out, size_t room, uint8_t opcode, uint8_t request_id, uint8_t status)
{
    if (opcode >= HIP_IMU_ANSWER_BIT || status == HIP_IMU_STATUS_OK || status == HIP_IMU_STATUS_RANGE_GONE) {
        return 0;
    }
    return put_answer(out, room, HIP_IMU_ANSWER_ARGUMENTS_OFFSET, opcode, request_id, status);
}

size_t hip_imu_answer_range_gone(uint8_t *out, size_t room, uint8_t opcode, uint8_t request_id,
                                 uint32_t oldest_sample_index)
{
    size_t answer_bytes;
    if (opcode != HIP_IMU_OPCODE_RESUME && opcode != HIP_IMU_OPCODE_FETCH) {
        return 0;
    }
    answer_bytes = put_answer_u32(out, room, opcode, request_id, oldest_sample_index);
    if (answer_bytes > 0) {
        out[2] = HIP_IMU_STATUS_RANGE_GONE;
    }
    return answer_bytes;
}

size_t hip_imu_answer_get_status(uint8_t *out, size_t room, uint8_t request_id, const hip_imu_status *status)
{
    if (status->state > HIP_IMU_STATE_FAULT
        || put_answer(out, room, HIP_IMU_GET_STATUS_ANSWER_BYTES, HIP_IMU_OPCODE_GET_STATUS, request_id,
                      HIP_IMU_STATUS_OK)
               == 0) {
        return 0;
    }
    out[HIP_IMU_GET_STATUS_ANSWER_STATE_OFFSET] = status->state;
    put_u32(out + HIP_IMU_GET_STATUS_ANSWER_SESSION_OFFSET, status->session);
    put_u64(out + HIP_IMU_GET_STATUS_ANSWER_TICKS_NOW_OFFSET, status->ticks_now);
    put_u32(out + HIP_IMU_GET_STATUS_ANSWER_NEXT_SAMPLE_INDEX_OFFSET, status->next_sample_index);
    put_u32(out + HIP_IMU_GET_STATUS_ANSWER_OLDEST_SAMPLE_INDEX_OFFSET, status->oldest_sample_index);
    out[HIP_IMU_GET_STATUS_ANSWER_BATTERY_PERCENT_OFFSET] = status->battery_percent;
    return HIP_IMU_GET_STATUS_ANSWER_BYTES;
}

size_t hip_imu_answer_start(uint8_t *out, size_t room, uint8_t request_id, uint32_t session,
                            uint32_t first_sample_index, uint32_t sample_rate_millihertz)
{
    const size_t answer_bytes = put_answer(out, room, HIP_IMU_START_ANSWER_BYTES, HIP_IMU_OPCODE_START,
                                           request_id, HIP_IMU_STATUS_OK);
    if (answer_bytes > 0) {
        put_u32(out + HIP_IMU_START_ANSWER_SESSION_OFFSET, session);
        put_u32(out + HIP_IMU_START_ANSWER_FIRST_SAMPLE_INDEX_OFFSET, first_sample_index);
        put_u32(out + HIP_IMU_START_ANSWER_SAMPLE_RATE_HZ_OFFSET, sample_rate_millihertz);
    }
    return answer_bytes;
}

size_t hip_imu_answer_stop(uint8_t *out, size_t room, uint8_t request_id, uint32_t last_sample_index)
{
    return put_answer_u32(out, room, HIP_IMU_OPCODE_STOP, request_id, last_sample_index);
}

size_t hip_imu_answer_ping(uint8_t *out, size_t room, uint8_t request_id, uint64_t host_stamp,
                           uint64_t received_ticks, uint64_t sent_ticks)
{
    const size_t answer_bytes =
        put_answer(out, room, HIP_IMU_PING_ANSWER_BYTES, HIP_IMU_OPCODE_PING, request_id, HIP_IMU_STATUS_OK);
    if (answer_bytes > 0) {
        put_u64(out + HIP_IMU_PING_ANSWER_HOST_STAMP_OFFSET, host_stamp);
        put_u64(out + HIP_IMU_PING_ANSWER_RECEIVED_TICKS_OFFSET, received_ticks);
        put_u64(out + HIP_IMU_PING_ANSWER_SENT_TICKS_OFFSET, sent_ticks);
    }
    return answer_bytes;
}

size_t hip_imu_answer_resume(uint8_t *out, size_t room, uint8_t request_id, uint32_t first_sample_index)
{
    return put_answer_u32(out, room, HIP_IMU_OPCODE_RESUME, request_id, first_sample_index);
}

size_t hip_imu_answer_fetch(uint8_t *out, size_t room, uint8_t request_id, uint32_t first_sample_index,
                            uint32_t end_sample_index)
{
    const size_t answer_bytes = put_answer(out, room, HIP_IMU_FETCH_ANSWER_BYTES, HIP_IMU_OPCODE_FETCH,
                                           request_id, HIP_IMU_STATUS_OK);
    if (answer_bytes > 0) {
        put_u32(out + HIP_IMU_FETCH_ANSWER_FIRST_SAMPLE_INDEX_OFFSET, first_sample_index);
        put_u32(out + HIP_IMU_FETCH_ANSWER_END_SAMPLE_INDEX_OFFSET, end_sample_index);
    }
    return answer_bytes;
}

size_t hip_imu_answer_self_test(uint8_t *out, size_t room, uint8_t request_id, uint16_t failures)
{
    const size_t answer_bytes = put_answer(out, room, HIP_IMU_SELF_TEST_ANSWER_BYTES,
                                           HIP_IMU_OPCODE_SELF_TEST, request_id, HIP_IMU_STATUS_OK);
    if (answer_bytes > 0) {
        put_u16(out + HIP_IMU_SELF_TEST_ANSWER_FAILURES_OFFSET, failures);
    }
    return answer_bytes;
}

size_t hip_imu_answer_event(uint8_t *out, size_t room, uint8_t request_id, uint32_t sample_index)
{
    return put_answer_u32(out, room, HIP_IMU_OPCODE_EVENT, request_id, sample_index);
}
