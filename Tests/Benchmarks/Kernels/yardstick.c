#include "yardstick.h"

#if !defined(YARDSTICK)
void limit_yardstick(const char *set) { (void)set; }
yardstick *new_yardstick(const product *product) { return (void)product, NULL; }
void free_yardstick(yardstick *yardstick) { (void)yardstick; }
const char *yardstick_kernel(const yardstick *yardstick) { return (void)yardstick, ""; }
void multiply_yardstick(void *yardstick) { (void)yardstick; }
#else

#include <dnnl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"

#if DNNL_VERSION_MAJOR != 2
#error "written for oneDNN 2: version 3 has no output scales"
#endif

/// Whatever oneDNN refuses is a mistake of ours, or a version that cannot do it.
#define TRY(call)                                                                                                      \
    do {                                                                                                               \
        const dnnl_status_t status = (call);                                                                           \
        if (status != dnnl_success) {                                                                                  \
            fprintf(stderr, "oneDNN: %s failed with status %d\n", #call, (int)status);                                 \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

enum { SOURCE, WEIGHTS, BIAS, DESTINATION, ARGUMENTS };

/// The columns of a part, packed once for each copy.
typedef struct {
    dnnl_primitive_t primitive;
    dnnl_exec_arg_t (*arguments)[ARGUMENTS];  ///< [copies]
    int8_t *packed;                           ///< [copies][packed bytes]
} yardstick_part;

struct yardstick {
    dnnl_engine_t engine;
    dnnl_stream_t stream;
    yardstick_part *parts;
    size_t part_count, copies, turn;
    float *output;
    char kernel[64];  ///< That of the first part.
};

void limit_yardstick(const char *set) {
    static const struct {
        const char *set;
        dnnl_cpu_isa_t limit;
    } limits[] = {
        {"amx", dnnl_cpu_isa_avx512_core_amx},
        {"avx512", dnnl_cpu_isa_avx512_core_vnni},
        {"avxvnni", dnnl_cpu_isa_avx2_vnni},
        {"avx2", dnnl_cpu_isa_avx2},
    };
    if (getenv("DNNL_MAX_CPU_ISA")) return;
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        if (!strcmp(set, limits[i].set)) TRY(dnnl_set_max_cpu_isa(limits[i].limit));
}

static dnnl_memory_desc_t matrix_of(dnnl_data_type_t type, size_t rows, size_t columns, size_t stride) {
    dnnl_memory_desc_t matrix;
    TRY(dnnl_memory_desc_init_by_strides(&matrix, 2, (dnnl_dims_t){(dnnl_dim_t)rows, (dnnl_dim_t)columns}, type,
                                         (dnnl_dims_t){(dnnl_dim_t)stride, 1}));
    return matrix;
}

static dnnl_memory_t memory_at(const yardstick *y, const dnnl_memory_desc_t *layout, const void *at) {
    dnnl_memory_t memory;
    TRY(dnnl_memory_create(&memory, layout, y->engine, (void *)(uintptr_t)at));
    return memory;
}

static void pack(const yardstick *y, const product *p, size_t first, const dnnl_memory_desc_t *layout, int8_t *packed) {
    const size_t columns = part_columns(p, first);
    int8_t *plain = new_buffer(p->depth * columns);
    for (size_t k = 0; k < p->depth; k++)
        for (size_t c = 0; c < columns; c++) plain[k * columns + c] = weight_level(k, first + c);
    const dnnl_memory_desc_t plainly = matrix_of(dnnl_s8, p->depth, columns, columns);
    dnnl_primitive_desc_t description;
    dnnl_primitive_t reorder;
    TRY(dnnl_reorder_primitive_desc_create(&description, &plainly, y->engine, layout, y->engine, NULL));
    TRY(dnnl_primitive_create(&reorder, description));
    dnnl_memory_t from = memory_at(y, &plainly, plain), to = memory_at(y, layout, packed);
    TRY(dnnl_primitive_execute(reorder, y->stream, 2, (dnnl_exec_arg_t[]){{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}}));
    TRY(dnnl_stream_wait(y->stream));
    dnnl_memory_destroy(from);
    dnnl_memory_destroy(to);
    dnnl_primitive_destroy(reorder);
    dnnl_primitive_desc_destroy(description);
    free(plain);
}

/// `output = (source * weights + bias) * scale`, in which the bias are our offsets.
static yardstick_part new_part(yardstick *y, const product *p, size_t first) {
    const size_t columns = part_columns(p, first);
    const dnnl_memory_desc_t source = matrix_of(dnnl_u8, p->rows, p->depth, p->stride);
    const dnnl_memory_desc_t bias = matrix_of(dnnl_s32, 1, columns, columns);
    const dnnl_memory_desc_t destination = matrix_of(dnnl_f32, p->rows, columns, p->part);
    dnnl_memory_desc_t weights;
    TRY(dnnl_memory_desc_init_by_tag(&weights, 2, (dnnl_dims_t){(dnnl_dim_t)p->depth, (dnnl_dim_t)columns}, dnnl_s8,
                                     dnnl_format_tag_any));

    dnnl_matmul_desc_t operation;
    TRY(dnnl_matmul_desc_init(&operation, &source, &weights, &bias, &destination));
    dnnl_primitive_attr_t attributes;
    TRY(dnnl_primitive_attr_create(&attributes));
    TRY(dnnl_primitive_attr_set_output_scales(attributes, (dnnl_dim_t)columns, 1 << 1, p->scales + first));
    dnnl_primitive_desc_t description;
    TRY(dnnl_primitive_desc_create(&description, &operation, attributes, y->engine, NULL));
    const dnnl_memory_desc_t *layout = dnnl_primitive_desc_query_md(description, dnnl_query_weights_md, 0);
    const char *kernel;
    TRY(dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, &kernel));
    if (first == 0) snprintf(y->kernel, sizeof y->kernel, "%s", kernel);

    yardstick_part part;
    TRY(dnnl_primitive_create(&part.primitive, description));
    const size_t bytes = (dnnl_memory_desc_get_size(layout) + 63) / 64 * 64;
    part.packed = new_buffer(p->copies * bytes);
    part.arguments = new_buffer(p->copies * sizeof *part.arguments);
    pack(y, p, first, layout, part.packed);
    for (size_t copy = 0; copy < p->copies; copy++) {
        int8_t *packed = part.packed + copy * bytes;
        if (copy > 0) memcpy(packed, part.packed, bytes);
        dnnl_exec_arg_t *arguments = part.arguments[copy];
        arguments[SOURCE] = (dnnl_exec_arg_t){DNNL_ARG_SRC, memory_at(y, &source, p->levels)};
        arguments[WEIGHTS] = (dnnl_exec_arg_t){DNNL_ARG_WEIGHTS, memory_at(y, layout, packed)};
        arguments[BIAS] = (dnnl_exec_arg_t){DNNL_ARG_BIAS, memory_at(y, &bias, p->offsets + first)};
        arguments[DESTINATION] = (dnnl_exec_arg_t){DNNL_ARG_DST, memory_at(y, &destination, y->output)};
    }
    dnnl_primitive_attr_destroy(attributes);
    dnnl_primitive_desc_destroy(description);
    return part;
}

static void multiply_yardstick_part(const yardstick *y, size_t part) {
    TRY(dnnl_primitive_execute(y->parts[part].primitive, y->stream, ARGUMENTS,
                               y->parts[part].arguments[y->turn % y->copies]));
    TRY(dnnl_stream_wait(y->stream));
}

/// Speeds of different products mean nothing. Without vpdpbusd oneDNN's sums may saturate, as its documentation says.
static void check_part(const yardstick *y, const product *p, size_t part) {
    const size_t first = part * p->part;
    multiply_yardstick_part(y, part);
    multiply_part(p, p->kernels, first, p->output);
    for (size_t row = 0; row < p->rows; row++)
        for (size_t column = 0; column < part_columns(p, first); column++) {
            const float ours = p->output[row * p->part + column], theirs = y->output[row * p->part + column];
            if (fabsf(ours - theirs) <= 1e-5f * fabsf(ours) + 1e-3f) continue;
            fprintf(stderr, "oneDNN's product is another: %zu rows by %zux%zu, row %zu, column %zu: %g, ours %g\n",
                    p->rows, p->depth, p->columns, row, first + column, (double)theirs, (double)ours);
            exit(1);
        }
}

yardstick *new_yardstick(const product *p) {
    yardstick *y = new_buffer(sizeof *y);
    TRY(dnnl_engine_create(&y->engine, dnnl_cpu, 0));
    TRY(dnnl_stream_create(&y->stream, y->engine, dnnl_stream_default_flags));
    y->output = new_buffer(p->rows * p->part * sizeof *y->output);
    y->copies = p->copies;
    y->part_count = (p->columns + p->part - 1) / p->part;
    y->parts = new_buffer(y->part_count * sizeof *y->parts);
    for (size_t part = 0; part < y->part_count; part++) {
        y->parts[part] = new_part(y, p, part * p->part);
        if (dnnl_get_effective_cpu_isa() != dnnl_cpu_isa_avx2) check_part(y, p, part);
    }
    return y;
}

void free_yardstick(yardstick *y) {
    if (!y) return;
    for (size_t part = 0; part < y->part_count; part++) {
        for (size_t copy = 0; copy < y->copies; copy++)
            for (size_t i = 0; i < ARGUMENTS; i++) dnnl_memory_destroy(y->parts[part].arguments[copy][i].memory);
        dnnl_primitive_destroy(y->parts[part].primitive);
        free(y->parts[part].arguments);
        free(y->parts[part].packed);
    }
    free(y->parts);
    free(y->output);
    dnnl_stream_destroy(y->stream);
    dnnl_engine_destroy(y->engine);
    free(y);
}

const char *yardstick_kernel(const yardstick *y) { return y->kernel; }

void multiply_yardstick(void *subject) {
    yardstick *y = subject;
    for (size_t part = 0; part < y->part_count; part++) multiply_yardstick_part(y, part);
    y->turn++;
}
#endif
