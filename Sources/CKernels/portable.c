// Plain C for any processor; slow where there is no fused multiply-add, and still the same bits.
#include "lanes.h"

#define ISA portable
#define ISA_NAME "portable"
#define NAME(x) portable_##x
#define TILE_ROWS 4
#define TILE_PANELS 1
#define MIXED_VECTORS 8
#define SCREEN_ROWS 0  // memory is not what it waits for

INLINE uint32_t LANES_LARGER(floats a, floats b) {
    const ints larger_lanes = a > b;
    uint32_t bits = 0;
    for (int i = 0; i < DRAGOMAN_LANES; i++) bits |= ((uint32_t)larger_lanes[i] & 1) << i;
    return bits;
}

INLINE void int8_tile(const size_t rows, const size_t panels, const uint8_t *a, size_t stride, const int8_t *weights,
                      size_t panel, size_t group, size_t depth4, const int32_t *offsets, ahead next,
                      floats sums[TILE_ROWS][TILE_PANELS]) {
    (void)next;
    for (size_t r = 0; r < rows; r++)
        for (size_t p = 0; p < panels; p++) {
            const uint8_t *x = a + r * stride;
            int32_t lanes[DRAGOMAN_LANES];
            memcpy(lanes, offsets + p * DRAGOMAN_LANES, sizeof lanes);
            for (size_t k = 0; k < depth4; k++) {
                const int8_t *w = weights + step_offset(k, panel + p, group, depth4);
                for (int i = 0; i < DRAGOMAN_LANES; i++)
                    for (int j = 0; j < 4; j++) lanes[i] += x[4 * k + j] * w[4 * i + j];
            }
            memcpy(&sums[r][p], lanes, sizeof lanes);
        }
}

INLINE uint64_t exercise_int8(uint64_t rounds) {
    (void)rounds;
    return 0;  // no instruction of its own
}

#include "kernels.inc"
