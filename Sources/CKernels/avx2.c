// AVX2 with FMA: every x86-64 processor since 2013 (Haswell) and 2015 (AMD Excavator).
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

// `vpmaddubsw` saturates sums of two products at 2^15, so levels are taken as signed magnitudes: 2 * 127 * 127 fits.
// The sign of the row's level goes to the weight.
INLINE void int8_tile(const size_t rows, const size_t panels, const uint8_t *a, size_t stride, const int8_t *weights,
                      size_t group, size_t depth4, const int32_t *offsets, const int8_t *ahead,
                      floats sums[TILE_ROWS][TILE_PANELS]) {
    (void)panels;  // always 1
    (void)offsets;  // for unsigned levels
    __m256i low[TILE_ROWS], high[TILE_ROWS];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) low[r] = high[r] = _mm256_setzero_si256();
    const __m256i ones = _mm256_set1_epi16(1), flip = _mm256_set1_epi8((char)0x80);
    for (size_t k = 0; k < depth4; k++) {
        const __m256i *w = (const __m256i *)(const void *)(weights + k * group * DRAGOMAN_LANES * 4);
        _mm_prefetch(ahead + k * group * DRAGOMAN_LANES * 4, _MM_HINT_T0);
        const __m256i w0 = _mm256_load_si256(w), w1 = _mm256_load_si256(w + 1);
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) {
            int32_t four;
            memcpy(&four, a + r * stride + 4 * k, sizeof four);
            const __m256i x = _mm256_xor_si256(_mm256_set1_epi32(four), flip);
            const __m256i size = _mm256_abs_epi8(x);
            low[r] = _mm256_add_epi32(
                low[r], _mm256_madd_epi16(_mm256_maddubs_epi16(size, _mm256_sign_epi8(w0, x)), ones));
            high[r] = _mm256_add_epi32(
                high[r], _mm256_madd_epi16(_mm256_maddubs_epi16(size, _mm256_sign_epi8(w1, x)), ones));
        }
    }
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
        memcpy(&sums[r][0], &low[r], sizeof low[r]);
        memcpy((char *)&sums[r][0] + sizeof low[r], &high[r], sizeof high[r]);
    }
}

INLINE uint64_t exercise_int8(uint64_t rounds) {
    enum { chains = 8 };
    __m256i acc[chains];
    const __m256i x = _mm256_set1_epi8(1), ones = _mm256_set1_epi16(1);
#pragma clang loop unroll(full)
    for (int i = 0; i < chains; i++) acc[i] = x;
    for (uint64_t round = 0; round < rounds; round++)
#pragma clang loop unroll(full)
        for (int i = 0; i < chains; i++) {
            acc[i] = _mm256_add_epi32(acc[i], _mm256_madd_epi16(_mm256_maddubs_epi16(x, acc[i]), ones));
            __asm__ volatile("" : "+x"(acc[i]));
        }
    return rounds * chains * 32;
}

#include "kernels.inc"
#pragma clang attribute pop
#endif
