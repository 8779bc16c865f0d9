// NEON, which every 64-bit Arm processor has: Cortex-A53 and A72 (Raspberry Pi 3 and 4), Graviton 1.
//
// Its product of bytes gives 16 bits. Those of two steps are added in 16, which they cannot leave, since no weight is
// -128: 2 * 128 * 127 < 2^15. Neighbours are then added in 32.
#if defined(__aarch64__)
#include <arm_neon.h>

#include "neon_lanes.h"

#define ISA neon
#define ISA_NAME "neon"
#define NAME(x) neon_##x
#define MULTIPLY_INT8 NAME(multiply_signed)

static void MULTIPLY_INT8(const dragoman_int8_rows *rows, const dragoman_int8_matrix *matrix,
                          const dragoman_epilogue *e);

/// For each of 16 columns two sums: a register has those of two columns.
enum { HALVES = 2 * QUADS };

/// Adds to the sums of four columns the products of two steps, whose four levels are the same for all columns.
INLINE void add_two(int32x4_t sums[2], int8x16_t first, int8x16_t second, int8x16_t x, int8x16_t y) {
    int16x8_t low = vmull_s8(vget_low_s8(first), vget_low_s8(x)), high = vmull_high_s8(first, x);
    low = vmlal_s8(low, vget_low_s8(second), vget_low_s8(y));
    high = vmlal_high_s8(high, second, y);
    sums[0] = vpadalq_s16(sums[0], low);
    sums[1] = vpadalq_s16(sums[1], high);
    // In this order: products of more columns at a time would want more registers.
    __asm__ volatile("" : "+w"(sums[0]), "+w"(sums[1]));
}

/// One or two rows: more would want more registers.
INLINE void add_rows(const size_t rows, const uint8_t *a, size_t stride, const int8_t *weights, size_t panel,
                     size_t group, size_t depth4, ahead next, floats sums[TILE_ROWS][TILE_PANELS]) {
    enum { line = DRAGOMAN_LANES * 4 };
    int32x4_t acc[2][HALVES];
    int8x16_t x[2], y[2];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (size_t h = 0; h < HALVES; h++) acc[r][h] = vdupq_n_s32(0);
    for (size_t start = 0; start < depth4; start += DRAGOMAN_STEPS, next.at += next.jump) {
        const int8_t *at = weights + step_offset(start, panel, group, depth4);
        const uint8_t *levels = a + 4 * start, *const end = levels + steps_from(start, depth4) / 2 * 8;
        for (; levels < end; levels += 8, at += 2 * line, next.at += 2 * next.step) {
            __builtin_prefetch(next.at);
            __builtin_prefetch(next.at + next.step);
#pragma clang loop unroll(full)
            for (size_t r = 0; r < rows; r++) {
                const int32x2_t fours = vreinterpret_s32_u8(vld1_u8(levels + r * stride));
                x[r] = vreinterpretq_s8_s32(vdupq_lane_s32(fours, 0));
                y[r] = vreinterpretq_s8_s32(vdupq_lane_s32(fours, 1));
                // Whole registers: the compiler knows that their halves are alike, and would move weights instead.
                __asm__("" : "+w"(x[r]), "+w"(y[r]));
            }
#pragma clang loop unroll(full)
            for (size_t q = 0; q < QUADS; q++) {
                const int8x16_t first = vld1q_s8(at + 16 * q), second = vld1q_s8(at + line + 16 * q);
#pragma clang loop unroll(full)
                for (size_t r = 0; r < rows; r++) add_two(&acc[r][2 * q], first, second, x[r], y[r]);
            }
        }
    }
    if (depth4 % 2 != 0) {
        const int8_t *at = weights + step_offset(depth4 - 1, panel, group, depth4);
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) {
            x[r] = vreinterpretq_s8_s32(vdupq_n_s32(four_levels(a + r * stride + 4 * (depth4 - 1))));
#pragma clang loop unroll(full)
            for (size_t q = 0; q < QUADS; q++)
                add_two(&acc[r][2 * q], vld1q_s8(at + 16 * q), vdupq_n_s8(0), x[r], x[r]);
        }
    }
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
        int32x4_t columns[QUADS];
#pragma clang loop unroll(full)
        for (size_t q = 0; q < QUADS; q++) columns[q] = vpaddq_s32(acc[r][2 * q], acc[r][2 * q + 1]);
        memcpy(&sums[r][0], columns, sizeof columns);
    }
}

INLINE void int8_tile(const size_t rows, const size_t panels, const uint8_t *a, size_t stride, const int8_t *weights,
                      size_t panel, size_t group, size_t depth4, const int32_t *offsets, ahead next,
                      floats sums[TILE_ROWS][TILE_PANELS]) {
    (void)panels;   // always 1
    (void)offsets;  // for levels as they are
    if (rows == 1) add_rows(1, a, stride, weights, panel, group, depth4, next, sums);
    else add_rows(2, a, stride, weights, panel, group, depth4, next, sums);
    if (rows == 3) add_rows(1, a + 2 * stride, stride, weights, panel, group, depth4, next, sums + 2);
    if (rows == 4) add_rows(2, a + 2 * stride, stride, weights, panel, group, depth4, next, sums + 2);
}

/// Four products of nibbles and levels are added in 16 bits: no more than 4 * 15 * 128.
INLINE int32x4_t add_nibbles(int32x4_t sums, int8x16_t below, int8x16_t above, int8x16_t x, int8x16_t y) {
    int16x8_t low = vmull_s8(vget_low_s8(below), vget_low_s8(x)), high = vmull_high_s8(below, x);
    low = vmlal_s8(low, vget_low_s8(above), vget_low_s8(y));
    high = vmlal_high_s8(high, above, y);
    return vpadalq_s16(sums, vpaddq_s16(low, high));
}

#include "neon_screen.h"

INLINE uint64_t exercise_int8(uint64_t rounds) {
    enum { chains = 8 };
    int32x4_t acc[chains][2];
    int8x16_t x = vdupq_n_s8(1);
    const int8x16_t weights = x;
#pragma clang loop unroll(full)
    for (int i = 0; i < chains; i++) acc[i][0] = acc[i][1] = vdupq_n_s32(0);
    for (uint64_t round = 0; round < rounds; round++)
#pragma clang loop unroll(full)
        for (int i = 0; i < chains; i++) {
            // Not known to be the same as before, so that its products are not computed once for all.
            __asm__ volatile("" : "+w"(x));
            add_two(acc[i], weights, weights, x, x);
        }
    return rounds * chains * 32;
}

#include "kernels.inc"
#include "neon_rows.h"
#endif
