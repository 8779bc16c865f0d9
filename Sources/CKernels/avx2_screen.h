// The tile of `screen.inc` for AVX2, which has no sums of four products in 32 bits: two are added in 16, as are those of
// several steps. Included by `avx2.c`, inside the attributes' push.
#define HAS_SCREEN_TILE

/// The sums of eight products of levels and nibbles for each 32-bit lane, added to pairs of them of 16 bits.
INLINE __m256i add_pairs(__m256i sums, const __m256i nibbles[2], __m256i first, __m256i second) {
    sums = _mm256_add_epi16(sums, _mm256_maddubs_epi16(nibbles[0], first));
    sums = _mm256_add_epi16(sums, _mm256_maddubs_epi16(nibbles[1], second));
    __asm__("" : "+x"(sums));  // in this order: more at a time would want more registers
    return sums;
}

/// See `screen.inc`. Products of nibbles and levels are added in 16 bits, of 32 levels at a time: no more than
/// 16 * 15 * 128, which is less than 2^15.
INLINE void screen_tile(const size_t rows, const size_t panels, const int8_t *levels, size_t stride,
                        const uint8_t *nibbles, size_t group, size_t depth8, ints sums[SCREEN_ROWS][DRAGOMAN_GROUP]) {
    enum { narrow = 4, line = DRAGOMAN_LANES * 4 };
    const __m256i low = _mm256_set1_epi8(15);
    for (size_t r = 0; r < rows; r++)
        for (size_t p = 0; p < panels; p++) sums[r][p] = (ints){0};
    for (size_t start = 0; start < depth8; start += narrow) {
        const size_t end = depth8 - start < narrow ? depth8 : start + narrow;
        __m256i acc[SCREEN_ROWS][2 * DRAGOMAN_GROUP];
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
            for (size_t h = 0; h < 2 * panels; h++) acc[r][h] = _mm256_setzero_si256();
        for (size_t k = start; k < end; k++) {
            const uint8_t *at = nibbles + k * group * line;
            __m256i w[2 * DRAGOMAN_GROUP][2];
#pragma clang loop unroll(full)
            for (size_t h = 0; h < 2 * panels; h++) {
                if (h % 2 == 0) _mm_prefetch(at + h / 2 * line + PREFETCH_BYTES, _MM_HINT_T0);
                const __m256i pairs = _mm256_load_si256((const __m256i *)(const void *)at + h);
                w[h][0] = _mm256_and_si256(pairs, low);
                w[h][1] = _mm256_and_si256(_mm256_srli_epi16(pairs, 4), low);
            }
#pragma clang loop unroll(full)
            for (size_t r = 0; r < rows; r++) {
                const int8_t *eight = levels + r * stride + 8 * k;
                const __m256i x = _mm256_set1_epi32(four_levels(eight)), y = _mm256_set1_epi32(four_levels(eight + 4));
#pragma clang loop unroll(full)
                for (size_t h = 0; h < 2 * panels; h++) acc[r][h] = add_pairs(acc[r][h], w[h], x, y);
            }
        }
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
            for (size_t p = 0; p < panels; p++) {
                __m256i halves[2];
                memcpy(halves, &sums[r][p], sizeof halves);
                halves[0] = _mm256_add_epi32(halves[0], _mm256_madd_epi16(acc[r][2 * p], _mm256_set1_epi16(1)));
                halves[1] = _mm256_add_epi32(halves[1], _mm256_madd_epi16(acc[r][2 * p + 1], _mm256_set1_epi16(1)));
                memcpy(&sums[r][p], halves, sizeof halves);
            }
    }
}
