#include "product.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"

/// The finaliser of MurmurHash3.
static uint32_t scattered(uint32_t x, uint32_t y) {
    uint32_t h = x * 0x9e3779b1u ^ (y + 1) * 0xc2b2ae35u;
    h = (h ^ h >> 16) * 0x85ebca6bu;
    h = (h ^ h >> 13) * 0xc2b2ae35u;
    return h ^ h >> 16;
}

int8_t weight_level(size_t k, size_t column) {
    // Each column's largest magnitude is 127, so that quantising leaves the levels as they are.
    return k == 0 ? 127 : (int8_t)((int)(scattered((uint32_t)k, (uint32_t)column) % 255) - 127);
}

/// Nearly normally distributed, as what layers norm gives is: a sum of eight bytes.
static float activation(size_t k, size_t row) {
    int sum = -4 * 255;
    for (uint32_t part = 0; part < 2; part++) {
        const uint32_t h = scattered((uint32_t)(2 * k) + part, ~(uint32_t)row);
        for (int shift = 0; shift < 32; shift += 8) sum += h >> shift & 0xff;
    }
    return (float)sum;
}

static void quantize_row(size_t row, size_t depth, uint8_t *levels, size_t stride) {
    float scale, *values = new_buffer(depth * sizeof *values);
    for (size_t k = 0; k < depth; k++) values[k] = activation(k, row);
    // The last instruction set is the one that every processor has.
    dragoman_kernels_at(dragoman_kernels_count() - 1)->quantize(values, depth, levels, stride, &scale);
    free(values);
}

product new_product(size_t depth, size_t columns, size_t rows_max, size_t copies) {
    const size_t packed = (depth + 3) / 4 * 4, padded = (columns + 15) / 16 * 16;
    const size_t stride = packed % 1024 == 0 ? packed + 64 : packed;
    product p = {.depth = depth, .columns = columns, .rows = rows_max, .part = columns};
    p.stride = stride;
    p.copies = copies;
    p.levels = new_buffer(rows_max * stride);
    p.row_scales = new_buffer(rows_max * sizeof *p.row_scales);
    p.panel_bytes = dragoman_int8_panel_bytes(depth, columns);
    p.panels = new_buffer(copies * p.panel_bytes);
    p.scales = new_buffer(padded * sizeof *p.scales);
    p.offsets = new_buffer(padded * sizeof *p.offsets);
    p.output = new_buffer(rows_max * columns * sizeof *p.output);

    for (size_t row = 0; row < rows_max; row++) {
        p.row_scales[row] = 1.0f;
        quantize_row(row, depth, p.levels + row * stride, stride);
    }
    float *weights = new_buffer(depth * sizeof *weights);
    for (size_t column = 0; column < columns; column++) {
        for (size_t k = 0; k < depth; k++) weights[k] = weight_level(k, column);
        dragoman_pack_int8(weights, depth, columns, column, 1, p.panels, p.scales, p.offsets);
        p.scales[column] = 0.001f + 0.00001f * (float)(column % 64);
    }
    free(weights);
    for (size_t copy = 1; copy < copies; copy++) memcpy(p.panels + copy * p.panel_bytes, p.panels, p.panel_bytes);
    return p;
}

void free_product(product *p) {
    free(p->levels);
    free(p->row_scales);
    free(p->panels);
    free(p->scales);
    free(p->offsets);
    free(p->output);
}

size_t part_columns(const product *p, size_t first) {
    return p->columns - first < p->part ? p->columns - first : p->part;
}

void multiply_part(const product *p, const dragoman_kernels *kernels, size_t first, float *output) {
    const dragoman_int8_rows rows = {
        .levels = p->levels, .scales = p->row_scales, .rows = p->rows, .stride = p->stride};
    const dragoman_int8_matrix matrix = {
        .panels = p->panels + p->turn % p->copies * p->panel_bytes +
                  dragoman_int8_panel_bytes(p->depth, first),
        .scales = p->scales + first,
        .offsets = p->offsets + first,
        .depth = p->depth,
        .columns = part_columns(p, first),
    };
    const dragoman_epilogue epilogue = {.output = output, .output_stride = p->part};
    kernels->multiply_int8(&rows, &matrix, &epilogue);
}

void multiply(void *subject) {
    product *p = subject;
    for (size_t first = 0; first < p->columns; first += p->part) multiply_part(p, p->kernels, first, p->output);
    p->turn++;
}

static bool is_part_identical(const product *p, const dragoman_kernels *kernels, size_t first, float *other) {
    const size_t columns = part_columns(p, first);
    multiply_part(p, p->kernels, first, p->output);
    multiply_part(p, kernels, first, other);
    for (size_t row = 0; row < p->rows; row++) {
        if (memcmp(p->output + row * p->part, other + row * p->part, columns * sizeof *other) == 0) continue;
        fprintf(stderr, "%s and %s differ: %zu rows by %zux%zu, in row %zu of columns %zu to %zu\n", p->kernels->name,
                kernels->name, p->rows, p->depth, p->columns, row, first, first + columns - 1);
        return false;
    }
    return true;
}

bool is_identical(const product *p) {
    float *other = new_buffer(p->rows * p->part * sizeof *other);
    const size_t last = (p->columns - 1) / p->part * p->part;
    bool same = true;
    for (size_t i = 0; i < dragoman_kernels_count() && same; i++) {
        const dragoman_kernels *kernels = dragoman_kernels_at(i);
        if (!kernels || kernels == p->kernels) continue;
        same = is_part_identical(p, kernels, 0, other) && (last == 0 || is_part_identical(p, kernels, last, other));
    }
    free(other);
    return same;
}
