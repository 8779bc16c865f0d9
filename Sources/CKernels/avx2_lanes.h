// What AVX2 does in its own way with the lanes of `lanes.h`. Included in its place, inside the attributes' push.
#define HAS_MASKED_LANES
#include "lanes.h"

/// Eight lanes, of which the first `n` are set; `n` may be negative.
INLINE __m256i first_lanes(int n) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

INLINE floats load_first(const float *p, size_t n) {
    if (n >= DRAGOMAN_LANES) return load(p);
    const __m256 halves[2] = {_mm256_maskload_ps(p, first_lanes((int)n)),
                              _mm256_maskload_ps(p + 8, first_lanes((int)n - 8))};
    floats v;
    memcpy(&v, halves, sizeof v);
    return v;
}

INLINE void store_first(float *p, floats v, size_t n) {
    if (n >= DRAGOMAN_LANES) {
        store(p, v);
        return;
    }
    __m256 halves[2];
    memcpy(halves, &v, sizeof halves);
    _mm256_maskstore_ps(p, first_lanes((int)n), halves[0]);
    _mm256_maskstore_ps(p + 8, first_lanes((int)n - 8), halves[1]);
}

INLINE uint32_t LANES_LARGER(floats a, floats b) {
    __m256 x[2], y[2];
    memcpy(x, &a, sizeof x);
    memcpy(y, &b, sizeof y);
    return (uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(x[0], y[0], _CMP_GT_OQ)) |
           (uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(x[1], y[1], _CMP_GT_OQ)) << 8;
}
