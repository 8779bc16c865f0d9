// AVX2 with the 256-bit dot product instruction: Intel since Alder Lake, AMD since Zen 5.
#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx2,fma,avxvnni"))), apply_to = function)
#include "avx2_lanes.h"

#define ISA avxvnni
#define ISA_NAME "avxvnni"
#define NAME(x) avxvnni_##x
#define TILE_ROWS 6
#define TILE_PANELS 1
#define MIXED_VECTORS 8
#define SCREEN_ROWS 1
#define SCREEN_TILE 4

/// Adds the products of one step of the depth.
INLINE void add_step(const size_t rows, const uint8_t *levels, size_t stride, const int8_t *weights,
                     __m256i low[TILE_ROWS], __m256i high[TILE_ROWS]) {
    const __m256i *w = (const __m256i *)(const void *)weights;
    const __m256i w0 = _mm256_load_si256(w), w1 = _mm256_load_si256(w + 1);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
        const __m256i x = _mm256_set1_epi32(four_levels(levels + r * stride));
        low[r] = _mm256_dpbusd_avx_epi32(low[r], x, w0);
        high[r] = _mm256_dpbusd_avx_epi32(high[r], x, w1);
        // In this order: weights of two steps at a time would want more registers.
        __asm__ volatile("" : "+x"(low[r]), "+x"(high[r]));
    }
}

INLINE void int8_tile(const size_t rows, const size_t panels, const uint8_t *a, size_t stride, const int8_t *weights,
                      size_t panel, size_t group, size_t depth4, const int32_t *offsets, ahead next,
                      floats sums[TILE_ROWS][TILE_PANELS]) {
    enum { line = DRAGOMAN_LANES * 4 };
    (void)panels;  // always 1
    __m256i low[TILE_ROWS], high[TILE_ROWS];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
        low[r] = _mm256_loadu_si256((const __m256i *)(const void *)offsets);
        high[r] = _mm256_loadu_si256((const __m256i *)(const void *)(offsets + 8));
    }
    const size_t whole = depth4 / DRAGOMAN_STEPS * DRAGOMAN_STEPS;
    const int8_t *at = weights + step_offset(0, panel, group, depth4);
    // One loop: another one for the steps that lie together makes products up to a fifth slower.
    for (size_t k = 0; k < whole; k += 2) {
        _mm_prefetch(next.at, _MM_HINT_T0);
        add_step(rows, a + 4 * k, stride, at, low, high);
        _mm_prefetch(next.at + next.step, _MM_HINT_T0);
        add_step(rows, a + 4 * (k + 1), stride, at + line, low, high);
        at += 2 * line;
        next.at += 2 * next.step;
        if ((k + 2) % DRAGOMAN_STEPS == 0) {
            at += (group - 1) * DRAGOMAN_STEPS * line;  // past the other panels
            next.at += next.jump;
        }
    }
    for (size_t k = whole; k < depth4; k++)
        add_step(rows, a + 4 * k, stride, weights + step_offset(k, panel, group, depth4), low, high);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
        memcpy(&sums[r][0], &low[r], sizeof low[r]);
        memcpy((char *)&sums[r][0] + sizeof low[r], &high[r], sizeof high[r]);
    }
}

INLINE ints add_nibbles(ints sums, words nibbles, int32_t four) {
    const __m256i x = _mm256_set1_epi32(four);
    __m256i halves[2], weights[2];
    memcpy(halves, &sums, sizeof halves);
    memcpy(weights, &nibbles, sizeof weights);
    for (int i = 0; i < 2; i++) halves[i] = _mm256_dpbusd_avx_epi32(halves[i], weights[i], x);
    memcpy(&sums, halves, sizeof sums);
    return sums;
}

INLINE uint64_t exercise_int8(uint64_t rounds) {
    enum { chains = 12 };
    __m256i acc[chains];
    const __m256i x = _mm256_set1_epi8(1);
#pragma clang loop unroll(full)
    for (int i = 0; i < chains; i++) acc[i] = x;
    for (uint64_t round = 0; round < rounds; round++)
#pragma clang loop unroll(full)
        for (int i = 0; i < chains; i++) {
            acc[i] = _mm256_dpbusd_avx_epi32(acc[i], x, x);
            __asm__ volatile("" : "+x"(acc[i]));
        }
    return rounds * chains * 32;
}

#include "kernels.inc"
#pragma clang attribute pop
#endif
