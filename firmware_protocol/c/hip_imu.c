/* HIP IMU service: stream frames, backfill records, capabilities and status; see hip_imu.h. */

#include "hip_imu.h"

#include "hip_imu_bytes.h"

#define ENTRY_HEADER_BYTES 2u
#define ENTRY_VALUE_BYTES_MAXIMUM 255u
#define AXES 3u

/* ---- Stream ---- */

/* Samples that fit beside so many bytes of a notification. */
static uint8_t samples_beside(uint16_t mtu, uint16_t other_bytes)
{
    const uint16_t largest = HIP_IMU_ATT_HEADER_BYTES + HIP_IMU_ATT_VALUE_BYTES;
    const uint16_t usable = mtu < largest ? mtu : largest;
    const uint16_t overhead_bytes = (uint16_t)(HIP_IMU_ATT_HEADER_BYTES + other_bytes);
    return usable < overhead_bytes ? 0 : (uint8_t)((usable - overhead_bytes) / HIP_IMU_SAMPLE_BYTES);
}

uint8_t hip_imu_samples_per_frame(uint16_t mtu)
{
    return samples_beside(mtu, HIP_IMU_FRAME_HEADER_BYTES);
}

static int is_saturated(const int16_t *counts)
{
    size_t axis;
    for (axis = 0; axis < AXES; axis++) {
        if (counts[axis] >= HIP_IMU_SATURATED_COUNTS || counts[axis] <= -HIP_IMU_SATURATED_COUNTS) {
            return 1;
        }
    }
    return 0;
}

uint8_t hip_imu_saturation_flags(const hip_imu_sample *samples, size_t sample_count)
{
    unsigned int flags = 0;
    size_t i;
    for (i = 0; i < sample_count; i++) {
        if (is_saturated(samples[i].accelerometer_counts)) {
            flags |= HIP_IMU_FLAG_ACCELEROMETER_SATURATED;
        }
        if (is_saturated(samples[i].gyroscope_counts)) {
            flags |= HIP_IMU_FLAG_GYROSCOPE_SATURATED;
        }
    }
    return (uint8_t)flags;
}

size_t hip_imu_encode_frame(uint8_t *out, size_t room, const hip_imu_frame_header *header,
                            const hip_imu_sample *samples, size_t sample_count)
{
    size_t frame_bytes, axis, i;
    if (sample_count < 1 || sample_count > HIP_IMU_FRAME_SAMPLES_MAXIMUM || header->interval_ticks == 0
        || header->flags >= HIP_IMU_FLAG_RESERVED) {
        return 0;
    }
    frame_bytes = HIP_IMU_FRAME_HEADER_BYTES + sample_count * HIP_IMU_SAMPLE_BYTES;
    if (room < frame_bytes) {
        return 0;
    }
    out[HIP_IMU_FRAME_VERSION_AND_HEADER_LENGTH_OFFSET] = HIP_IMU_FRAME_VERSION_AND_HEADER_LENGTH;
    out[HIP_IMU_FRAME_FLAGS_OFFSET] = header->flags;
    put_u16(out + HIP_IMU_FRAME_SEQUENCE_OFFSET, header->sequence);
    put_u32(out + HIP_IMU_FRAME_FIRST_SAMPLE_INDEX_OFFSET, header->first_sample_index);
    put_u32(out + HIP_IMU_FRAME_FIRST_TICK_OFFSET, (uint32_t)(header->first_tick & 0xFFFFFFFFu));
    put_u16(out + HIP_IMU_FRAME_INTERVAL_TICKS_OFFSET, header->interval_ticks);
    out[HIP_IMU_FRAME_SAMPLE_COUNT_OFFSET] = (uint8_t)sample_count;
    out[HIP_IMU_FRAME_LAYOUT_OFFSET] = HIP_IMU_LAYOUT_SIX_AXIS_INT16;
    out += HIP_IMU_FRAME_HEADER_BYTES;
    for (i = 0; i < sample_count; i++) {
        for (axis = 0; axis < AXES; axis++) {
            put_i16(out + 2 * axis, samples[i].accelerometer_counts[axis]);
            put_i16(out + 2 * (AXES + axis), samples[i].gyroscope_counts[axis]);
        }
        out += HIP_IMU_SAMPLE_BYTES;
    }
    return frame_bytes;
}

/* ---- Backfill ---- */

#define CRC32_POLYNOMIAL 0xEDB88320u /* 0x04C11DB7 with its bits from the right */

uint8_t hip_imu_samples_per_record(uint16_t mtu)
{
    return samples_beside(mtu, HIP_IMU_FRAME_HEADER_BYTES + HIP_IMU_CHECKSUM_BYTES);
}

uint32_t hip_imu_crc32(const uint8_t *data, size_t data_bytes)
{
    uint32_t crc = 0xFFFFFFFFu;
    size_t i;
    unsigned int bit;
    for (i = 0; i < data_bytes; i++) {
        crc ^= data[i];
        for (bit = 0; bit < 8; bit++) {
            crc = (crc & 1u) ? (crc >> 1) ^ CRC32_POLYNOMIAL : crc >> 1;
        }
    }
    return crc ^ 0xFFFFFFFFu;
}

size_t hip_imu_encode_backfill_record(uint8_t *out, size_t room, const hip_imu_frame_header *header,
                                      const hip_imu_sample *samples, size_t sample_count)
{
    size_t frame_bytes;
    if ((header->flags & HIP_IMU_FLAG_BACKFILL) == 0 || room < HIP_IMU_CHECKSUM_BYTES) {
        return 0;
    }
    frame_bytes =
        hip_imu_encode_frame(out, room - HIP_IMU_CHECKSUM_BYTES, header, samples, sample_count);
    if (frame_bytes == 0) {
        return 0;
    }
    put_u32(out + frame_bytes, hip_imu_crc32(out, frame_bytes));
    return frame_bytes + HIP_IMU_CHECKSUM_BYTES;
}

/* ---- Capabilities ---- */

static int are_sound(const hip_imu_capabilities *c)
{
    return c->firmware_bytes >= 1 && c->firmware_bytes <= HIP_IMU_FIRMWARE_BYTES_MAXIMUM
           && c->tick_rate_hz > 0 && c->sample_rate_count >= 1
           && c->sample_rate_count <= ENTRY_VALUE_BYTES_MAXIMUM / 2
           && c->accelerometer_range_count <= ENTRY_VALUE_BYTES_MAXIMUM
           && c->gyroscope_range_count <= ENTRY_VALUE_BYTES_MAXIMUM / 2
           && !has_u16(c->sample_rates_decihertz, c->sample_rate_count, 0)
           && !has_u8(c->accelerometer_ranges_g, c->accelerometer_range_count, 0)
           && !has_u16(c->gyroscope_ranges_dps, c->gyroscope_range_count, 0)
           && has_u8(c->accelerometer_ranges_g, c->accelerometer_range_count, c->accelerometer_range_g)
           && has_u16(c->gyroscope_ranges_dps, c->gyroscope_range_count, c->gyroscope_range_dps)
           && c->placement <= HIP_IMU_PLACEMENT_PELVIS;
}

/* Tag and length of an entry; gives where its value goes. */
static uint8_t *put_entry(uint8_t *out, uint8_t tag, size_t value_bytes)
{
    out[0] = tag;
    out[1] = (uint8_t)value_bytes;
    return out + ENTRY_HEADER_BYTES;
}

static uint8_t *put_number(uint8_t *out, uint8_t tag, uint32_t value, size_t value_bytes)
{
    out = put_entry(out, tag, value_bytes);
    put(out, value, value_bytes);
    return out + value_bytes;
}

static uint8_t *put_bytes(uint8_t *out, uint8_t tag, const uint8_t *values, size_t count)
{
    size_t i;
    out = put_entry(out, tag, count);
    for (i = 0; i < count; i++) {
        out[i] = values[i];
    }
    return out + count;
}

static uint8_t *put_u16s(uint8_t *out, uint8_t tag, const uint16_t *values, size_t count)
{
    size_t i;
    out = put_entry(out, tag, 2 * count);
    for (i = 0; i < count; i++) {
        put_u16(out + 2 * i, values[i]);
    }
    return out + 2 * count;
}

/* Values of a fixed length: version, device id, tick rate, ranges in force, ring buffer, layouts, features,
 * placement. */
#define FIXED_VALUES_BYTES (2u + HIP_IMU_DEVICE_ID_BYTES + 4u + 3u + 4u + 1u + 2u + 1u)
#define ENTRIES 12u

static size_t capabilities_bytes(const hip_imu_capabilities *c)
{
    return ENTRIES * ENTRY_HEADER_BYTES + FIXED_VALUES_BYTES + c->firmware_bytes + 2 * c->sample_rate_count
           + c->accelerometer_range_count + 2 * c->gyroscope_range_count;
}

size_t hip_imu_encode_capabilities(uint8_t *out, size_t room, const hip_imu_capabilities *capabilities)
{
    const hip_imu_capabilities *c = capabilities;
    size_t value_bytes;
    if (!are_sound(c)) {
        return 0;
    }
    value_bytes = capabilities_bytes(c);
    if (value_bytes > HIP_IMU_ATT_VALUE_BYTES || room < value_bytes) {
        return 0;
    }
    out = put_entry(out, HIP_IMU_TAG_PROTOCOL_VERSION, 2);
    *out++ = HIP_IMU_PROTOCOL_MAJOR;
    *out++ = HIP_IMU_PROTOCOL_MINOR;
    out = put_bytes(out, HIP_IMU_TAG_DEVICE_ID, c->device_id, HIP_IMU_DEVICE_ID_BYTES);
    out = put_bytes(out, HIP_IMU_TAG_FIRMWARE, (const uint8_t *)c->firmware, c->firmware_bytes);
    out = put_number(out, HIP_IMU_TAG_TICK_RATE, c->tick_rate_hz, 4);
    out = put_u16s(out, HIP_IMU_TAG_SAMPLE_RATES, c->sample_rates_decihertz, c->sample_rate_count);
    out = put_bytes(out, HIP_IMU_TAG_ACCELEROMETER_RANGES, c->accelerometer_ranges_g,
                    c->accelerometer_range_count);
    out = put_u16s(out, HIP_IMU_TAG_GYROSCOPE_RANGES, c->gyroscope_ranges_dps, c->gyroscope_range_count);
    out = put_entry(out, HIP_IMU_TAG_RANGES_IN_FORCE, 3);
    *out++ = c->accelerometer_range_g;
    put_u16(out, c->gyroscope_range_dps);
    out = put_number(out + 2, HIP_IMU_TAG_RING_BUFFER, c->ring_buffer_samples, 4);
    out = put_number(out, HIP_IMU_TAG_LAYOUTS, HIP_IMU_LAYOUT_SIX_AXIS_INT16, 1);
    out = put_number(out, HIP_IMU_TAG_FEATURES, c->features, 2);
    put_number(out, HIP_IMU_TAG_PLACEMENT, c->placement, 1);
    return value_bytes;
}

/* ---- Status ---- */

size_t hip_imu_encode_status(uint8_t *out, size_t room, const hip_imu_status *status)
{
    if (room < HIP_IMU_SENSOR_STATUS_BYTES || status->state > HIP_IMU_STATE_FAULT) {
        return 0;
    }
    out[HIP_IMU_SENSOR_STATUS_PROTOCOL_MAJOR_OFFSET] = HIP_IMU_PROTOCOL_MAJOR;
    out[HIP_IMU_SENSOR_STATUS_STATE_OFFSET] = status->state;
    put_u32(out + HIP_IMU_SENSOR_STATUS_SESSION_OFFSET, status->session);
    put_u64(out + HIP_IMU_SENSOR_STATUS_TICKS_NOW_OFFSET, status->ticks_now);
    put_u32(out + HIP_IMU_SENSOR_STATUS_NEXT_SAMPLE_INDEX_OFFSET, status->next_sample_index);
    put_u32(out + HIP_IMU_SENSOR_STATUS_OLDEST_SAMPLE_INDEX_OFFSET, status->oldest_sample_index);
    out[HIP_IMU_SENSOR_STATUS_BATTERY_PERCENT_OFFSET] = status->battery_percent;
    out[HIP_IMU_SENSOR_STATUS_POWER_OFFSET] = status->power;
    put_i16(out + HIP_IMU_SENSOR_STATUS_TEMPERATURE_DEG_C_OFFSET, status->temperature_centidegrees_c);
    put_u32(out + HIP_IMU_SENSOR_STATUS_DROPPED_SAMPLES_OFFSET, status->dropped_samples);
    put_u16(out + HIP_IMU_SENSOR_STATUS_RESTARTS_OFFSET, status->restarts);
    return HIP_IMU_SENSOR_STATUS_BYTES;
}
