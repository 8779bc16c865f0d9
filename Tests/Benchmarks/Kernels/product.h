// Rows times a matrix of weights, both of levels that follow from their place, so that anyone can have them again.
#pragma once

#include "CKernels.h"

typedef struct {
    size_t depth, columns;
    size_t rows;                 ///< At most what memory was made for.
    size_t part;                 ///< Columns that are computed at a time: all, or a multiple of a group.
    const dragoman_kernels *kernels;

    uint8_t *levels;             ///< [rows][stride], as in `dragoman_int8_rows`.
    size_t stride;               ///< As the engine has it (Sources/Inference/Layers/Rows.swift).
    float *row_scales;           ///< [rows]: 1, because oneDNN 2 does not know scales of rows.
    int8_t *panels;              ///< [copies][panel_bytes]
    size_t panel_bytes, copies;
    float *scales;               ///< [columns]
    int32_t *offsets;            ///< [columns rounded up to 16]
    float *output;               ///< [rows][part]: that of the part which was computed last.
    size_t turn;                 ///< How many products were computed: each with the next copy.
} product;

/// - Parameter copies: How often the weights are kept: more than once, so that they fall out of the nearest caches
///   between two products.
product new_product(size_t depth, size_t columns, size_t rows_max, size_t copies);
void free_product(product *product);

/// The level of a weight.
int8_t weight_level(size_t k, size_t column);

/// The columns of the part that begins at `first`.
size_t part_columns(const product *product, size_t first);

/// Computes the part of the columns that begins at `first`.
void multiply_part(const product *product, const dragoman_kernels *kernels, size_t first, float *output);

/// Computes all of it, part by part. For a contest.
void multiply(void *product);

/// Whether every instruction set that this processor has gives the same bits; says where they differ. Of many parts,
/// the first and the last are compared: those between are done as the first is.
bool is_identical(const product *product);
