// Weights in the order in which products read them, and the other work of loading a model.
//
// A panel holds 16 columns; four panels (fewer at the end) are a group. Inside a group, panels alternate at every
// index of the depth (float32), or every 64 of them (int8), so that a product reads one stream of memory:
//   float32: [group][depth][panel][16 columns]
//   int8:    [group][depth / 64][panel][16 steps][16 columns][4 of the depth], zeros where the depth is no multiple of
//            4, and fewer steps at the end
#include <string.h>

#include "lanes.h"

static size_t panel_count(size_t columns) { return (columns + DRAGOMAN_LANES - 1) / DRAGOMAN_LANES; }

/// Where a column lies.
typedef struct {
    size_t first;  // panel of its group
    size_t group;  // panels
    size_t panel;  // in the group
    size_t lane;
} place;

static place place_of(size_t column, size_t columns) {
    const size_t panel = column / DRAGOMAN_LANES, first = panel / DRAGOMAN_GROUP * DRAGOMAN_GROUP;
    const size_t left = panel_count(columns) - first, group = left < DRAGOMAN_GROUP ? left : DRAGOMAN_GROUP;
    return (place){.first = first, .group = group, .panel = panel - first, .lane = column % DRAGOMAN_LANES};
}

size_t dragoman_float32_panel_count(size_t depth, size_t columns) {
    return panel_count(columns) * DRAGOMAN_LANES * depth;
}

size_t dragoman_int8_panel_bytes(size_t depth, size_t columns) {
    return panel_count(columns) * DRAGOMAN_LANES * ((depth + 3) / 4) * 4;
}

void dragoman_pack_float32(const float *weights, size_t depth, size_t columns, size_t first_column,
                           size_t column_count, float *panels) {
    for (size_t c = 0; c < column_count; c++) {
        const place at = place_of(first_column + c, columns);
        float *to = panels + (at.first * depth + at.panel) * DRAGOMAN_LANES + at.lane;
        for (size_t k = 0; k < depth; k++) to[k * at.group * DRAGOMAN_LANES] = weights[c * depth + k];
    }
}

void dragoman_pack_int8(const float *weights, size_t depth, size_t columns, size_t first_column, size_t column_count,
                        int8_t *panels, float *scales, int32_t *offsets) {
    const size_t depth4 = (depth + 3) / 4;
    for (size_t c = 0; c < column_count; c++) {
        const float *column = weights + c * depth;
        float peak = 0.0f;
        for (size_t k = 0; k < depth; k++) peak = fabsf(column[k]) > peak ? fabsf(column[k]) : peak;
        const float inverse = peak >= DRAGOMAN_LEAST_PEAK ? 127.0f / peak : 0.0f;
        const place at = place_of(first_column + c, columns);
        int8_t *to = panels + (at.first * depth4 * DRAGOMAN_LANES + at.lane) * 4;
        int32_t sum = 0;
        for (size_t start = 0; start < depth; start += 4 * DRAGOMAN_STEPS) {
            int8_t *together = to + step_offset(start / 4, at.panel, at.group, depth4);
            for (size_t k = 0; k < 4 * steps_from(start / 4, depth4) && start + k < depth; k++) {
                // Adding 1.5 * 2^23 rounds to an integer, ties to even, with no call and no rounding mode to trust.
                const float rounded = column[start + k] * inverse + 12582912.0f;
                const int8_t level = (int8_t)(rounded - 12582912.0f);
                together[k / 4 * DRAGOMAN_LANES * 4 + k % 4] = level;
                sum += level;
            }
        }
        scales[first_column + c] = peak / 127.0f;
        offsets[first_column + c] = -128 * sum;
    }
}

void dragoman_pack_levels(const int8_t *levels, size_t depth, size_t columns, size_t first_column, size_t column_count,
                          int8_t *panels, int32_t *offsets) {
    const size_t depth4 = (depth + 3) / 4;
    for (size_t c = 0; c < column_count; c++) {
        const int8_t *column = levels + c * depth;
        const place at = place_of(first_column + c, columns);
        int8_t *to = panels + (at.first * depth4 * DRAGOMAN_LANES + at.lane) * 4;
        int32_t sum = 0;
        for (size_t start = 0; start < depth; start += 4 * DRAGOMAN_STEPS) {
            int8_t *together = to + step_offset(start / 4, at.panel, at.group, depth4);
            for (size_t k = 0; k < 4 * steps_from(start / 4, depth4) && start + k < depth; k++) {
                together[k / 4 * DRAGOMAN_LANES * 4 + k % 4] = column[start + k];
                sum += column[start + k];
            }
        }
        offsets[first_column + c] = -128 * sum;
    }
}

void dragoman_select_float32(const float *from, size_t depth, size_t columns, const int32_t *selected, size_t count,
                             float *panels) {
    for (size_t c = 0; c < count; c++) {
        const place at = place_of((size_t)selected[c], columns), there = place_of(c, count);
        const float *column = from + (at.first * depth + at.panel) * DRAGOMAN_LANES + at.lane;
        float *to = panels + (there.first * depth + there.panel) * DRAGOMAN_LANES + there.lane;
        for (size_t k = 0; k < depth; k++)
            to[k * there.group * DRAGOMAN_LANES] = column[k * at.group * DRAGOMAN_LANES];
    }
}

void dragoman_select_int8(const int8_t *from, size_t depth, size_t columns, const int32_t *selected, size_t count,
                          int8_t *panels) {
    const size_t depth4 = (depth + 3) / 4;
    for (size_t c = 0; c < count; c++) {
        const place at = place_of((size_t)selected[c], columns), there = place_of(c, count);
        const int8_t *column = from + (at.first * depth4 * DRAGOMAN_LANES + at.lane) * 4;
        int8_t *to = panels + (there.first * depth4 * DRAGOMAN_LANES + there.lane) * 4;
        for (size_t start = 0; start < depth4; start += DRAGOMAN_STEPS) {
            const int8_t *source = column + step_offset(start, at.panel, at.group, depth4);
            int8_t *goal = to + step_offset(start, there.panel, there.group, depth4);
            for (size_t step = 0; step < steps_from(start, depth4); step++)
                memcpy(goal + step * DRAGOMAN_LANES * 4, source + step * DRAGOMAN_LANES * 4, 4);
        }
    }
}

// Nibbles lie as [group][depth / 8][panel][16 columns][4 of the depth]: of steps 2k and 2k + 1 of the depth one byte,
// the former's nibble below the latter's.
void dragoman_pack_screen(const int8_t *panels, size_t depth, size_t columns, uint8_t *nibbles, float *errors) {
    enum { step = 4 * DRAGOMAN_LANES };
    for (size_t first = 0; first < panel_count(columns); first += DRAGOMAN_GROUP) {
        const size_t left = panel_count(columns) - first, group = left < DRAGOMAN_GROUP ? left : DRAGOMAN_GROUP;
        const int8_t *from = panels + first * DRAGOMAN_LANES * depth;
        uint8_t *to = nibbles + first * DRAGOMAN_LANES * depth / 2;
        int32_t squares[DRAGOMAN_GROUP][step] = {{0}};  // of twice the distance of each low half from its middle
        for (size_t k = 0; k < depth / 8; k++)
            for (size_t p = 0; p < group; p++) {
                const int8_t *one = from + step_offset(2 * k, p, group, depth / 4), *other = one + step;
                uint8_t *pairs = to + (k * group + p) * step;
                for (size_t i = 0; i < step; i++) {
                    const uint8_t a = (uint8_t)(one[i] + 128), b = (uint8_t)(other[i] + 128);
                    const int32_t x = 2 * (a & 15) - 15, y = 2 * (b & 15) - 15;
                    pairs[i] = (uint8_t)(a >> 4 | (b & 0xf0));
                    squares[p][i] += x * x + y * y;
                }
            }
        for (size_t c = 0; c < group * DRAGOMAN_LANES; c++) {
            const int32_t *four = squares[c / DRAGOMAN_LANES] + c % DRAGOMAN_LANES * 4;
            const float sum = (float)(four[0] + four[1] + four[2] + four[3]);
            errors[first * DRAGOMAN_LANES + c] = sqrtf(sum) * (0.5f + 0x1p-20f);  // never less than it is
        }
    }
}

void dragoman_widen(dragoman_element element, const void *elements, size_t count, float *output) {
    for (size_t i = 0; i < count; i += DRAGOMAN_LANES) {
        const size_t n = count - i < DRAGOMAN_LANES ? count - i : DRAGOMAN_LANES;
        store_first(output + i, widen16(element, elements, i, n), n);
    }
}

void dragoman_scale(float factor, size_t count, float *values) {
    for (size_t i = 0; i < count; i += DRAGOMAN_LANES)
        store_first(values + i, load_first(values + i, count - i) * splat(factor), count - i);
}

// In every IEEE 754 format a number is not finite exactly when all bits of its exponent are ones. Whole blocks are
// looked at without a branch, so that the compiler makes vectors of them; only a block that has one is searched.
#define FIRST_NON_FINITE(type, exponent)                                                                               \
    do {                                                                                                               \
        enum { block = 2048 };                                                                                         \
        for (size_t start = 0; start < count; start += block) {                                                        \
            const size_t n = count - start < block ? count - start : block;                                            \
            type bits[block];                                                                                          \
            memcpy(bits, (const char *)elements + start * sizeof(type), n * sizeof(type));                             \
            type found = 0;                                                                                            \
            for (size_t i = 0; i < n; i++) found |= (type)((bits[i] & (exponent)) == (exponent));                      \
            if (!found) continue;                                                                                      \
            size_t i = 0;                                                                                              \
            while ((bits[i] & (exponent)) != (exponent)) i++;                                                          \
            return start + i;                                                                                          \
        }                                                                                                              \
        return count;                                                                                                  \
    } while (0)

size_t dragoman_first_non_finite(dragoman_element element, const void *elements, size_t count) {
    switch (element) {
    case DRAGOMAN_ELEMENT_FLOAT32:
        FIRST_NON_FINITE(uint32_t, 0x7f800000u);
    case DRAGOMAN_ELEMENT_FLOAT16:
        FIRST_NON_FINITE(uint16_t, 0x7c00);
    case DRAGOMAN_ELEMENT_BFLOAT16:
        FIRST_NON_FINITE(uint16_t, 0x7f80);
    case DRAGOMAN_ELEMENT_INT8:
        break;
    }
    return count;
}

// Only additions, multiplications and divisions of doubles, each rounded as IEEE 754 says: libm's pow has variants for
// different processors that need not agree in the last bit.
double dragoman_power(double base, double exponent) {
    if (exponent == 0.0 || base == 1.0) return 1.0;
    if (exponent == 1.0) return base;
    const double ln2 = 0.693147180559945309417, ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;
    int halvings = 0;
    for (; base > 1.5; base *= 0.5) halvings++;
    const double t = (base - 1.0) / (base + 1.0), t2 = t * t;
    double series = 0.0, term = 2.0 * t;
    for (int i = 1; i < 30; i += 2, term *= t2) series += term / i;
    double x = exponent * (halvings * ln2 + series);
    x = x > 800.0 ? 800.0 : x < -800.0 ? -800.0 : x;
    // Squaring would double the error at every step; taking out n * ln 2, in two parts so that it is exact, does not.
    double n = (x / ln2 + 0x1.8p52) - 0x1.8p52;
    x = (x - n * ln2_high) - n * ln2_low;
    double power = 1.0, next = 1.0;
    for (int i = 1; i < 20; i++) {
        next = next * x / i;
        power += next;
    }
    for (; n > 0.0; n -= 1.0) power *= 2.0;
    for (; n < 0.0; n += 1.0) power *= 0.5;
    return power;
}

// Taylor's series over [-pi/4, pi/4] after taking off quarter turns, whose length is in two parts so that a few thousand
// of them leave no error that matters; rounded as IEEE 754 says, for the reason above.
void dragoman_sine_cosine(double angle, double *sine, double *cosine) {
    const double turns = angle * 0.63661977236758134308;
    const long quarter = (long)(turns + 0.5);
    double r = angle - (double)quarter * 1.57079632673412561417;
    r -= (double)quarter * 6.07710050650619224932e-11;
    const double r2 = r * r;
    double s = 0.0, c = 0.0, term = 1.0;
    for (int i = 0; i < 20; i += 2) {
        c += term;
        s += term * r / (i + 1);
        term = -term * r2 / ((i + 1) * (i + 2));
    }
    switch (quarter & 3) {
    case 0: *sine = s, *cosine = c; break;
    case 1: *sine = c, *cosine = -s; break;
    case 2: *sine = -s, *cosine = -c; break;
    default: *sine = -c, *cosine = s; break;
    }
}
