// The engine's vector kernels: pure functions over memory that the caller owns. No state, no allocation, no errors.
//
// Every instruction set gives the same bits. That rests on three rules:
//   1. Integer products are summed exactly in 32 bits.
//   2. Float sums have one order. A sum over a product's depth runs from the first index to the last, with fused
//      multiply-adds. A sum across a row runs in 16 lanes (element i in lane i mod 16), then lanes i and i+8 are
//      added, then i and i+4, i+2, i+1.
//   3. exp, log, erf and tanh are our own polynomials, never libm's.
// The float kernels are therefore written once, in the `.inc` files, over a 16-lane vector type, and compiled once for
// each instruction set; only products have versions of their own.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Columns are packed in panels of this many, and rows of floats are summed in this many lanes.
#define DRAGOMAN_LANES 16
/// Panels are stored in groups of this many.
#define DRAGOMAN_GROUP 4
/// Of an int8 panel this many steps of the depth, four levels each, lie together: 1 KiB, a tile of AMX.
#define DRAGOMAN_STEPS 16
/// Rows of logits are read in blocks of this many entries.
#define DRAGOMAN_BLOCK 512
/// Elements are paired in blocks of this many.
#define DRAGOMAN_PAIRED 32
/// The depth up to which a matrix can be screened: no sum leaves 32 bits.
#define DRAGOMAN_SCREEN_DEPTH 8192
/// The name of the order in which `dragoman_pack_int8`, `dragoman_pack_float32` and `dragoman_pack_screen` write, the
/// same for all instruction sets. Packed model files carry it: whoever changes the order changes the name.
#define DRAGOMAN_LAYOUT "panels-16x4-3"

typedef enum {
    DRAGOMAN_ACTIVATION_NONE = 0,
    DRAGOMAN_ACTIVATION_RELU = 1,
    DRAGOMAN_ACTIVATION_SWISH = 2,
    DRAGOMAN_ACTIVATION_GELU = 3,
    DRAGOMAN_ACTIVATION_GELU_TANH = 4,
} dragoman_activation;

typedef enum {
    DRAGOMAN_ELEMENT_FLOAT32 = 0,
    DRAGOMAN_ELEMENT_FLOAT16 = 1,
    DRAGOMAN_ELEMENT_BFLOAT16 = 2,
    DRAGOMAN_ELEMENT_INT8 = 3,  ///< Levels, whose scale is elsewhere.
} dragoman_element;

/// What is done with a product before it is stored: `output = activation(product + bias) + residual`.
typedef struct {
    const float *bias;           ///< [columns], or NULL.
    const float *residual;       ///< [rows][residual_stride], or NULL; may be `output` itself.
    size_t residual_stride;      ///< In floats.
    float *output;               ///< [rows][output_stride].
    size_t output_stride;        ///< In floats.
    dragoman_activation activation;
} dragoman_epilogue;

/// Rows quantised one by one: `value = (level - 128) * scale`. A product with a matrix is
/// `float(sum of levels' products) * (column scale * row scale)`, in this order.
typedef struct {
    const uint8_t *levels;       ///< [rows][stride]: 1 to 255 of finite numbers, but 0 is as good.
    const float *scales;         ///< [rows].
    size_t rows;
    size_t stride;               ///< In bytes: a multiple of 4, at least the depth. Up to a multiple of 4 above the depth
                                 ///< levels are 128; what follows is not read.
} dragoman_int8_rows;

/// A weight matrix, packed by `dragoman_pack_int8`.
typedef struct {
    const int8_t *panels;        ///< `dragoman_int8_panel_bytes` bytes, 64-byte aligned.
    const float *scales;         ///< [columns].
    const int32_t *offsets;      ///< [columns rounded up to 16]: -128 times the sum of the column's levels; for those
                                 ///< instruction sets that multiply levels as they are.
    size_t depth;                ///< At least 1, and at most 131,072, so that no sum leaves 32 bits.
    size_t columns;
} dragoman_int8_matrix;

/// What bounds the entries of a product with a matrix from above at half the cost of memory, and where the bounds go.
typedef struct {
    const uint8_t *nibbles;      ///< The high halves of all levels + 128, as `dragoman_pack_screen` packs them; 64-byte
                                 ///< aligned.
    const float *errors;         ///< [columns]: the length of what the low halves differ by from their middle, 7.5.
    const float *bias;           ///< [columns], or NULL.
    float *bounds;               ///< [rows][stride]: one for each DRAGOMAN_GROUP * DRAGOMAN_LANES columns.
    size_t stride;               ///< In floats.
} dragoman_int8_screen;

/// A weight matrix, packed by `dragoman_pack_float32`.
typedef struct {
    const float *panels;         ///< `dragoman_float32_panel_count` floats, 64-byte aligned.
    size_t depth;
    size_t columns;
} dragoman_float32_matrix;

typedef struct {
    const float *weight;         ///< [width].
    const float *bias;           ///< [width], or NULL.
    size_t width;
    float epsilon;
    bool subtracts_mean;         ///< Layer norm if true, RMS norm if false.
} dragoman_norm;

/// One query row over `count` cached rows, all heads.
typedef struct {
    const float *query;          ///< [heads * head_width].
    const void *const *rows;     ///< [count]: each points to a cached row, of floats or as `store_paired` writes it.
    bool is_paired;              ///< The latter; then offsets and the head width are multiples of DRAGOMAN_PAIRED.
    size_t key_offset;           ///< From a cached row's start to its key, in elements.
    size_t value_offset;         ///< From a cached row's start to its value, in elements.
    size_t count;                ///< At least 1.
    size_t heads;
    size_t head_width;
    float scale;                 ///< What scores are multiplied by.
    const float *bias;           ///< [heads][bias_stride], added to scores; or NULL.
    size_t bias_stride;
    float *scratch;              ///< [heads][count rounded up to 16].
    float *mean_weights;         ///< [count]: the attention averaged over heads; or NULL.
    float *output;               ///< [heads * head_width].
} dragoman_attention;

/// What is known of a row of logits whose first part was read.
typedef struct {
    bool is_summed;              ///< Whether `maximum` and `sum` are wanted.
    float maximum;               ///< The largest entry; minus infinity before the first.
    float sum;                   ///< Of exp(entry - maximum); 0 before the first.
    size_t k;                    ///< At least 1.
    size_t held;                 ///< Entries in `values`; 0 before the first.
    float *values;               ///< [k]: the largest entries, as `top_k` gives them.
    int32_t *indices;            ///< [k]
} dragoman_summary;

/// The kernels of one instruction set.
typedef struct {
    const char *name;

    void (*multiply_int8)(const dragoman_int8_rows *rows, const dragoman_int8_matrix *matrix,
                          const dragoman_epilogue *epilogue);
    void (*multiply_float32)(const float *rows, size_t row_count, size_t stride, const dragoman_float32_matrix *matrix,
                             const dragoman_epilogue *epilogue);

    /// For how many rows it is faster to screen a product than to compute it; 0 where it never is, and `screen` is NULL.
    size_t screened_rows;
    /// Finds for each row, of `screened_rows` at most, and for each group of columns a number that no entry exceeds that
    /// `multiply_int8` would compute there, with the bias but without activation and residual.
    ///
    /// A level is 16 times its nibble plus a rest. So a product of levels is known but for the product of the row with the
    /// rests, which is at most that of their lengths (the Cauchy-Schwarz inequality). The depth is a multiple of 8 and at
    /// most DRAGOMAN_SCREEN_DEPTH. Scales are not negative. Where a row's scale, its product with a column's or a bias is
    /// not finite, bounds mean nothing.
    void (*screen)(const dragoman_int8_rows *rows, const dragoman_int8_matrix *matrix,
                   const dragoman_int8_screen *screen);

    /// Quantises one row: `scale = max|x| / 127`, levels rounded to nearest, ties to even. Pads levels to `stride`.
    /// Levels are zero where the maximum is below 2^-120.
    void (*quantize)(const float *row, size_t width, uint8_t *levels, size_t stride, float *scale);

    /// The same with levels that do not depend on the row: `level = value * factor`, to nearest, ties to even, and at most
    /// 127 from zero; `scale = 1 / factor`. `factor` is above 0, and both are finite.
    void (*quantize_by)(const float *row, size_t width, float factor, uint8_t *levels, size_t stride, float *scale);

    /// Normalises one row; `output` may be `row`.
    void (*normalize)(const dragoman_norm *norm, const float *row, float *output);

    void (*attend)(const dragoman_attention *attention);

    /// Rounds floats to bfloat16, to nearest, ties to even; infinities and not-a-numbers stay what they are. A word of
    /// 32 bits takes two of them, the low half element i of a block and the high half element i + 16, so that a vector
    /// of words gives two of floats without moving a lane. `count` is a multiple of DRAGOMAN_PAIRED.
    void (*store_paired)(const float *values, size_t count, void *output);

    /// `output = table_row * scale + position` ; `position` may be NULL.
    void (*embed)(dragoman_element element, const void *table_row, size_t width, float scale, const float *position,
                  float *output);

    /// `output[i] *= factor[i]`.
    void (*multiply)(const float *factor, size_t count, float *output);

    /// One step of a simple recurrence: `state = g * before + (1 - g) * candidate` where g is the sigmoid of `gate`, then
    /// `output += max(state, 0)`. Without `before` (NULL) zeros came before.
    void (*recur)(const float *candidate, const float *gate, const float *before, size_t width, float *state,
                  float *output);

    /// `log(sum(exp(row)))`; entries of minus infinity count nothing; none may be a NaN.
    float (*log_sum_exp)(const float *row, size_t count);

    /// The `k` largest entries, largest first, the lower index first among equals. Entries that are minus infinity
    /// or not a number are never returned. `k` is at least 1. Returns how many there are.
    size_t (*top_k)(const float *row, size_t count, size_t k, float *values, int32_t *indices);

    /// Reads the next `count` entries of a row, from entry `first` on; where they are summed, `first` is a multiple of
    /// `DRAGOMAN_BLOCK`. In the end the summary has the bits of `log_sum_exp` and `top_k` of the whole row, however it
    /// was divided.
    void (*summarize)(const float *part, size_t count, size_t first, dragoman_summary *summary);
    /// The logarithm of the sum of all entries' exponentials; minus infinity where they were not summed.
    float (*summed)(const dragoman_summary *summary);

    /// `output[i] = exp((row[i] - shift) * factor)`, exactly 0 below the least normal number; returns their sum.
    float (*exponentials)(const float *row, size_t count, float shift, float factor, float *output);

    /// For measuring. Does integer multiply-adds on registers alone, as fast as the processor can; returns how many:
    /// in proportion to `rounds`, or 0 where there is no instruction for it.
    uint64_t (*exercise_int8)(uint64_t rounds);
    /// For measuring. Reads memory in order, `lines` times 64 bytes, a multiple of 4; returns a sum that is of no use.
    uint64_t (*read_lines)(const void *memory, size_t lines);
} dragoman_kernels;

/// How many instruction sets this build knows, best first.
size_t dragoman_kernels_count(void);
/// The name of one of them.
const char *dragoman_kernels_name(size_t index);
/// Its kernels, or NULL when this processor cannot run them.
const dragoman_kernels *dragoman_kernels_at(size_t index);

/// How many columns of logits are computed at a time for so many rows, at least one: whole blocks, few enough for the
/// nearest caches.
static inline size_t dragoman_logit_columns(size_t rows) {
    const size_t blocks = 64 / rows;
    return DRAGOMAN_BLOCK * (blocks < 1 ? 1 : blocks > 8 ? 8 : blocks);
}

/// Tells the processor that this thread waits for another's write.
static inline void dragoman_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb" ::: "memory");
#endif
}

/// The size of a packed int8 matrix, in bytes.
size_t dragoman_int8_panel_bytes(size_t depth, size_t columns);
/// The size of a packed float32 matrix, in floats.
size_t dragoman_float32_panel_count(size_t depth, size_t columns);

/// Packs columns [first_column, first_column + column_count) of a matrix from `weights`, [column_count][depth].
/// `panels` (and `offsets`) must be zero before the first call: the padding is not written.
void dragoman_pack_float32(const float *weights, size_t depth, size_t columns, size_t first_column,
                           size_t column_count, float *panels);
/// The same, quantised per column: `scale = max|w| / 127`.
void dragoman_pack_int8(const float *weights, size_t depth, size_t columns, size_t first_column, size_t column_count,
                        int8_t *panels, float *scales, int32_t *offsets);
/// The same for weights that are quantised already: `levels`, [column_count][depth], none of them -128.
void dragoman_pack_levels(const int8_t *levels, size_t depth, size_t columns, size_t first_column, size_t column_count,
                          int8_t *panels, int32_t *offsets);

/// Packs some columns of a packed matrix as a matrix of their own, in the order given. `panels` is zero before.
void dragoman_select_float32(const float *from, size_t depth, size_t columns, const int32_t *selected, size_t count,
                             float *panels);
void dragoman_select_int8(const int8_t *from, size_t depth, size_t columns, const int32_t *selected, size_t count,
                          int8_t *panels);

/// Takes from a packed matrix, whose depth is a multiple of 8, what screens it. `nibbles` has half of its bytes, and
/// `errors` a float for each of the columns rounded up to 16.
void dragoman_pack_screen(const int8_t *panels, size_t depth, size_t columns, uint8_t *nibbles, float *errors);

/// `base` to the power of `exponent`, the same on every machine, to 1e-14 of the value while that is between 1e-10 and
/// 1e10; exact for exponents 0 and 1. `base` is finite and at least 1.
double dragoman_power(double base, double exponent);

/// The sine and the cosine of an angle from 0 to 100,000 radians, to 1e-13, the same on every machine.
void dragoman_sine_cosine(double angle, double *sine, double *cosine);

/// The index of the first of `count` stored elements that is a NaN or an infinity; `count` when all are finite.
size_t dragoman_first_non_finite(dragoman_element element, const void *elements, size_t count);

/// Converts stored elements to floats; levels to themselves.
void dragoman_widen(dragoman_element element, const void *elements, size_t count, float *output);

/// `values[i] *= factor`.
void dragoman_scale(float factor, size_t count, float *values);

#ifdef __cplusplus
}
#endif
