// AVX-512 and AMX, a unit that multiplies matrices: Intel since Sapphire Rapids (2023).
//
// Its registers, eight tiles of 16 rows of 64 bytes, hold exactly what the packed panels are made of: 16 columns by 64
// of the depth, which lie together. (Lines that are not side by side come up to a fifth more slowly.) An instruction
// multiplies a tile of rows with one of weights, and adds the products in int32, as exactly as the dot product
// instruction does. (Intel 64 and IA-32 Architectures Optimization Reference Manual, chapter 20.)
#if defined(__x86_64__)
#pragma clang attribute push(                                                                                          \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,fma,amx-tile,amx-int8"))), apply_to = function)
#include "avx512_lanes.h"

#define ISA amx
#define ISA_NAME "amx"
#define NAME(x) amx_##x
#define MULTIPLY_INT8 NAME(multiply_by_tiles)
#define EXERCISE_INT8 NAME(exercise_tiles)

static void MULTIPLY_INT8(const dragoman_int8_rows *rows, const dragoman_int8_matrix *matrix,
                          const dragoman_epilogue *e);
static uint64_t EXERCISE_INT8(uint64_t rounds);

#include "kernels.inc"

enum {
    TILE_HEIGHT = 16,
    TILE_BYTES = 64,  // of a tile's row
    WEIGHTS_TILE = TILE_HEIGHT * TILE_BYTES,
    /// Of fewer rows the unit's speed is lost on the way to it.
    LEAST_ROWS = 5,
    /// Of so many rows a group of panels is 32 KiB.
    NEAR_DEPTH = 512,
    /// So many rows are finished at a time, unless there are more than the depth has steps for: it is worth a call.
    FINISHED_ROWS = 8,
};

/// The tiles: 0 to 3 are sums, 4 and 5 rows, 6 and 7 weights. All of one kind have the same shape, so that the unit is
/// set up once for a product: rows are cut into tiles of equal height, the last of which may do some of the rows again.
static void configure_tiles(size_t height) {
    struct {
        uint8_t palette, start_row, reserved[14];
        uint16_t row_bytes[16];
        uint8_t rows[16];
    } configuration = {.palette = 1};
    for (int tile = 0; tile < 8; tile++) {
        configuration.row_bytes[tile] = TILE_BYTES;
        configuration.rows[tile] = (uint8_t)(tile < 6 ? height : TILE_HEIGHT);
    }
    _tile_loadconfig(&configuration);
}

/// A block of one or two tiles of rows, and the group of panels that it is multiplied with.
typedef struct {
    const uint8_t *rows;
    size_t stride;
    size_t second;  // the row at which the second tile begins; the two may overlap
    const int8_t *weights;
    size_t group, depth;
    const int32_t *offsets;
} block_product;

/// What is done at every step of the depth while the unit, which works by itself, multiplies a block.
typedef struct {
    /// The sums of the block before, whose rows are finished some at a time.
    product_tile ended;
    size_t rows_a_step;
    const dragoman_epilogue *epilogue;
    /// The weights of the next group, which are fetched into the second cache some lines at a time: the next one comes
    /// while a group is multiplied with all rows. Asking costs up to a third of a product whose weights are near. Where
    /// a group is read once, the processor itself sees what comes next; where twice, and the group is near the second
    /// time, it does once some lines have come.
    bool isFetching, isSparse;
    const int8_t *next, *next_end;
    size_t lines_a_step;
} side_work;

static void finish_some(side_work *side, size_t rows) {
    product_tile *tile = &side->ended;
    const size_t left = tile->rows;
    tile->rows = rows < left ? rows : left;
    NAME(finish)(tile, side->epilogue);
    tile->row += tile->rows;
    tile->sums += tile->rows * tile->pitch;
    tile->rows = left - tile->rows;
}

INLINE void fetch_some(side_work *side, size_t lines) {
    const int8_t *const next = side->next;
    const size_t left = (size_t)(side->next_end - next) / TILE_BYTES, count = lines < left ? lines : left;
    if (side->isSparse) {
        for (size_t line = 0; line < count; line += 4) _mm_prefetch(next + line * TILE_BYTES, _MM_HINT_T1);
    } else {
#pragma clang loop unroll_count(8)
        for (size_t line = 0; line < count; line++) _mm_prefetch(next + line * TILE_BYTES, _MM_HINT_T1);
    }
    side->next = next + count * TILE_BYTES;
}

/// Sets about the next `bytes` of weights, to be there after so many steps.
INLINE void fetch_next(side_work *side, size_t bytes, size_t steps) {
    if (!side->isFetching) return;
    side->next = side->next_end;
    side->next_end += bytes;
    side->lines_a_step = (bytes / TILE_BYTES + steps - 1) / steps;
}

INLINE void work_aside(side_work *side) {
    fetch_some(side, side->lines_a_step);
    if (side->ended.rows > 0) finish_some(side, side->rows_a_step);
}

enum { SUM_PITCH = DRAGOMAN_GROUP * DRAGOMAN_LANES };

/// Two tiles of rows and two panels, or one.
INLINE void multiply_pair(const size_t panels, const block_product *b, size_t panel, int32_t *sums,
                          side_work *side) {
    const size_t bytes = SUM_PITCH * sizeof *sums;
    const uint8_t *first = b->rows, *second = b->rows + b->second * b->stride;
    const int32_t *offsets = b->offsets + panel * DRAGOMAN_LANES;
    // A stride of 0: every row begins with the columns' offsets.
    _tile_loadd(0, offsets, 0);
    _tile_loadd(1, offsets, 0);
    if (panels > 1) {
        _tile_loadd(2, offsets + DRAGOMAN_LANES, 0);
        _tile_loadd(3, offsets + DRAGOMAN_LANES, 0);
    }
    const int8_t *weights = b->weights + panel * WEIGHTS_TILE;
    for (size_t k = 0; k < b->depth; k += TILE_BYTES, weights += b->group * WEIGHTS_TILE) {
        _tile_loadd(4, first + k, b->stride);
        _tile_loadd(6, weights, TILE_BYTES);
        _tile_dpbusd(0, 4, 6);
        _tile_loadd(5, second + k, b->stride);
        _tile_dpbusd(1, 5, 6);
        if (panels > 1) {
            _tile_loadd(7, weights + WEIGHTS_TILE, TILE_BYTES);
            _tile_dpbusd(2, 4, 7);
            _tile_dpbusd(3, 5, 7);
        }
        work_aside(side);
    }
    _tile_stored(0, sums, bytes);
    _tile_stored(1, sums + b->second * SUM_PITCH, bytes);
    if (panels > 1) {
        _tile_stored(2, sums + DRAGOMAN_LANES, bytes);
        _tile_stored(3, sums + b->second * SUM_PITCH + DRAGOMAN_LANES, bytes);
    }
}

/// One tile of rows and the four panels of a whole group.
INLINE void multiply_single(const block_product *b, int32_t *sums, side_work *side) {
    const size_t bytes = SUM_PITCH * sizeof *sums;
    _tile_loadd(0, b->offsets, 0);
    _tile_loadd(1, b->offsets + DRAGOMAN_LANES, 0);
    _tile_loadd(2, b->offsets + 2 * DRAGOMAN_LANES, 0);
    _tile_loadd(3, b->offsets + 3 * DRAGOMAN_LANES, 0);
    const int8_t *weights = b->weights;
    for (size_t k = 0; k < b->depth; k += TILE_BYTES, weights += DRAGOMAN_GROUP * WEIGHTS_TILE) {
        _tile_loadd(4, b->rows + k, b->stride);
        _tile_loadd(6, weights, TILE_BYTES);
        _tile_dpbusd(0, 4, 6);
        _tile_loadd(7, weights + WEIGHTS_TILE, TILE_BYTES);
        _tile_dpbusd(1, 4, 7);
        _tile_loadd(6, weights + 2 * WEIGHTS_TILE, TILE_BYTES);
        _tile_dpbusd(2, 4, 6);
        _tile_loadd(7, weights + 3 * WEIGHTS_TILE, TILE_BYTES);
        _tile_dpbusd(3, 4, 7);
        work_aside(side);
    }
    _tile_stored(0, sums, bytes);
    _tile_stored(1, sums + DRAGOMAN_LANES, bytes);
    _tile_stored(2, sums + 2 * DRAGOMAN_LANES, bytes);
    _tile_stored(3, sums + 3 * DRAGOMAN_LANES, bytes);
}

static void MULTIPLY_INT8(const dragoman_int8_rows *rows, const dragoman_int8_matrix *matrix,
                          const dragoman_epilogue *e) {
    if (rows->rows < LEAST_ROWS || matrix->depth % TILE_BYTES != 0) {
        NAME(multiply_int8)(rows, matrix, e);
        return;
    }
    const size_t count = rows->rows, panel_count = (matrix->columns + DRAGOMAN_LANES - 1) / DRAGOMAN_LANES;
    const size_t tiles = (count + TILE_HEIGHT - 1) / TILE_HEIGHT, height = (count + tiles - 1) / tiles;
    const size_t steps = matrix->depth / TILE_BYTES, panel_bytes = DRAGOMAN_LANES * matrix->depth;
    _Alignas(64) int32_t sums[2][2 * TILE_HEIGHT * SUM_PITCH];  // of this block and of the one before
    int turn = 0;
    product_tile tile = product_of(rows, matrix, NULL, DRAGOMAN_GROUP);
    // A whole group by one tile of rows reads the rows half as often, where the group stays in the nearest cache.
    const bool isNear = matrix->depth <= NEAR_DEPTH;
    const size_t passes = isNear ? tiles : (tiles + 1) / 2;
    side_work side = {.ended = tile,
                      .epilogue = e,
                      .next = matrix->panels,
                      .next_end = matrix->panels,
                      .isFetching = passes > 1,
                      .isSparse = passes == 2 && isNear};
    configure_tiles(height);
    // Before the first group there is nothing to multiply.
    fetch_next(&side, group_panels(panel_count, 0) * panel_bytes, 1);
    fetch_some(&side, side.lines_a_step);
    for (size_t first = 0; first < panel_count; first += DRAGOMAN_GROUP) {
        const size_t group = group_panels(panel_count, first);
        block_product block = {.stride = rows->stride,
                               .weights = matrix->panels + first * panel_bytes,
                               .group = group,
                               .depth = matrix->depth,
                               .offsets = matrix->offsets + first * DRAGOMAN_LANES};
        const bool takesGroup = group == DRAGOMAN_GROUP && (tiles == 1 || isNear);
        const size_t width = takesGroup ? DRAGOMAN_GROUP : 2;
        const size_t blocks = takesGroup ? tiles : (group + 1) / 2 * ((tiles + 1) / 2);
        fetch_next(&side, group_panels(panel_count, first + group) * panel_bytes, blocks * steps);
        for (size_t panel = 0; panel < group; panel += tile.panels) {
            tile.panels = group - panel < width ? group - panel : width;
            tile.column = (first + panel) * DRAGOMAN_LANES;
            // The panels stay in the nearest cache for all rows.
            for (size_t done = 0; done < count; done += tile.rows) {
                // The last tile is moved up so that it ends with the rows.
                const size_t start = done + height <= count ? done : count - height;
                const size_t second =
                    takesGroup ? 0 : (start + 2 * height <= count ? height : count - height - start);
                block.rows = rows->levels + start * rows->stride;
                block.second = second;
                int32_t *const to = sums[turn];
                if (takesGroup) multiply_single(&block, to, &side);
                else if (tile.panels == 2) multiply_pair(2, &block, panel, to, &side);
                else multiply_pair(1, &block, panel, to, &side);
                finish_some(&side, side.ended.rows);
                tile.row = done;
                tile.rows = start + second + height - done;
                tile.sums = (const floats *)(const void *)(to + (done - start) * SUM_PITCH);
                side.ended = tile;
                side.rows_a_step = tile.rows > steps * FINISHED_ROWS ? (tile.rows + steps - 1) / steps : FINISHED_ROWS;
                turn = 1 - turn;
            }
        }
    }
    finish_some(&side, side.ended.rows);
    _tile_release();
}

static uint64_t EXERCISE_INT8(uint64_t rounds) {
    configure_tiles(TILE_HEIGHT);
    for (uint64_t round = 0; round < rounds; round++) {
        _tile_dpbusd(0, 4, 6);
        _tile_dpbusd(1, 5, 6);
        _tile_dpbusd(2, 4, 7);
        _tile_dpbusd(3, 5, 7);
    }
    _tile_release();
    return rounds * 4 * TILE_HEIGHT * TILE_BYTES * DRAGOMAN_LANES;
}
#pragma clang attribute pop
#endif
