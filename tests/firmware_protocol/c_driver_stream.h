/* What c_driver.c tries of Stream and Backfill. */
#ifndef C_DRIVER_STREAM_H
#define C_DRIVER_STREAM_H

#include "hip_imu.h"

#include "c_driver_memory.h"

static hip_imu_sample *read_samples(size_t count)
{
    hip_imu_sample *samples = block(count * sizeof *samples);
    size_t i, axis;
    for (i = 0; i < count; i++) {
        for (axis = 0; axis < 3; axis++) {
            samples[i].accelerometer_counts[axis] = signed_number();
        }
        for (axis = 0; axis < 3; axis++) {
            samples[i].gyroscope_counts[axis] = signed_number();
        }
    }
    return samples;
}

static hip_imu_frame_header read_header(void)
{
    hip_imu_frame_header header;
    header.flags = (uint8_t)number();
    header.sequence = (uint16_t)number();
    header.first_sample_index = (uint32_t)number();
    header.first_tick = number();
    header.interval_ticks = (uint16_t)number();
    return header;
}

/* The count that is claimed may be another than that of the samples that follow. */
static void tell_encoded(size_t (*encode)(uint8_t *, size_t, const hip_imu_frame_header *,
                                          const hip_imu_sample *, size_t))
{
    uint8_t *out = make_room();
    const hip_imu_frame_header header = read_header();
    const size_t claimed = (size_t)number();
    const hip_imu_sample *samples = read_samples((size_t)number());
    tell(encode(out, room, &header, samples, claimed));
}

static void frame(void)
{
    tell_encoded(hip_imu_encode_frame);
}

static void record(void)
{
    tell_encoded(hip_imu_encode_backfill_record);
}

static void crc32(void)
{
    const size_t bytes = (size_t)number();
    printf("%" PRIu32, hip_imu_crc32(read_u8s(bytes), bytes));
}

static void saturation(void)
{
    const size_t count = (size_t)number();
    const hip_imu_sample *samples = read_samples(count);
    printf("%u", hip_imu_saturation_flags(samples, count));
}

static void samples_per_frame(void)
{
    printf("%u", hip_imu_samples_per_frame((uint16_t)number()));
}

static void samples_per_record(void)
{
    printf("%u", hip_imu_samples_per_record((uint16_t)number()));
}

#endif
