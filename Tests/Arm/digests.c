// Runs every kernel of every instruction set that this processor has on the same random inputs, and prints a digest of
// what each call wrote:
//
//     avx2 multiply_int8.rows=5,depth=36,columns=130 1f0c6f8a2b9d4e57
//
// Inputs and outputs end where memory ends, so that one that is read or written too far is a crash. Every NaN counts as
// the same one: which of them an operation gives, processors differ in, and nothing here depends on it.
#include "inputs.h"

#include "CKernels.h"

// --- Products.

typedef struct {
    dragoman_epilogue epilogue;
    size_t count;
} ending;

static ending ending_of(size_t rows, size_t columns, dragoman_activation activation, size_t one_in) {
    const size_t stride = columns + integer(0, 3), residual_stride = columns + integer(0, 3);
    ending end = {.count = rows * stride};
    end.epilogue = (dragoman_epilogue){
        .bias = flag() ? odd_floats(columns, 3, one_in) : NULL,
        .residual = flag() ? odd_floats(rows * residual_stride, 3, one_in) : NULL,
        .residual_stride = residual_stride,
        .output = unwritten(rows * stride),
        .output_stride = stride,
        .activation = activation,
    };
    return end;
}

/// - Parameter extreme: Whether levels and weights are the largest and the least.
static void run_int8(const dragoman_kernels *k, size_t rows, size_t depth, size_t columns, bool extreme,
                     size_t one_in) {
    const size_t read = (depth + 3) / 4 * 4, stride = read + 4 * integer(0, 3);
    const size_t lanes = (columns + DRAGOMAN_LANES - 1) / DRAGOMAN_LANES * DRAGOMAN_LANES;
    // What follows the last row's depth may not be there.
    const size_t level_bytes = rows == 0 ? 0 : (rows - 1) * stride + read;
    uint8_t *const levels = take(level_bytes);
    for (size_t i = 0; i < level_bytes; i++) {
        const size_t at = i % stride;
        if (at >= depth && at < read) levels[i] = 128;
        else levels[i] = extreme ? (flag() ? 0 : 255) : (uint8_t)next_bits();
    }
    float *const scales = odd_floats(rows, 0.1f, one_in);
    const size_t bytes = dragoman_int8_panel_bytes(depth, columns);
    int8_t *const panels = take(bytes);
    float *const column_scales = take(columns * sizeof(float));
    int32_t *const offsets = take(lanes * sizeof(int32_t));
    memset(panels, 0, bytes);
    memset(offsets, 0, lanes * sizeof(int32_t));
    if (extreme) {
        int8_t *const weights = take(depth * columns);
        const bool alike = flag();
        for (size_t i = 0; i < depth * columns; i++) weights[i] = alike || flag() ? 127 : -127;
        dragoman_pack_levels(weights, depth, columns, 0, columns, panels, offsets);
        for (size_t c = 0; c < columns; c++) column_scales[c] = 0.01f;
    } else {
        dragoman_pack_int8(floats_of(depth * columns, 1), depth, columns, 0, columns, panels, column_scales, offsets);
    }
    const dragoman_int8_rows quantized = {levels, scales, rows, stride};
    const dragoman_int8_matrix matrix = {panels, column_scales, offsets, depth, columns};
    const ending end = ending_of(rows, columns, (dragoman_activation)integer(0, 4), one_in);
    k->multiply_int8(&quantized, &matrix, &end.epilogue);
    add_floats(end.epilogue.output, end.count);
    SAY("multiply_int8.rows=%zu,depth=%zu,columns=%zu%s%s", rows, depth, columns, extreme ? ",extreme" : "",
        one_in ? ",odd" : "");
}

static void run_all_int8(const dragoman_kernels *k) {
    static const size_t shapes[][3] = {
        {1, 512, 200},   {1, 2048, 64},   {2, 1000, 79},  {3, 64, 300},    {4, 512, 200},   {5, 2048, 80},
        {6, 1028, 65},   {7, 1030, 130},  {8, 512, 512},  {12, 1024, 48},  {13, 2052, 33},  {16, 64, 64},
        {17, 68, 47},    {32, 256, 192},  {33, 132, 17},  {64, 512, 64},   {65, 4, 16},     {100, 20, 70},
        {127, 60, 31},   {128, 61, 32},   {129, 62, 33},  {130, 63, 34},   {131, 256, 33},  {260, 8, 20},
        {300, 5, 9},     {70, 2048, 70},  {34, 4096, 18}, {18, 8192, 17},  {9, 16384, 16},  {5, 20000, 20},
        {6, 40000, 3},   {4, 65537, 2},   {1, 131072, 1}, {0, 8, 8},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        run_int8(k, shapes[i][0], shapes[i][1], shapes[i][2], false, 0);
    for (size_t i = 0; i < 60; i++)
        run_int8(k, integer(1, 20), integer(1, 140), integer(1, 200), false, i % 6 == 0 ? 40 : 0);
    static const size_t extremes[][3] = {{1, 4096, 17}, {2, 16, 20},   {3, 8192, 16}, {4, 131072, 1}, {5, 1000, 65},
                                         {8, 2048, 70}, {16, 4095, 16}};
    for (size_t i = 0; i < sizeof extremes / sizeof extremes[0]; i++)
        run_int8(k, extremes[i][0], extremes[i][1], extremes[i][2], true, 0);
}

static void run_float32(const dragoman_kernels *k, size_t rows, size_t depth, size_t columns, size_t one_in) {
    const size_t stride = depth + integer(0, 3), count = dragoman_float32_panel_count(depth, columns);
    float *const a = odd_floats(rows == 0 ? 0 : (rows - 1) * stride + depth, 1, one_in);
    float *const panels = take(count * sizeof *panels);
    memset(panels, 0, count * sizeof *panels);
    dragoman_pack_float32(odd_floats(depth * columns, 1, one_in * 3), depth, columns, 0, columns, panels);
    const dragoman_float32_matrix matrix = {panels, depth, columns};
    const ending end = ending_of(rows, columns, (dragoman_activation)integer(0, 4), one_in);
    k->multiply_float32(a, rows, stride, &matrix, &end.epilogue);
    add_floats(end.epilogue.output, end.count);
    SAY("multiply_float32.rows=%zu,depth=%zu,columns=%zu%s", rows, depth, columns, one_in ? ",odd" : "");
}

static void run_all_float32(const dragoman_kernels *k) {
    run_float32(k, 0, 3, 3, 0);
    run_float32(k, 9, 512, 70, 0);
    run_float32(k, 4, 1027, 33, 0);
    for (size_t i = 0; i < 40; i++)
        run_float32(k, integer(1, 12), integer(1, 70), integer(1, 150), i % 4 == 0 ? 60 : 0);
}

static void run_screen(const dragoman_kernels *k, size_t rows, size_t depth, size_t columns, bool extreme) {
    const size_t bytes = dragoman_int8_panel_bytes(depth, columns), lanes = bytes / depth, groups = (columns + 63) / 64;
    int8_t *const panels = take(bytes);
    float *const scales = take(columns * sizeof(float));
    int32_t *const offsets = take(lanes * sizeof(int32_t));
    memset(panels, 0, bytes);
    memset(offsets, 0, lanes * sizeof(int32_t));
    dragoman_pack_int8(floats_of(depth * columns, 1), depth, columns, 0, columns, panels, scales, offsets);
    if (extreme)
        for (size_t i = 0; i < bytes; i++) panels[i] = 127;
    uint8_t *const nibbles = take(bytes / 2), *const levels = take(rows * depth);
    float *const errors = take(lanes * sizeof(float));
    dragoman_pack_screen(panels, depth, columns, nibbles, errors);
    for (size_t i = 0; i < rows * depth; i++) levels[i] = extreme ? (flag() ? 0 : 255) : (uint8_t)next_bits();
    float *const row_scales = floats_of(rows, 0.1f), *const bounds = unwritten(rows * groups);
    for (size_t r = 0; r < rows; r++) row_scales[r] = row_scales[r] < 0 ? -row_scales[r] : row_scales[r];
    float *const bias = flag() ? floats_of(columns, 30) : NULL;
    if (k->screen != NULL) {
        const dragoman_int8_rows quantized = {levels, row_scales, rows, depth};
        const dragoman_int8_matrix matrix = {panels, scales, offsets, depth, columns};
        const dragoman_int8_screen screen = {nibbles, errors, bias, bounds, groups};
        k->screen(&quantized, &matrix, &screen);
        add_floats(bounds, rows * groups);
        SAY("screen.rows=%zu,depth=%zu,columns=%zu%s", rows, depth, columns, extreme ? ",extreme" : "");
    }
    release_all();
}

static void run_all_screens(const dragoman_kernels *k) {
    run_screen(k, 1, 512, 400, false);
    run_screen(k, 4, DRAGOMAN_SCREEN_DEPTH, 65, false);
    for (size_t rows = 1; rows <= 4; rows++) run_screen(k, rows, DRAGOMAN_SCREEN_DEPTH, 20, true);
    for (size_t i = 0; i < 30; i++) run_screen(k, integer(1, 4), 8 * integer(1, 64), integer(1, 300), false);
}

// --- Rows.

static void run_quantize(const dragoman_kernels *k, size_t width, float scale, size_t one_in) {
    const size_t stride = (width + 3) / 4 * 4 + 4 * integer(0, 3);
    const float *const row = odd_floats(width, scale, one_in);
    uint8_t *const levels = take(stride);
    float two[2];
    k->quantize(row, width, levels, stride, &two[0]);
    add_bytes(levels, stride);
    k->quantize_by(row, width, 20.0f + 50.0f * (unit() + 1.0f), levels, stride, &two[1]);
    add_bytes(levels, stride);
    add_floats(two, 2);
    SAY("quantize.width=%zu,scale=%g%s", width, (double)scale, one_in ? ",odd" : "");
}

static void run_normalize(const dragoman_kernels *k, size_t width, size_t one_in) {
    float *const row = odd_floats(width, 2, one_in), *const output = unwritten(width);
    const dragoman_norm norm = {floats_of(width, 1), flag() ? floats_of(width, 1) : NULL, width, 1e-5f, flag()};
    k->normalize(&norm, row, output);
    add_floats(output, width);
    k->normalize(&norm, row, row);
    add_floats(row, width);
    SAY("normalize.width=%zu%s", width, one_in ? ",odd" : "");
}

static void run_elements(const dragoman_kernels *k, dragoman_element element, size_t width) {
    static const size_t sizes[] = {4, 2, 2, 1};
    static const char *const names[] = {"float32", "float16", "bfloat16", "int8"};
    uint8_t *const table = take(width * sizes[element]);
    for (size_t i = 0; i < width * sizes[element]; i++) table[i] = (uint8_t)next_bits();
    for (size_t i = 0; i < width; i++) {  // finite
        uint8_t *const last = table + (i + 1) * sizes[element] - 1;
        if (element != DRAGOMAN_ELEMENT_INT8 && (*last & 0x7f) >= 0x7c) *last &= 0xbf;
    }
    float *const output = unwritten(width);
    k->embed(element, table, width, 22.6f, flag() ? floats_of(width, 1) : NULL, output);
    add_floats(output, width);
    k->multiply(floats_of(width, 1), width, output);
    add_floats(output, width);
    SAY("embed.element=%s,width=%zu", names[element], width);
}

static void run_recur(const dragoman_kernels *k, size_t width, size_t one_in) {
    float *const state_after = unwritten(width), *const output = floats_of(width, 1);
    const float *const candidate = odd_floats(width, 2, one_in), *const gate = odd_floats(width, 20, one_in);
    k->recur(candidate, gate, flag() ? odd_floats(width, 2, one_in) : NULL, width, state_after, output);
    add_floats(state_after, width);
    add_floats(output, width);
    SAY("recur.width=%zu%s", width, one_in ? ",odd" : "");
}

/// What becomes of logits. Those of a sum are no NaNs.
static void run_logits(const dragoman_kernels *k, size_t count, float scale, size_t best, size_t one_in) {
    float *const row = odd_floats(count, scale, one_in);
    float *const values = take(best * sizeof(float));
    int32_t *const indices = take(best * sizeof(int32_t));
    const size_t held = k->top_k(row, count, best, values, indices);
    add_bytes(&held, sizeof held);
    add_floats(values, held);
    add_bytes(indices, held * sizeof *indices);
    for (size_t i = 0; i < count; i++)
        if (row[i] != row[i] || row[i] == from_bits(0x7f800000)) row[i] = -row[i] < 0 ? 1e30f : from_bits(0xff800000);
    dragoman_summary summary = {true, from_bits(0xff800000), 0, best, 0, values, indices};
    for (size_t first = 0, part; first < count; first += part) {
        part = DRAGOMAN_BLOCK * integer(1, 3);
        if (part > count - first) part = count - first;
        k->summarize(row + first, part, first, &summary);
    }
    const float two[2] = {k->log_sum_exp(row, count), k->summed(&summary)};
    add_floats(two, 2);
    add_floats(values, summary.held);
    add_bytes(indices, summary.held * sizeof *indices);
    SAY("logits.count=%zu,scale=%g,best=%zu%s", count, (double)scale, best, one_in ? ",odd" : "");
}

static void run_exponentials(const dragoman_kernels *k, size_t count, float scale, size_t one_in) {
    float *const output = unwritten(count);
    const float sum = k->exponentials(odd_floats(count, scale, one_in), count, 0.5f, 0.9f, output);
    add_floats(&sum, 1);
    add_floats(output, count);
    SAY("exponentials.count=%zu,scale=%g%s", count, (double)scale, one_in ? ",odd" : "");
}

static void run_all_rows(const dragoman_kernels *k) {
    static const size_t widths[] = {1, 2, 3, 4, 7, 15, 16, 17, 31, 33, 48, 63, 64, 65, 80, 100, 129, 250, 512, 1000};
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
        run_quantize(k, widths[i], 3, 0);
        run_quantize(k, widths[i], 3, 12);
        run_quantize(k, widths[i], i % 2 ? 1e-38f : 1e-37f, 0);
        run_normalize(k, widths[i], 0);
        run_normalize(k, widths[i], 200);
        for (dragoman_element element = 0; element <= DRAGOMAN_ELEMENT_INT8; element++)
            run_elements(k, element, widths[i]);
        run_recur(k, widths[i], 0);
        run_recur(k, widths[i], 10);
        run_exponentials(k, widths[i], 1, 0);
        run_exponentials(k, widths[i], 60, 10);
        run_logits(k, widths[i], 10, integer(1, 12), 0);
        run_logits(k, widths[i], 10, integer(1, 12), 6);
    }
    run_logits(k, 5000, 4, 5, 0);
    run_logits(k, 3001, 30, 40, 0);
    run_logits(k, 2049, 0, 3, 0);
}

// --- Attention.

static void run_attention(const dragoman_kernels *k, size_t heads, size_t width, size_t count, bool is_paired,
                          size_t one_in) {
    const size_t all = heads * width, key_offset = is_paired ? 32 : 3, value_offset = key_offset + all;
    const size_t elements = value_offset + all, row_bytes = elements * (is_paired ? 2 : 4);
    const void **const rows = take(count * sizeof *rows);
    char *const cache = take(count * row_bytes);
    for (size_t j = 0; j < count; j++) {
        rows[j] = cache + j * row_bytes;
        float *const values = odd_floats(elements, 1, one_in);
        if (is_paired) k->store_paired(values, elements, cache + j * row_bytes);
        else memcpy(cache + j * row_bytes, values, row_bytes);
        taken_count--;
        release(values, elements * sizeof *values);
    }
    if (is_paired) add_bytes(cache, count * row_bytes);
    const size_t padded = (count + 15) / 16 * 16;
    const dragoman_attention attention = {
        .query = odd_floats(all, 1, one_in),
        .rows = rows,
        .is_paired = is_paired,
        .key_offset = key_offset,
        .value_offset = value_offset,
        .count = count,
        .heads = heads,
        .head_width = width,
        .scale = 0.3f,
        .bias = flag() ? floats_of((heads - 1) * (count + 1) + count, 1) : NULL,
        .bias_stride = count + 1,
        .scratch = unwritten(heads * padded),
        .mean_weights = flag() ? unwritten(count) : NULL,
        .output = unwritten(all),
    };
    k->attend(&attention);
    add_floats(attention.output, all);
    if (attention.mean_weights != NULL) add_floats(attention.mean_weights, count);
    SAY("attend.heads=%zu,width=%zu,count=%zu%s%s", heads, width, count, is_paired ? ",paired" : "",
        one_in ? ",odd" : "");
}

static void run_all_attention(const dragoman_kernels *k) {
    static const size_t widths[] = {1, 5, 8, 16, 20, 31, 32, 40, 48, 64, 80, 96, 128, 160};
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++)
        for (int turn = 0; turn < 4; turn++) {
            const bool is_paired = widths[i] % DRAGOMAN_PAIRED == 0 && turn % 2 == 0;
            const size_t heads = turn == 0 ? 8 : integer(1, 9), count = turn == 1 ? 1 : integer(1, 45);
            run_attention(k, heads, widths[i], count, is_paired, turn == 3 ? 500 : 0);
        }
    run_attention(k, 17, 16, 20, false, 0);
    run_attention(k, 33, 32, 3, true, 0);
    float *const values = odd_floats(4096, 1e30f, 2);
    void *const stored = take(4096 * 2);
    k->store_paired(values, 4096, stored);
    add_bytes(stored, 4096 * 2);
    SAY("store_paired.count=4096");
}

// --- What every build has once, whatever the instruction set.

static void run_packing(size_t depth, size_t columns) {
    const size_t lanes = (columns + 15) / 16 * 16, bytes = dragoman_int8_panel_bytes(depth, columns);
    const float *const weights = odd_floats(depth * columns, 1, 0);
    int8_t *const panels = take(bytes);
    float *const scales = take(columns * sizeof(float)), *const floats = take(lanes * depth * sizeof(float));
    int32_t *const offsets = take(lanes * sizeof(int32_t));
    memset(panels, 0, bytes);
    memset(offsets, 0, lanes * sizeof(int32_t));
    memset(floats, 0, lanes * depth * sizeof(float));
    dragoman_pack_int8(weights, depth, columns, 0, columns, panels, scales, offsets);
    dragoman_pack_float32(weights, depth, columns, 0, columns, floats);
    add_bytes(panels, bytes);
    add_floats(scales, columns);
    add_bytes(offsets, columns * sizeof *offsets);
    add_floats(floats, lanes * depth);
    if (depth % 8 == 0) {
        uint8_t *const nibbles = take(bytes / 2);
        float *const errors = take(lanes * sizeof(float));
        dragoman_pack_screen(panels, depth, columns, nibbles, errors);
        add_bytes(nibbles, bytes / 2);
        add_floats(errors, lanes);
    }
    const size_t count = integer(1, columns), selected_bytes = dragoman_int8_panel_bytes(depth, count);
    int32_t *const selected = take(count * sizeof(int32_t));
    for (size_t i = 0; i < count; i++) selected[i] = (int32_t)integer(0, columns - 1);
    int8_t *const some = take(selected_bytes);
    memset(some, 0, selected_bytes);
    dragoman_select_int8(panels, depth, columns, selected, count, some);
    add_bytes(some, selected_bytes);
    SAY("pack.depth=%zu,columns=%zu", depth, columns);
}

static void run_common(void) {
    set_name = "all";
    for (size_t i = 0; i < 12; i++) run_packing(i % 2 ? 8 * integer(1, 30) : integer(1, 200), integer(1, 150));
    for (dragoman_element element = DRAGOMAN_ELEMENT_FLOAT16; element <= DRAGOMAN_ELEMENT_BFLOAT16; element++) {
        uint16_t *const halves = take(65536 * 2);
        float *const output = unwritten(65536);
        size_t count = 0;
        for (uint32_t bits = 0; bits < 65536; bits++) {
            halves[count] = (uint16_t)bits;
            count += dragoman_first_non_finite(element, halves + count, 1) == 1;
        }
        dragoman_widen(element, halves, count, output);
        dragoman_scale(0.7f, count, output);
        add_bytes(&count, sizeof count);
        add_floats(output, count);
        SAY("widen.element=%d", (int)element);
    }
    for (size_t i = 0; i < 1000; i++) {
        const double power = dragoman_power(1.0 + (double)integer(0, 1000) / 7, (double)unit() * 3);
        double two[2];
        dragoman_sine_cosine((double)integer(0, 100000) / 3, &two[0], &two[1]);
        add_bytes(&power, sizeof power);
        add_bytes(two, sizeof two);
    }
    SAY("power,sine_cosine");
}

int main(int argc, char **argv) {
    (void)argv;
    if (argc > 1) {
        fprintf(stderr, "digests: takes no arguments\n");
        return 64;
    }
    for (size_t i = 0; i < dragoman_kernels_count(); i++) {
        const dragoman_kernels *const k = dragoman_kernels_at(i);
        if (k == NULL) continue;
        set_name = k->name;
        state = 1;
        run_all_int8(k);
        state = 2;
        run_all_float32(k);
        state = 3;
        run_all_screens(k);
        state = 4;
        run_all_rows(k);
        state = 5;
        run_all_attention(k);
    }
    state = 6;
    run_common();
    return 0;
}
