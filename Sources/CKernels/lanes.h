// A vector of 16 floats, and the functions over it that every kernel is made of. Included once an instruction set,
// inside its `#pragma clang attribute push`; the compiler splits the vector as the processor needs.
#include <math.h>
#include <string.h>

#include "CKernels.h"

// Fusing is written out where it is wanted; anywhere else it would differ between instruction sets.
#pragma STDC FP_CONTRACT OFF
// Vectors never cross a real call: every function that takes one is inlined.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline))

/// Where 127 / peak is still finite; below it every level is zero.
#define DRAGOMAN_LEAST_PEAK 0x1p-120f

/// How far ahead of its products an only tile of rows asks for weights: memory's latency times its bandwidth, and
/// short enough not to push the group itself out of the nearest cache.
#define PREFETCH_BYTES 8192

typedef float floats __attribute__((vector_size(64)));
typedef int32_t ints __attribute__((vector_size(64)));
typedef uint32_t words __attribute__((vector_size(64)));
typedef uint16_t halves __attribute__((vector_size(32)));
typedef int8_t bytes __attribute__((vector_size(16)));

/// What a tile of the integer product asks for meanwhile: from `at` on, at every step of the depth so many bytes on,
/// and `jump` more after DRAGOMAN_STEPS of them; for each of its panels, which are `pitch` apart. (A prefetch past the
/// end is no fault.)
typedef struct {
    const int8_t *at;
    size_t step, pitch, jump;
} ahead;

/// How many steps of the depth a panel keeps together from one on, a multiple of DRAGOMAN_STEPS: fewer at the end.
INLINE size_t steps_from(size_t start, size_t depth4) {
    return depth4 - start < DRAGOMAN_STEPS ? depth4 - start : DRAGOMAN_STEPS;
}

/// How many bytes after its group of panels the weights of one step of the depth lie: of 16 columns, four of each.
INLINE size_t step_offset(size_t step, size_t panel, size_t group, size_t depth4) {
    const size_t start = step / DRAGOMAN_STEPS * DRAGOMAN_STEPS;
    return (start * group + panel * steps_from(start, depth4) + step - start) * DRAGOMAN_LANES * 4;
}

/// Four levels side by side, as a word whose bytes they are.
INLINE int32_t four_levels(const void *levels) {
    int32_t four;
    memcpy(&four, levels, sizeof four);
    return four;
}

INLINE floats splat(float x) { return (floats){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }

INLINE floats load(const float *p) {
    floats v;
    memcpy(&v, p, sizeof v);
    return v;
}

INLINE void store(float *p, floats v) { memcpy(p, &v, sizeof v); }

#ifndef HAS_MASKED_LANES  // or the instruction set brings its own
/// The first `n` floats at `p`, then zeros.
INLINE floats load_first(const float *p, size_t n) {
    if (n >= DRAGOMAN_LANES) return load(p);
    float lanes[DRAGOMAN_LANES] = {0};
    for (size_t i = 0; i < n; i++) lanes[i] = p[i];
    return load(lanes);
}

INLINE void store_first(float *p, floats v, size_t n) {
    if (n >= DRAGOMAN_LANES) {
        store(p, v);
        return;
    }
    float lanes[DRAGOMAN_LANES];
    store(lanes, v);
    for (size_t i = 0; i < n; i++) p[i] = lanes[i];
}
#endif

INLINE floats fused(floats a, floats b, floats c) { return __builtin_elementwise_fma(a, b, c); }

INLINE floats select_lanes(ints mask, floats yes, floats no) {
    return (floats)(((ints)yes & mask) | ((ints)no & ~mask));
}

/// The first `n` lanes of `v`, `other` in the rest.
INLINE floats keep_first(floats v, size_t n, float other) {
    const ints lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const int32_t count = n < DRAGOMAN_LANES ? (int32_t)n : DRAGOMAN_LANES;
    const ints limit = {count, count, count, count, count, count, count, count,
                        count, count, count, count, count, count, count, count};
    return select_lanes(lane < limit, v, splat(other));
}

INLINE floats larger(floats a, floats b) { return select_lanes(a > b, a, b); }

INLINE floats magnitude(floats v) { return (floats)((words)v & 0x7fffffffu); }

INLINE float sum_lanes(floats v) {
    typedef float half __attribute__((vector_size(32)));
    typedef float quarter __attribute__((vector_size(16)));
    half a = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
             __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
    quarter b = __builtin_shufflevector(a, a, 0, 1, 2, 3) + __builtin_shufflevector(a, a, 4, 5, 6, 7);
    return (b[0] + b[2]) + (b[1] + b[3]);
}

INLINE float max_lanes(floats v) {
    typedef float half __attribute__((vector_size(32)));
    typedef int32_t half_ints __attribute__((vector_size(32)));
    half a = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7);
    half b = __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
    half_ints mask = a > b;
    half c = (half)(((half_ints)a & mask) | ((half_ints)b & ~mask));
    typedef float quarter __attribute__((vector_size(16)));
    typedef int32_t quarter_ints __attribute__((vector_size(16)));
    quarter d = __builtin_shufflevector(c, c, 0, 1, 2, 3), e = __builtin_shufflevector(c, c, 4, 5, 6, 7);
    quarter_ints wins = d > e;
    d = (quarter)(((quarter_ints)d & wins) | ((quarter_ints)e & ~wins));
    const float f = d[0] > d[2] ? d[0] : d[2], g = d[1] > d[3] ? d[1] : d[3];
    return f > g ? f : g;
}

/// Sums 16 vectors at once, each in the order of `sum_lanes`; lane i of the result is the sum of `v[i]`.
INLINE floats sum_each(floats v[DRAGOMAN_LANES]) {
    for (int i = 0; i < 8; i++) {
        floats a = v[2 * i], b = v[2 * i + 1];
        v[i] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
               __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
    }
    for (int i = 0; i < 4; i++) {
        floats a = v[2 * i], b = v[2 * i + 1];
        v[i] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
               __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
    }
    for (int i = 0; i < 2; i++) {
        floats a = v[2 * i], b = v[2 * i + 1];
        v[i] = __builtin_shufflevector(a, b, 0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29) +
               __builtin_shufflevector(a, b, 2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23, 26, 27, 30, 31);
    }
    floats a = v[0], b = v[1];
    return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30) +
           __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
}

/// exp to 1 unit in the last place or so: 2^n times a polynomial of degree 6 (Cephes `expf`). 0 below the least normal
/// number, so that no path meets a denormal; the largest finite power above 88.
INLINE floats exponential(floats x) {
    const floats lowest = splat(-87.3365478515625f), highest = splat(88.3762626647949f);
    const floats rounder = splat(12582912.0f);  // 1.5 * 2^23: adding it rounds to an integer, ties to even
    ints underflows = x < lowest;
    x = select_lanes(x < highest, x, highest);
    x = select_lanes(underflows, lowest, x);
    floats shifted = fused(x, splat(1.44269504088896341f), rounder);
    floats n = shifted - rounder;
    floats r = fused(n, splat(-0.693359375f), x);
    r = fused(n, splat(2.12194440e-4f), r);
    floats p = splat(1.9875691500e-4f);
    p = fused(p, r, splat(1.3981999507e-3f));
    p = fused(p, r, splat(8.3334519073e-3f));
    p = fused(p, r, splat(4.1665795894e-2f));
    p = fused(p, r, splat(1.6666665459e-1f));
    p = fused(p, r, splat(5.0000001201e-1f));
    p = fused(p, r * r, r) + splat(1.0f);
    words power = ((words)shifted - (words)rounder) << 23;
    return select_lanes(underflows, splat(0.0f), (floats)((words)p + power));
}

/// exp of a number that is not above 0, for softmax and the like: cheaper than `exponential`, and just as good near 0,
/// where what counts lies (2 parts in a million at -30). It never gets below 2^-126, which beside a 1 is nothing.
///
/// 2^n times a polynomial of degree 5 whose relative error over [-1/2, 1/2] was made as even as possible.
INLINE floats exponential_of_negative(floats x) {
    const floats rounder = splat(12582912.0f);  // 1.5 * 2^23: adding it rounds to an integer, ties to even
    floats t = larger(x * splat(1.44269504088896341f), splat(-126.0f));
    floats shifted = t + rounder;
    floats f = t - (shifted - rounder);
    floats p = splat(0x1.5bb9fp-10f);
    p = fused(p, f, splat(0x1.3cea84p-7f));
    p = fused(p, f, splat(0x1.c6b754p-5f));
    p = fused(p, f, splat(0x1.ebf9bcp-3f));
    p = fused(p, f, splat(0x1.62e42ap-1f));
    p = fused(p, f, splat(1.0f));
    return (floats)((words)p + ((words)shifted << 23));
}

/// log of a positive normal number (Cephes `logf`).
INLINE float logarithm(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    int32_t exponent = (int32_t)(bits >> 23) - 126;
    bits = (bits & 0x007fffffu) | 0x3f000000u;
    float m;
    memcpy(&m, &bits, sizeof m);
    if (m < 0.707106781186547524f) {
        exponent -= 1;
        m = m + m - 1.0f;
    } else {
        m = m - 1.0f;
    }
    const float e = (float)exponent;
    float z = m * m;
    float p = 7.0376836292e-2f;
    p = fmaf(p, m, -1.1514610310e-1f);
    p = fmaf(p, m, 1.1676998740e-1f);
    p = fmaf(p, m, -1.2420140846e-1f);
    p = fmaf(p, m, 1.4249322787e-1f);
    p = fmaf(p, m, -1.6668057665e-1f);
    p = fmaf(p, m, 2.0000714765e-1f);
    p = fmaf(p, m, -2.4999993993e-1f);
    p = fmaf(p, m, 3.3333331174e-1f);
    float y = p * m * z;
    y = fmaf(e, -2.12194440e-4f, y);
    y = fmaf(z, -0.5f, y);
    return fmaf(e, 0.693359375f, m + y);
}

INLINE floats sigmoid(floats x) { return splat(1.0f) / (splat(1.0f) + exponential(-x)); }

/// The error function to 1.5e-7 (Abramowitz and Stegun 7.1.26).
INLINE floats error_function(floats x) {
    floats a = magnitude(x);
    floats t = splat(1.0f) / fused(splat(0.3275911f), a, splat(1.0f));
    floats p = splat(1.061405429f);
    p = fused(p, t, splat(-1.453152027f));
    p = fused(p, t, splat(1.421413741f));
    p = fused(p, t, splat(-0.284496736f));
    p = fused(p, t, splat(0.254829592f));
    floats y = fused(-(p * t), exponential(-(a * a)), splat(1.0f));
    return (floats)((words)y | ((words)x & 0x80000000u));
}

INLINE floats activate(dragoman_activation activation, floats x) {
    switch (activation) {
    case DRAGOMAN_ACTIVATION_NONE:
        return x;
    case DRAGOMAN_ACTIVATION_RELU:
        return larger(x, splat(0.0f));
    case DRAGOMAN_ACTIVATION_SWISH:
        return x * sigmoid(x);
    case DRAGOMAN_ACTIVATION_GELU:
        return x * fused(splat(0.5f), error_function(x * splat(0.707106781186547524f)), splat(0.5f));
    case DRAGOMAN_ACTIVATION_GELU_TANH: {
        // 0.5 * (1 + tanh(u)) = sigmoid(2u)
        floats u = splat(1.59576912160573f) * x * fused(splat(0.044715f), x * x, splat(1.0f));
        return x * sigmoid(u);
    }
    }
    return x;
}

/// Stored elements as floats, zeros after the first `n`; the elements are finite, and need not be aligned.
INLINE floats widen16(dragoman_element element, const void *elements, size_t index, size_t n) {
    if (n > DRAGOMAN_LANES) n = DRAGOMAN_LANES;
    if (element == DRAGOMAN_ELEMENT_FLOAT32) {
        floats v = splat(0.0f);
        const char *from = (const char *)elements + 4 * index;
        if (n == DRAGOMAN_LANES) memcpy(&v, from, sizeof v);
        else memcpy(&v, from, 4 * n);
        return v;
    }
    if (element == DRAGOMAN_ELEMENT_INT8) {
        bytes b = {0};
        const char *levels = (const char *)elements + index;
        if (n == DRAGOMAN_LANES) memcpy(&b, levels, sizeof b);
        else memcpy(&b, levels, n);
        return __builtin_convertvector(__builtin_convertvector(b, ints), floats);
    }
    halves h = {0};
    const char *from = (const char *)elements + 2 * index;
    if (n == DRAGOMAN_LANES) memcpy(&h, from, sizeof h);  // a size that the compiler knows is no call
    else memcpy(&h, from, 2 * n);
    words w = __builtin_convertvector(h, words);
    if (element == DRAGOMAN_ELEMENT_BFLOAT16) return (floats)(w << 16);
    // The exponent's bias differs by 112; the product is exact, and makes denormals normal.
    floats value = (floats)((w & 0x7fffu) << 13) * splat(0x1p112f);
    return (floats)((words)value | ((w & 0x8000u) << 16));
}
