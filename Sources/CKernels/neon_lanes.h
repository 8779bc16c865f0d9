// What every set of Arm's 64-bit processors does in its own way: a vector of 16 floats is four registers. Included
// inside the attributes' push, after <arm_neon.h>.
#include "lanes.h"

#define TILE_ROWS 4
#define TILE_PANELS 1
#define MIXED_VECTORS 4
#define KEYS_AT_ONCE 2
#define SCREEN_ROWS 4
#define SCREEN_TILE 4
#define HAS_FLOAT32_TILE
#define HAS_SCREEN_TILE

/// The registers of a vector.
enum { QUADS = 4 };

INLINE uint32_t LANES_LARGER(floats a, floats b) {
    const uint8x16_t each = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const ints larger_lanes = a > b;
    uint8x16_t bits = vandq_u8((uint8x16_t)__builtin_convertvector(larger_lanes, bytes), each);
    // Each addition of neighbours halves what is left: after three of them, a byte has the bits of eight lanes.
    for (int i = 0; i < 3; i++) bits = vpaddq_u8(bits, bits);
    return vgetq_lane_u16(vreinterpretq_u16_u8(bits), 0);
}

/// Adds what one index of the depth gives; `lane` of each row's four elements is multiplied.
#define FLOAT32_STEP(lane)                                                                                             \
    do {                                                                                                               \
        float32x4_t w[QUADS];                                                                                          \
        _Pragma("clang loop unroll(full)") for (size_t q = 0; q < QUADS; q++)                                          \
            w[q] = vld1q_f32(weights + (k + lane) * group * DRAGOMAN_LANES + 4 * q);                                   \
        _Pragma("clang loop unroll(full)") for (size_t r = 0; r < rows; r++)                                           \
            _Pragma("clang loop unroll(full)") for (size_t q = 0; q < QUADS; q++)                                      \
                acc[r][q] = vfmaq_laneq_f32(acc[r][q], w[q], x[r], lane);                                              \
    } while (0)

/// Four elements of a row are loaded at a time, and multiplied from where they are: to spread each of them over a
/// register of its own would take the units that multiply.
INLINE void float32_tile(const size_t rows, const size_t panels, const float *a, size_t stride, const float *weights,
                         size_t group, size_t depth, floats sums[TILE_ROWS][TILE_PANELS]) {
    (void)panels;  // always 1
    float32x4_t acc[TILE_ROWS][QUADS], x[TILE_ROWS];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (size_t q = 0; q < QUADS; q++) acc[r][q] = vdupq_n_f32(0.0f);
    size_t k = 0;
    for (; k + 4 <= depth; k += 4) {
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) x[r] = vld1q_f32(a + r * stride + k);
        FLOAT32_STEP(0);
        FLOAT32_STEP(1);
        FLOAT32_STEP(2);
        FLOAT32_STEP(3);
    }
    for (; k < depth; k++) {
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) x[r] = vdupq_n_f32(a[r * stride + k]);
        FLOAT32_STEP(0);
    }
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) memcpy(&sums[r][0], acc[r], sizeof acc[r]);
}
#undef FLOAT32_STEP
