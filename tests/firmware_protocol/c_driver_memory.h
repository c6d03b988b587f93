/* What c_driver.c reads its numbers with, and the memory that it gives the encoder. */
#ifndef C_DRIVER_MEMORY_H
#define C_DRIVER_MEMORY_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GUARD_BYTES 32
#define UNTOUCHED 0xA5
#define BLOCKS_MAXIMUM 8

static char *cursor;

static uint64_t number(void)
{
    return strtoull(cursor, &cursor, 10);
}

static int16_t signed_number(void)
{
    return (int16_t)(int64_t)number();
}

/* ---- Blocks of exactly their size, so that a sanitiser sees a read beyond; given back after each line ---- */

static void *blocks[BLOCKS_MAXIMUM];
static size_t block_count;

static void *block(size_t bytes)
{
    void *memory = malloc(bytes);
    if (block_count == BLOCKS_MAXIMUM || (memory == NULL && bytes > 0)) {
        abort();
    }
    blocks[block_count++] = memory;
    return memory;
}

static void free_blocks(void)
{
    while (block_count > 0) {
        free(blocks[--block_count]);
    }
}

static uint8_t *read_u8s(size_t count)
{
    uint8_t *values = block(count);
    size_t i;
    for (i = 0; i < count; i++) {
        values[i] = (uint8_t)number();
    }
    return values;
}

static uint16_t *read_u16s(size_t count)
{
    uint16_t *values = block(2 * count);
    size_t i;
    for (i = 0; i < count; i++) {
        values[i] = (uint16_t)number();
    }
    return values;
}

/* ---- The room that an encoder writes to, between two guards ---- */

static uint8_t *guarded;
static size_t room;

static uint8_t *make_room(void)
{
    room = (size_t)number();
    guarded = block(room + 2 * GUARD_BYTES);
    memset(guarded, UNTOUCHED, room + 2 * GUARD_BYTES);
    return guarded + GUARD_BYTES;
}

static int is_untouched(size_t begin, size_t end)
{
    for (; begin < end; begin++) {
        if (guarded[begin] != UNTOUCHED) {
            return 0;
        }
    }
    return 1;
}

static void tell(size_t written)
{
    size_t i;
    if (written > room || !is_untouched(0, GUARD_BYTES)
        || !is_untouched(GUARD_BYTES + written, room + 2 * GUARD_BYTES)) {
        printf("overrun");
    } else if (written == 0) {
        printf("-");
    }
    for (i = 0; written <= room && i < written; i++) {
        printf("%02x", guarded[GUARD_BYTES + i]);
    }
}

#endif
