/* HIP IMU service: numbers as little-endian bytes, for hip_imu.c and hip_imu_control.c alone.
 *
 * Bytes are written one by one, so that byte order and alignment of the processor do not matter.
 */
#ifndef HIP_IMU_BYTES_H
#define HIP_IMU_BYTES_H

#include <stddef.h>
#include <stdint.h>

static inline void put(uint8_t *out, uint64_t value, size_t value_bytes)
{
    size_t i;
    for (i = 0; i < value_bytes; i++) {
        out[i] = (uint8_t)(value & 0xFFu);
        value >>= 8;
    }
}

static inline void put_u16(uint8_t *out, uint16_t value)
{
    put(out, value, 2);
}

static inline void put_u32(uint8_t *out, uint32_t value)
{
    put(out, value, 4);
}

static inline void put_u64(uint8_t *out, uint64_t value)
{
    put(out, value, 8);
}

/* Conversion to unsigned is modulo 2^16 in C, which is two's complement. */
static inline void put_i16(uint8_t *out, int16_t value)
{
    put(out, (uint16_t)value, 2);
}

static inline uint64_t get(const uint8_t *data, size_t value_bytes)
{
    uint64_t value = 0;
    while (value_bytes > 0) {
        value_bytes--;
        value = value << 8 | data[value_bytes];
    }
    return value;
}

static inline uint16_t get_u16(const uint8_t *data)
{
    return (uint16_t)get(data, 2);
}

static inline uint32_t get_u32(const uint8_t *data)
{
    return (uint32_t)get(data, 4);
}

static inline int has_u8(const uint8_t *values, size_t count, uint8_t wanted)
{
    size_t i;
    for (i = 0; i < count; i++) {
        if (values[i] == wanted) {
            return 1;
        }
    }
    return 0;
}

static inline int has_u16(const uint16_t *values, size_t count, uint16_t wanted)
{
    size_t i;
    for (i = 0; i < count; i++) {
        if (values[i] == wanted) {
            return 1;
        }
    }
    return 0;
}

#endif
