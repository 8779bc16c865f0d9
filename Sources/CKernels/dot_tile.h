// The tile of the integer product by Arm's dot product instruction, `sdot`, and what else is made of it. Included
// inside the attributes' push, after `neon_lanes.h`.
//
// The instruction takes weights as they are packed, four columns by four of the depth, and multiplies them with any
// four levels of a register that has four steps' of a row.

/// Adds what one step of the depth gives: the four levels of each row that are word `lane` of its register.
///
/// An only row has two sums for each column, by turns: of one, each addition would wait for the one before.
#define DOT_STEP(lane)                                                                                                 \
    do {                                                                                                               \
        int8x16_t w[QUADS];                                                                                            \
        _Pragma("clang loop unroll(full)") for (size_t q = 0; q < QUADS; q++)                                          \
            w[q] = vld1q_s8(at + (lane) * DRAGOMAN_LANES * 4 + 16 * q);                                                \
        _Pragma("clang loop unroll(full)") for (size_t r = 0; r < rows; r++)                                           \
            _Pragma("clang loop unroll(full)") for (size_t q = 0; q < QUADS; q++) {                                    \
            int32x4_t *sum = &acc[rows == 1 ? (lane) % 2 : r][q];                                                      \
            *sum = vdotq_laneq_s32(*sum, w[q], x[r], lane);                                                            \
        }                                                                                                              \
    } while (0)

INLINE void int8_tile(const size_t rows, const size_t panels, const uint8_t *a, size_t stride, const int8_t *weights,
                      size_t panel, size_t group, size_t depth4, const int32_t *offsets, ahead next,
                      floats sums[TILE_ROWS][TILE_PANELS]) {
    enum { line = DRAGOMAN_LANES * 4 };
    (void)panels;   // always 1
    (void)offsets;  // for levels as they are
    int32x4_t acc[TILE_ROWS][QUADS];
    int8x16_t x[TILE_ROWS];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < (rows == 1 ? 2 : rows); r++)
#pragma clang loop unroll(full)
        for (size_t q = 0; q < QUADS; q++) acc[r][q] = vdupq_n_s32(0);
    const size_t whole = depth4 / DRAGOMAN_STEPS * DRAGOMAN_STEPS;
    const int8_t *at = weights + step_offset(0, panel, group, depth4);
    size_t k = 0;
    for (; k + 4 <= depth4; k += 4) {
        if (k == whole) at = weights + step_offset(k, panel, group, depth4);  // fewer steps lie together
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) x[r] = vreinterpretq_s8_u8(vld1q_u8(a + r * stride + 4 * k));
#pragma clang loop unroll(full)
        for (size_t step = 0; step < 4; step++) __builtin_prefetch(next.at + step * next.step);
        DOT_STEP(0);
        DOT_STEP(1);
        DOT_STEP(2);
        DOT_STEP(3);
        at += 4 * line;
        next.at += 4 * next.step;
        if ((k + 4) % DRAGOMAN_STEPS == 0) {
            at += (group - 1) * DRAGOMAN_STEPS * line;  // past the other panels
            next.at += next.jump;
        }
    }
    for (; k < depth4; k++) {
        at = weights + step_offset(k, panel, group, depth4);
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++)
            x[r] = vreinterpretq_s8_s32(vdupq_n_s32(four_levels(a + r * stride + 4 * k)));
        DOT_STEP(0);
    }
    if (rows == 1)
#pragma clang loop unroll(full)
        for (size_t q = 0; q < QUADS; q++) acc[0][q] = vaddq_s32(acc[0][q], acc[1][q]);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) memcpy(&sums[r][0], acc[r], sizeof acc[r]);
}
#undef DOT_STEP

INLINE int32x4_t add_nibbles(int32x4_t sums, int8x16_t below, int8x16_t above, int8x16_t x, int8x16_t y) {
    return vdotq_s32(vdotq_s32(sums, below, x), above, y);
}

#include "neon_screen.h"
