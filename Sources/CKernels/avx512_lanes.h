// What every set with AVX-512 and its dot product shares: masked lanes, and the tile of the integer product.
#include <immintrin.h>

#define HAS_MASKED_LANES
#include "lanes.h"

#define TILE_ROWS 6
#define TILE_PANELS 4
#define MIXED_VECTORS 16
#define SCREEN_ROWS 4
#define SCREEN_TILE 16

INLINE floats load_first(const float *p, size_t n) {
    if (n >= DRAGOMAN_LANES) return load(p);
    return (floats)_mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), p);
}

INLINE void store_first(float *p, floats v, size_t n) {
    if (n >= DRAGOMAN_LANES) {
        store(p, v);
        return;
    }
    _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)v);
}

INLINE uint32_t LANES_LARGER(floats a, floats b) {
    return _mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_GT_OQ);
}

INLINE void int8_tile(const size_t rows, const size_t panels, const uint8_t *a, size_t stride, const int8_t *weights,
                      size_t panel, size_t group, size_t depth4, const int32_t *offsets, ahead next,
                      floats sums[TILE_ROWS][TILE_PANELS]) {
    __m512i acc[TILE_ROWS][TILE_PANELS];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (size_t p = 0; p < panels; p++) acc[r][p] = _mm512_loadu_si512(offsets + p * DRAGOMAN_LANES);
    for (size_t start = 0; start < depth4; start += DRAGOMAN_STEPS) {
        const size_t steps = steps_from(start, depth4);
        const int8_t *at = weights + step_offset(start, panel, group, depth4);
        for (size_t k = start; k < start + steps; k++, at += DRAGOMAN_LANES * 4) {
            __m512i w[TILE_PANELS];
#pragma clang loop unroll(full)
            for (size_t p = 0; p < panels; p++) {
                w[p] = _mm512_load_si512(at + p * steps * DRAGOMAN_LANES * 4);
                // One row reads as fast as memory gives.
                if (rows > 1) _mm_prefetch(next.at + k * next.step + p * DRAGOMAN_LANES * 4, _MM_HINT_T0);
            }
#pragma clang loop unroll(full)
            for (size_t r = 0; r < rows; r++) {
                const __m512i x = _mm512_set1_epi32(four_levels(a + r * stride + 4 * k));
#pragma clang loop unroll(full)
                for (size_t p = 0; p < panels; p++) acc[r][p] = _mm512_dpbusd_epi32(acc[r][p], x, w[p]);
            }
        }
    }
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (size_t p = 0; p < panels; p++) sums[r][p] = (floats)acc[r][p];
}

INLINE ints add_nibbles(ints sums, words nibbles, int32_t four) {
    return (ints)_mm512_dpbusd_epi32((__m512i)sums, (__m512i)nibbles, _mm512_set1_epi32(four));
}

/// The integer product's instruction on registers alone, as often as the processor can.
INLINE uint64_t exercise_int8(uint64_t rounds) {
    enum { chains = 16 };  // more than an instruction's latency times its throughput
    __m512i acc[chains];
    const __m512i x = _mm512_set1_epi8(1);
#pragma clang loop unroll(full)
    for (int i = 0; i < chains; i++) acc[i] = x;
    for (uint64_t round = 0; round < rounds; round++)
#pragma clang loop unroll(full)
        for (int i = 0; i < chains; i++) {
            acc[i] = _mm512_dpbusd_epi32(acc[i], x, x);
            __asm__ volatile("" : "+v"(acc[i]));
        }
    return rounds * chains * 64;
}
