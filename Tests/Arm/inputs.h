// Random inputs, memory that ends where it ends, and digests: what the cases of digests.c are made of.
#pragma once
#define _DEFAULT_SOURCE
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#pragma STDC FP_CONTRACT OFF

// --- Randomness, the same everywhere: clang evaluates arguments from left to right, for all processors.

static uint64_t state;

static uint64_t next_bits(void) {  // SplitMix64
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static size_t integer(size_t least, size_t most) { return least + next_bits() % (most - least + 1); }
static bool flag(void) { return next_bits() >> 63; }

/// From -1 to 1, computed without rounding.
static float unit(void) { return (float)(int32_t)(next_bits() >> 39) * 0x1p-24f - 1.0f; }

/// About normally distributed.
static float normal(void) { return unit() + unit() + unit(); }

static float from_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static const uint32_t special_bits[] = {
    0x00000000, 0x80000000, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc01234,  // zeros, infinities, NaNs
    0x00000001, 0x807fffff, 0x00800000, 0x7f7fffff, 0xff7fffff, 0x3f800000,  // denormals, the least normal, the largest
    0x42b0c0a5, 0xc2aeac50, 0x4b400000, 0x7f800001,  // where exp ends, 1.5 * 2^23, a signalling NaN
};

static float special(void) { return from_bits(special_bits[next_bits() % 16]); }

// --- Memory.

/// `bytes` that end where a page begins that cannot be touched.
static void *guarded(size_t bytes) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), size = (bytes + page - 1) / page * page;
    char *at = mmap(NULL, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED || mprotect(at + size, page, PROT_NONE) != 0) {
        perror("digests: mmap");
        exit(1);
    }
    return at + size - bytes;
}

static void release(void *start, size_t bytes) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), size = (bytes + page - 1) / page * page;
    munmap((char *)start + bytes - size, size + page);
}

/// All memory of a case, released at its end.
static struct {
    void *start;
    size_t bytes;
} taken[64];
static size_t taken_count;

static void *take(size_t bytes) {
    void *const start = guarded(bytes);
    taken[taken_count].start = start;
    taken[taken_count++].bytes = bytes;
    return start;
}

static void release_all(void) {
    while (taken_count > 0) {
        taken_count--;
        release(taken[taken_count].start, taken[taken_count].bytes);
    }
}

static float *floats_of(size_t count, float scale) {
    float *const values = take(count * sizeof *values);
    for (size_t i = 0; i < count; i++) values[i] = normal() * scale;
    return values;
}

/// The same with one in so many that is no ordinary number.
static float *odd_floats(size_t count, float scale, size_t one_in) {
    float *const values = floats_of(count, scale);
    if (one_in > 0)
        for (size_t i = 0; i < count; i++)
            if (integer(1, one_in) == 1) values[i] = special();
    return values;
}

/// Memory to be written, which nothing has written yet.
static float *unwritten(size_t count) {
    float *const values = take(count * sizeof *values);
    memset(values, 0x55, count * sizeof *values);
    return values;
}

// --- Digests: FNV-1a.

static uint64_t digest = 0xcbf29ce484222325;

static void add_bytes(const void *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) digest = (digest ^ ((const uint8_t *)bytes)[i]) * 0x100000001b3;
}

static void add_floats(const float *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const float value = values[i] == values[i] ? values[i] : from_bits(0x7fc00000);
        add_bytes(&value, sizeof value);
    }
}

static const char *set_name;

/// Ends a case.
#define SAY(...)                                                                                                       \
    do {                                                                                                               \
        printf("%s ", set_name);                                                                                       \
        printf(__VA_ARGS__);                                                                                           \
        printf(" %016llx\n", (unsigned long long)digest);                                                              \
        digest = 0xcbf29ce484222325;                                                                                   \
        release_all();                                                                                                 \
    } while (0)
