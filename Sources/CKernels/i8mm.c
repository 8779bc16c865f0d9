// NEON with the instruction that multiplies matrices of bytes (FEAT_I8MM, Armv8.6): Neoverse V1, V2 and N2 (Graviton 3
// and 4, Grace, Axion, Cobalt), Apple M2.
//
// `smmla` multiplies two rows of eight levels with two columns of eight: twice the multiply-adds of `sdot`. Weights are
// packed by four of the depth, so that the two halves of a column's eight have to be brought together ("zipped"), and
// rows are interleaved by two. Both are done once for many rows; for few rows, `sdot` needs no more instructions.
#if defined(__aarch64__)
#include <arm_neon.h>
#pragma clang attribute push(__attribute__((target("dotprod,i8mm"))), apply_to = function)
#include "neon_lanes.h"

#define ISA i8mm
#define ISA_NAME "i8mm"
#define NAME(x) i8mm_##x
#define MULTIPLY_INT8 NAME(multiply_by_eights)

static void MULTIPLY_INT8(const dragoman_int8_rows *rows, const dragoman_int8_matrix *matrix,
                          const dragoman_epilogue *e);

#include "dot_tile.h"

INLINE uint64_t exercise_int8(uint64_t rounds) {
    enum { chains = 16 };  // more than an instruction's latency times its throughput
    int32x4_t acc[chains];
    const int8x16_t x = vdupq_n_s8(1);
#pragma clang loop unroll(full)
    for (int i = 0; i < chains; i++) acc[i] = vdupq_n_s32(0);
    for (uint64_t round = 0; round < rounds; round++)
#pragma clang loop unroll(full)
        for (int i = 0; i < chains; i++) {
            acc[i] = vmmlaq_s32(acc[i], x, x);
            __asm__ volatile("" : "+w"(acc[i]));
        }
    return rounds * chains * 32;
}

#include "kernels.inc"
#include "neon_rows.h"

enum {
    /// Of fewer rows, zipping costs what is won.
    LEAST_ROWS = 6,
    /// Pairs of rows whose sums fit in the registers.
    TILE_PAIRS = 3,
    /// Of so much of the depth, in eights, a panel's zipped weights stay in the nearest cache, beside rows.
    PART = 128,
    /// The bytes of a panel's weights, or of a pair's levels, of one step or eight of the depth.
    STEP_BYTES = DRAGOMAN_LANES * 4,
    EIGHT_BYTES = 2 * STEP_BYTES,
    PAIR_BYTES = 16,
};

_Static_assert(2 * PART % DRAGOMAN_STEPS == 0, "weights that lie together are read together");

/// Levels as signed numbers: 128 from each.
INLINE int8x16_t signed_levels(uint8x16_t levels) { return vreinterpretq_s8_u8(veorq_u8(levels, vdupq_n_u8(128))); }

/// Makes levels signed, and interleaves them by two rows: [pair][eight][2][8]. The last row of an odd number goes with
/// itself. What fills up the last eight is multiplied with zeros.
static void prepare_pairs(const uint8_t *rows, size_t count, size_t stride, size_t depth4, int8_t *levels) {
    for (size_t row = 0; row < count; row += 2) {
        const uint8_t *first = rows + row * stride, *second = row + 1 < count ? first + stride : first;
        for (size_t k = 0; k + 2 <= depth4; k += 2, levels += PAIR_BYTES)
            vst1q_s8(levels, signed_levels(vcombine_u8(vld1_u8(first + 4 * k), vld1_u8(second + 4 * k))));
        if (depth4 % 2 == 0) continue;
        const size_t last = 4 * (depth4 - 1);
        const int32x4_t fours = {four_levels(first + last), 0, four_levels(second + last), 0};
        vst1q_s8(levels, signed_levels(vreinterpretq_u8_s32(fours)));
        levels += PAIR_BYTES;
    }
}

/// Of two steps of a panel, four columns by four of the depth in a register each, makes two columns by eight.
INLINE void zip_steps(const int8x16_t first[QUADS], const int8x16_t second[QUADS], int8_t *zipped) {
#pragma clang loop unroll(full)
    for (size_t q = 0; q < QUADS; q++) {
        const int32x4_t a = vreinterpretq_s32_s8(first[q]), b = vreinterpretq_s32_s8(second[q]);
        int32x4_t low = vzip1q_s32(a, b), high = vzip2q_s32(a, b);
        // Or it would be a store that interleaves, which does half at a time.
        __asm__("" : "+w"(low), "+w"(high));
        vst1q_s8(zipped + 32 * q, vreinterpretq_s8_s32(low));
        vst1q_s8(zipped + 32 * q + 16, vreinterpretq_s8_s32(high));
    }
}

/// Zips a panel's weights of some eights; `weights` are those of its group. Asks for as many of the next panel, which
/// are `next` bytes further.
static void zip_weights(const int8_t *weights, size_t panel, size_t group, size_t depth4, size_t first, size_t eights,
                        size_t next, int8_t *zipped) {
    const size_t end = 2 * (first + eights) < depth4 ? 2 * (first + eights) : depth4;
    int8x16_t one[QUADS], other[QUADS];
    for (size_t start = 2 * first; start < end; start += DRAGOMAN_STEPS) {
        const int8_t *at = weights + step_offset(start, panel, group, depth4);
        const size_t steps = steps_from(start, depth4);
        for (size_t k = 0; k + 2 <= steps; k += 2, at += EIGHT_BYTES, zipped += EIGHT_BYTES) {
            __builtin_prefetch(at + next);
            __builtin_prefetch(at + next + STEP_BYTES);
#pragma clang loop unroll(full)
            for (size_t q = 0; q < QUADS; q++) {
                one[q] = vld1q_s8(at + 16 * q);
                other[q] = vld1q_s8(at + STEP_BYTES + 16 * q);
            }
            zip_steps(one, other, zipped);
        }
    }
    if (end % 2 == 0) return;
    const int8_t *at = weights + step_offset(end - 1, panel, group, depth4);
    for (size_t q = 0; q < QUADS; q++) {
        one[q] = vld1q_s8(at + 16 * q);
        other[q] = vdupq_n_s8(0);
    }
    zip_steps(one, other, zipped);
}

/// Exchanges the halves of two registers: of sums of two rows and two columns each, and of four columns of one row.
INLINE void exchange_halves(int32x4_t two[2]) {
    const int64x2_t a = vreinterpretq_s64_s32(two[0]), b = vreinterpretq_s64_s32(two[1]);
    two[0] = vreinterpretq_s32_s64(vzip1q_s64(a, b));
    two[1] = vreinterpretq_s32_s64(vzip2q_s64(a, b));
}

/// Adds to the sums of some pairs of rows, [2 * pairs][16], the products of some eights of the depth. Pairs lie `pitch`
/// bytes apart. Without sums before, it begins them.
INLINE void add_pairs(const size_t pairs, const int8_t *levels, size_t pitch, const int8_t *zipped, size_t eights,
                      bool isFirst, int32_t *sums) {
    int32x4_t acc[TILE_PAIRS][2 * QUADS];
#pragma clang loop unroll(full)
    for (size_t p = 0; p < pairs; p++)
#pragma clang loop unroll(full)
        for (size_t q = 0; q < QUADS; q++) {
            const int32_t *at = sums + 2 * p * DRAGOMAN_LANES + 4 * q;
            acc[p][2 * q] = isFirst ? vdupq_n_s32(0) : vld1q_s32(at);
            acc[p][2 * q + 1] = isFirst ? vdupq_n_s32(0) : vld1q_s32(at + DRAGOMAN_LANES);
            exchange_halves(&acc[p][2 * q]);
        }
    for (size_t k = 0; k < eights; k++, levels += PAIR_BYTES, zipped += EIGHT_BYTES) {
        int8x16_t x[TILE_PAIRS];
#pragma clang loop unroll(full)
        for (size_t p = 0; p < pairs; p++) x[p] = vld1q_s8(levels + p * pitch);
#pragma clang loop unroll(full)
        for (size_t c = 0; c < 2 * QUADS; c++) {
            const int8x16_t w = vld1q_s8(zipped + 16 * c);
#pragma clang loop unroll(full)
            for (size_t p = 0; p < pairs; p++) acc[p][c] = vmmlaq_s32(acc[p][c], x[p], w);
        }
    }
#pragma clang loop unroll(full)
    for (size_t p = 0; p < pairs; p++)
#pragma clang loop unroll(full)
        for (size_t q = 0; q < QUADS; q++) {
            int32_t *to = sums + 2 * p * DRAGOMAN_LANES + 4 * q;
            exchange_halves(&acc[p][2 * q]);
            vst1q_s32(to, acc[p][2 * q]);
            vst1q_s32(to + DRAGOMAN_LANES, acc[p][2 * q + 1]);
        }
}

/// Adds to the sums of all pairs.
static void add_all_pairs(size_t pairs, const int8_t *levels, size_t pitch, const int8_t *zipped, size_t eights,
                          bool isFirst, int32_t *sums) {
    for (size_t taken; pairs > 0; pairs -= taken) {
        // Tiles of nearly equal height.
        const size_t tiles = (pairs + TILE_PAIRS - 1) / TILE_PAIRS;
        taken = (pairs + tiles - 1) / tiles;
        switch (taken) {
        case 1: add_pairs(1, levels, pitch, zipped, eights, isFirst, sums); break;
        case 2: add_pairs(2, levels, pitch, zipped, eights, isFirst, sums); break;
        default: add_pairs(3, levels, pitch, zipped, eights, isFirst, sums);
        }
        levels += taken * pitch;
        sums += taken * 2 * DRAGOMAN_LANES;
    }
}

static void MULTIPLY_INT8(const dragoman_int8_rows *rows, const dragoman_int8_matrix *matrix,
                          const dragoman_epilogue *e) {
    const size_t depth4 = (matrix->depth + 3) / 4, eights = (depth4 + 1) / 2;
    const size_t panel_count = (matrix->columns + DRAGOMAN_LANES - 1) / DRAGOMAN_LANES;
    const size_t fitting = PREPARED / (eights * PAIR_BYTES) * 2;
    if (rows->rows < LEAST_ROWS || fitting < LEAST_ROWS) {
        NAME(multiply_signed)(rows, matrix, e);
        return;
    }
    _Alignas(64) int8_t levels[PREPARED], zipped[PART * EIGHT_BYTES];
    _Alignas(64) int32_t sums[PREPARED_ROWS * DRAGOMAN_LANES];
    // Chunks of nearly equal height, of whole pairs.
    const size_t most = fitting < PREPARED_ROWS ? fitting : PREPARED_ROWS;
    const size_t chunks = (rows->rows + most - 1) / most, chunk = ((rows->rows + chunks - 1) / chunks + 1) / 2 * 2;
    product_tile tile = product_of(rows, matrix, (const floats *)(const void *)sums, 1);
    tile.panels = 1;
    for (tile.row = 0; tile.row < rows->rows; tile.row += tile.rows) {
        tile.rows = rows->rows - tile.row < chunk ? rows->rows - tile.row : chunk;
        prepare_pairs(rows->levels + tile.row * rows->stride, tile.rows, rows->stride, depth4, levels);
        for (size_t first = 0; first < panel_count; first += DRAGOMAN_GROUP) {
            const size_t group = group_panels(panel_count, first);
            const int8_t *weights = matrix->panels + first * STEP_BYTES * depth4;
            for (size_t panel = 0; panel < group; panel++) {
                // The next panel lies beside this one, or begins the next group.
                const size_t steps = panel + 1 < group ? DRAGOMAN_STEPS : group * depth4 - panel * DRAGOMAN_STEPS;
                for (size_t k = 0; k < eights; k += PART) {
                    const size_t some = eights - k < PART ? eights - k : PART;
                    zip_weights(weights, panel, group, depth4, k, some, steps * STEP_BYTES, zipped);
                    add_all_pairs((tile.rows + 1) / 2, levels + k * PAIR_BYTES, eights * PAIR_BYTES, zipped, some,
                                  k == 0, sums);
                }
                tile.column = (first + panel) * DRAGOMAN_LANES;
                NAME(finish)(&tile, e);
            }
        }
    }
}
#pragma clang attribute pop
#endif
