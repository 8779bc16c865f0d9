// AVX2 with FMA: every x86-64 processor since 2013 (Haswell) and 2015 (AMD Excavator).
//
// Its product of bytes, `vpmaddubsw`, multiplies unsigned with signed ones and adds two products in 16 bits, saturated.
// So weights are made unsigned, and of two neighbours the second one changes its sign:
//   w0 * x0 + w1 * x1 = (w0 + 128) * x0 + (127 - w1) * -x1 - (128 * x0 + 127 * -x1)
// Nothing saturates where x0 and x1 are at most 128 apart, since 255 * 128 < 2^15. That is so for all pairs of what ReLU
// gives, and for most of what norms give, whose neighbours resemble each other a little. Of other pairs x1 is taken out
// of the row beforehand and multiplied afterwards, so that the sums are exact whatever the levels are.
#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "avx2_lanes.h"

#define ISA avx2
#define ISA_NAME "avx2"
#define NAME(x) avx2_##x
#define TILE_ROWS 4
#define TILE_PANELS 1
#define MIXED_VECTORS 8
#define SCREEN_ROWS 4
#define SCREEN_TILE 4
#define HAS_NO_INT8_TILE
#define MULTIPLY_INT8 NAME(multiply_by_pairs)

static void MULTIPLY_INT8(const dragoman_int8_rows *rows, const dragoman_int8_matrix *matrix,
                          const dragoman_epilogue *e);

/// The sums of four products for each 32-bit lane, added to `sums`; weights are unsigned and levels as said above.
INLINE __m256i add_products(__m256i sums, __m256i weights, __m256i levels) {
    return _mm256_add_epi32(sums, _mm256_madd_epi16(_mm256_maddubs_epi16(weights, levels), _mm256_set1_epi16(1)));
}

INLINE uint64_t exercise_int8(uint64_t rounds) {
    enum { chains = 8 };
    __m256i acc[chains], x = _mm256_set1_epi8(1);
    const __m256i weights = x;
#pragma clang loop unroll(full)
    for (int i = 0; i < chains; i++) acc[i] = x;
    for (uint64_t round = 0; round < rounds; round++)
#pragma clang loop unroll(full)
        for (int i = 0; i < chains; i++) {
            // Not known to be the same as before, so that its products are not computed once for all.
            __asm__ volatile("" : "+x"(x));
            acc[i] = add_products(acc[i], weights, x);
            __asm__ volatile("" : "+x"(acc[i]));
        }
    return rounds * chains * 32;
}

#include "avx2_screen.h"
#include "kernels.inc"

enum {
    VECTOR = 32,
    /// Levels that are prepared at a time: they and a group of panels stay in the nearest caches.
    PREPARED = 32768,
    /// Of a deeper product, parts of the depth are prepared by turns: whole numbers of DRAGOMAN_STEPS.
    DEPTH_PART = PREPARED / TILE_ROWS,
    /// So that short rows need no more counters.
    PREPARED_ROWS = 128,
};

_Static_assert(DEPTH_PART % (4 * DRAGOMAN_STEPS) == 0, "weights that lie together are read together");

/// The second and the fourth level of a row at one step of the depth: where they are left over, or 0.
typedef struct {
    uint32_t step;
    int32_t two;  // 16 bits each
} leftover;

/// Some rows, or of deep ones a part, as the product takes them.
typedef struct {
    _Alignas(VECTOR) int8_t levels[PREPARED];  // [rows][stride]: signed, every second one negated
    size_t stride;                             // the depth, rounded up to whole vectors
    int32_t offsets[PREPARED_ROWS];            // what the weights' offsets add to a row's products, negated
    leftover leftovers[PREPARED / 4];          // row by row
    uint32_t ends[PREPARED_ROWS + 1];          // where the leftovers of the row before end
} prepared_rows;

/// Prepares one row, after those before it; `levels` are `depth4` times four of them, as they are quantised.
static void prepare_row(const uint8_t *levels, size_t depth4, prepared_rows *to, size_t row) {
    const __m256i flip = _mm256_set1_epi8((char)0x80), ones = _mm256_set1_epi16(1), zero = _mm256_setzero_si256();
    int8_t *const signed_levels = to->levels + row * to->stride;
    leftover *next = to->leftovers + to->ends[row];
    __m256i sum = zero;
    for (size_t k = 0; k < 4 * depth4; k += VECTOR) {
        const size_t n = 4 * depth4 - k;
        __m256i x = flip;
        if (n >= VECTOR) x = _mm256_loadu_si256((const __m256i *)(const void *)(levels + k));
        else memcpy(&x, levels + k, n);
        x = _mm256_xor_si256(x, flip);
        const __m256i negated = _mm256_sign_epi8(x, _mm256_set1_epi16((short)0xff01));
        const __m256i pairs = _mm256_maddubs_epi16(_mm256_set1_epi8(1), negated);
        const __m256i second = _mm256_srai_epi16(x, 8);
        const __m256i is_large = _mm256_or_si256(
            _mm256_cmpgt_epi16(_mm256_abs_epi16(pairs), _mm256_set1_epi16(128)),
            _mm256_cmpeq_epi16(second, _mm256_set1_epi16(-128)));  // whose negative is no byte
        const __m256i kept = _mm256_andnot_si256(_mm256_slli_epi16(is_large, 8), negated);
        _mm256_store_si256((__m256i *)(void *)(signed_levels + k), kept);
        const __m256i offsets = _mm256_maddubs_epi16(_mm256_set1_epi16(127 << 8 | 128), kept);
        sum = _mm256_add_epi32(sum, _mm256_madd_epi16(offsets, ones));
        const __m256i left = _mm256_and_si256(second, is_large);
        const __m256i is_empty = _mm256_cmpeq_epi32(left, zero);
        int32_t twos[VECTOR / 4];
        memcpy(twos, &left, sizeof left);
        for (unsigned steps = ~(unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(is_empty)) & 0xff; steps != 0;
             steps &= steps - 1) {
            const unsigned step = (unsigned)__builtin_ctz(steps);
            *next++ = (leftover){.step = (uint32_t)(k / 4 + step), .two = twos[step]};
        }
    }
    to->ends[row + 1] = (uint32_t)(next - to->leftovers);
    typedef int32_t eight __attribute__((vector_size(VECTOR)));
    to->offsets[row] = -__builtin_reduce_add((eight)sum);
}

/// Half the weights of one step and panel.
INLINE __m256i load_weights(const int8_t *panel, size_t half) {
    return _mm256_load_si256((const __m256i *)(const void *)panel + half);
}

/// Adds what one step of the depth gives; panels lie `pitch` bytes apart.
INLINE void add_step(const size_t rows, const size_t panels, const int8_t *levels, size_t stride,
                     const int8_t *weights, size_t pitch, __m256i flip, __m256i acc[TILE_ROWS][2 * DRAGOMAN_GROUP]) {
    __m256i w[2 * DRAGOMAN_GROUP];
#pragma clang loop unroll(full)
    for (size_t h = 0; h < 2 * panels; h++)
        w[h] = _mm256_xor_si256(load_weights(weights + h / 2 * pitch, h % 2), flip);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
        const __m256i x = _mm256_set1_epi32(four_levels(levels + r * stride));
#pragma clang loop unroll(full)
        for (size_t h = 0; h < 2 * panels; h++) {
            acc[r][h] = add_products(acc[r][h], w[h], x);
            __asm__("" : "+x"(acc[r][h]));  // sums of two steps before they are added would want more registers
        }
    }
}

/// Adds to the sums of some rows and panels side by side what the prepared levels give.
INLINE void add_tile(const size_t rows, const size_t panels, const int8_t *levels, size_t stride,
                     const int8_t *weights, size_t panel, size_t group, size_t depth4, ahead next,
                     __m256i sums[][2 * DRAGOMAN_GROUP]) {
    enum { line = DRAGOMAN_LANES * 4 };
    __m256i flip = _mm256_set1_epi16(0x7f80);  // to w + 128 and 127 - w
    __asm__("" : "+x"(flip));                  // or it would be loaded at every step
    __m256i acc[TILE_ROWS][2 * DRAGOMAN_GROUP];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (size_t h = 0; h < 2 * panels; h++) acc[r][h] = sums[r][h];
    const size_t whole = depth4 / DRAGOMAN_STEPS * DRAGOMAN_STEPS;
    const int8_t *at = weights + step_offset(0, panel, group, depth4);
    // One loop: another one for the steps that lie together makes products 8 % slower.
    for (size_t k = 0; k < whole; k += 2) {
#pragma clang loop unroll(full)
        for (size_t step = 0; step < 2; step++, next.at += next.step) {
#pragma clang loop unroll(full)
            for (size_t p = 0; p < panels; p++) _mm_prefetch(next.at + p * next.pitch, _MM_HINT_T0);
            add_step(rows, panels, levels + 4 * (k + step), stride, at + step * line, DRAGOMAN_STEPS * line, flip, acc);
        }
        at += 2 * line;
        if ((k + 2) % DRAGOMAN_STEPS == 0) {
            at += (group - 1) * DRAGOMAN_STEPS * line;  // past the other panels
            next.at += next.jump;
        }
    }
    for (size_t k = whole; k < depth4; k++)
        add_step(rows, panels, levels + 4 * k, stride, weights + step_offset(k, panel, group, depth4),
                 (depth4 - whole) * line, flip, acc);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (size_t h = 0; h < 2 * panels; h++) sums[r][h] = acc[r][h];
}

/// Adds to a row's sums what its leftovers give.
INLINE void add_leftovers(const size_t panels, const leftover *left, const leftover *end, const int8_t *weights,
                          size_t depth4, __m256i sums[2 * DRAGOMAN_GROUP]) {
    if (left == end) return;
    __m256i acc[2 * DRAGOMAN_GROUP];
#pragma clang loop unroll(full)
    for (size_t h = 0; h < 2 * panels; h++) acc[h] = sums[h];
    for (; left < end; left++) {
        const __m256i two = _mm256_set1_epi32(left->two);
        const size_t start = left->step / DRAGOMAN_STEPS * DRAGOMAN_STEPS;
        const size_t pitch = steps_from(start, depth4) * DRAGOMAN_LANES * 4;
        const int8_t *at = weights + step_offset(left->step, 0, panels, depth4);
#pragma clang loop unroll(full)
        for (size_t h = 0; h < 2 * panels; h++) {
            const __m256i w = _mm256_srai_epi16(load_weights(at + h / 2 * pitch, h % 2), 8);
            acc[h] = _mm256_add_epi32(acc[h], _mm256_madd_epi16(w, two));
        }
    }
#pragma clang loop unroll(full)
    for (size_t h = 0; h < 2 * panels; h++) sums[h] = acc[h];
}

/// Adds to the sums of a tile of rows, over a whole group of panels. Those of the first part of the depth begin with the
/// rows' offsets.
static void add_rows(size_t rows, const prepared_rows *prepared, size_t row, const int8_t *weights, size_t group,
                     size_t depth4, size_t tile, size_t tiles, bool isFirst,
                     __m256i sums[TILE_ROWS][2 * DRAGOMAN_GROUP]) {
    for (size_t r = 0; r < rows; r++) {
        const __m256i offset = _mm256_set1_epi32(prepared->offsets[row + r]);
        for (size_t h = 0; h < 2 * group; h++) sums[r][h] = isFirst ? offset : _mm256_add_epi32(sums[r][h], offset);
    }
    const int8_t *levels = prepared->levels + row * prepared->stride;
#define ADD(R, P)                                                                                                      \
    add_tile(R, P, levels, prepared->stride, weights, panel, group, depth4,                                            \
             ahead_of(weights, group, depth4, panel, P, tile, tiles), to)
    size_t panel = 0;
    while (panel < group) {
        __m256i(*const to)[2 * DRAGOMAN_GROUP] = (__m256i(*)[2 * DRAGOMAN_GROUP])(void *)&sums[0][2 * panel];
        // As many panels as there are registers for.
        if (rows == 1 && group == DRAGOMAN_GROUP) {
            ADD(1, DRAGOMAN_GROUP);
            break;
        }
        if (rows == 2 && panel + 2 <= group) {
            ADD(2, 2);
            panel += 2;
            continue;
        }
        switch (rows) {
        case 1: ADD(1, 1); break;
        case 2: ADD(2, 1); break;
        case 3: ADD(3, 1); break;
        default: ADD(4, 1);
        }
        panel++;
    }
#undef ADD
    for (size_t r = 0; r < rows; r++) {
        const leftover *left = prepared->leftovers + prepared->ends[row + r];
        const leftover *const end = prepared->leftovers + prepared->ends[row + r + 1];
        switch (group) {
        case 1: add_leftovers(1, left, end, weights, depth4, sums[r]); break;
        case 2: add_leftovers(2, left, end, weights, depth4, sums[r]); break;
        case 3: add_leftovers(3, left, end, weights, depth4, sums[r]); break;
        default: add_leftovers(4, left, end, weights, depth4, sums[r]);
        }
    }
}

static void MULTIPLY_INT8(const dragoman_int8_rows *rows, const dragoman_int8_matrix *matrix,
                          const dragoman_epilogue *e) {
    const size_t depth4 = (matrix->depth + 3) / 4;
    const size_t panel_count = (matrix->columns + DRAGOMAN_LANES - 1) / DRAGOMAN_LANES;
    const size_t part4 = depth4 < DEPTH_PART / 4 ? depth4 : DEPTH_PART / 4;
    prepared_rows prepared;
    prepared.ends[0] = 0;
    prepared.stride = (4 * part4 + VECTOR - 1) / VECTOR * VECTOR;
    // So many rows are multiplied with all groups before the next ones are prepared. They are prepared once, unless their
    // depth has more than one part.
    const size_t fitting = PREPARED / prepared.stride < PREPARED_ROWS ? PREPARED / prepared.stride : PREPARED_ROWS;
    const size_t chunk = part4 < depth4 ? TILE_ROWS : fitting / TILE_ROWS * TILE_ROWS;
    _Alignas(64) __m256i sums[TILE_ROWS][2 * DRAGOMAN_GROUP];
    product_tile tile = product_of(rows, matrix, (const floats *)(const void *)sums[0], DRAGOMAN_GROUP);
    for (size_t start = 0; start < rows->rows; start += chunk) {
        const size_t end = rows->rows - start < chunk ? rows->rows : start + chunk, tiles = tiles_of(end - start);
        for (size_t first = 0; first < panel_count; first += DRAGOMAN_GROUP) {
            tile.panels = group_panels(panel_count, first);
            tile.column = first * DRAGOMAN_LANES;
            const int8_t *weights = matrix->panels + first * DRAGOMAN_LANES * 4 * depth4;
            size_t index = 0;
            for (tile.row = start; tile.row < end; tile.row += tile.rows, index++) {
                tile.rows = next_tile_rows(end - tile.row);
                for (size_t k = 0; k < depth4; k += part4) {
                    const size_t steps = depth4 - k < part4 ? depth4 - k : part4;
                    if (first == 0 || part4 < depth4)
                        for (size_t r = tile.row; r < tile.row + tile.rows; r++)
                            prepare_row(rows->levels + r * rows->stride + 4 * k, steps, &prepared, r - start);
                    add_rows(tile.rows, &prepared, tile.row - start,
                             weights + k * tile.panels * DRAGOMAN_LANES * 4, tile.panels, steps, index, tiles, k == 0,
                             sums);
                }
                NAME(finish)(&tile, e);
            }
        }
    }
}
#pragma clang attribute pop
#endif
