// The integer product of Arm's sets: levels are made signed once, before all columns are multiplied. Included inside
// the attributes' push, after `kernels.inc`, whose tile takes signed levels then.

enum {
    /// So many levels are prepared at a time, of no more than so many rows: they stay in the second cache.
    PREPARED = 131072,
    PREPARED_ROWS = 128,
};

/// Multiplies chunks of rows of nearly equal height.
static void NAME(multiply_signed)(const dragoman_int8_rows *rows, const dragoman_int8_matrix *matrix,
                                  const dragoman_epilogue *e) {
    _Alignas(64) uint8_t levels[PREPARED];
    const size_t stride = (matrix->depth + 3) / 4 * 4, fitting = PREPARED / stride;
    const size_t most = fitting < PREPARED_ROWS ? fitting : PREPARED_ROWS;
    const size_t chunks = (rows->rows + most - 1) / most;
    dragoman_int8_rows chunk = {.levels = levels, .stride = stride};
    dragoman_epilogue end = *e;
    for (size_t row = 0, left = chunks; left > 0; row += chunk.rows, left--) {
        chunk.rows = (rows->rows - row + left - 1) / left;
        chunk.scales = rows->scales + row;
        for (size_t r = 0; r < chunk.rows; r++) {
            const uint8_t *from = rows->levels + (row + r) * rows->stride;
            for (size_t k = 0; k < stride; k++) levels[r * stride + k] = from[k] ^ 128;
        }
        end.output = e->output + row * e->output_stride;
        if (e->residual != NULL) end.residual = e->residual + row * e->residual_stride;
        NAME(multiply_int8)(&chunk, matrix, &end);
    }
}
