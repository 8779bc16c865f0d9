// Plain C for any processor; slow where there is no fused multiply-add, and still the same bits.
#include "lanes.h"

#define ISA portable
#define ISA_NAME "portable"
#define NAME(x) portable_##x
#define FLOAT_TILE_ROWS 4
#define FLOAT_TILE_PANELS 1
#define INT8_TILE_ROWS 4
#define INT8_TILE_PANELS 1

INLINE uint32_t LANES_LARGER(floats a, floats b) {
    const ints larger_lanes = a > b;
    uint32_t bits = 0;
    for (int i = 0; i < DRAGOMAN_LANES; i++) bits |= ((uint32_t)larger_lanes[i] & 1) << i;
    return bits;
}

INLINE void int8_tile(const size_t rows, const size_t panels, const uint8_t *a, size_t stride, const int8_t *weights,
                      size_t group, size_t depth4, const int32_t *offsets,
                      ints sums[INT8_TILE_ROWS][INT8_TILE_PANELS]) {
    for (size_t r = 0; r < rows; r++)
        for (size_t p = 0; p < panels; p++) memcpy(&sums[r][p], offsets + p * DRAGOMAN_LANES, sizeof(ints));
    for (size_t k = 0; k < depth4; k++)
        for (size_t p = 0; p < panels; p++) {
            const int8_t *w = weights + (k * group + p) * DRAGOMAN_LANES * 4;
            for (size_t r = 0; r < rows; r++) {
                const uint8_t *x = a + r * stride + 4 * k;
                int32_t lanes[DRAGOMAN_LANES];
                for (int i = 0; i < DRAGOMAN_LANES; i++)
                    lanes[i] = x[0] * w[4 * i] + x[1] * w[4 * i + 1] + x[2] * w[4 * i + 2] + x[3] * w[4 * i + 3];
                ints product;
                memcpy(&product, lanes, sizeof product);
                sums[r][p] += product;
            }
        }
}

#include "kernels.inc"
