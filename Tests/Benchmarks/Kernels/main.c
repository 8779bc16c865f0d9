// See `run`.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ceiling.h"
#include "contest.h"
#include "product.h"
#include "rival.h"
#include "yardstick.h"

enum {
    COUNTS_MAX = 64,
    /// What lies between two uses of a matrix when caches are to be cold: more than the second level of any processor.
    COLD_BYTES = 64 << 20,
    /// Matrices with more columns are also done in parts: no layer but the decoder's last one has as many.
    LAYER_COLUMNS_MAX = 8192,
};

static void fail(const char *what, const char *which) {
    fprintf(stderr, "%s: '%s'\n", what, which);
    exit(1);
}

/// Numbers from a list, each followed by one of `separators`, or the end.
static size_t parse(const char *list, const char *separators, size_t *numbers) {
    size_t count = 0;
    for (const char *rest = list;; rest++) {
        char *end;
        const unsigned long number = strtoul(rest, &end, 10);
        if (end == rest || number == 0 || number > 131072 || count == COUNTS_MAX || (*end && !strchr(separators, *end)))
            fail("not a list of sizes such as 512x2048 (--shapes) or 1,16 (--rows)", list);
        numbers[count++] = number;
        if (*end == '\0') return count;
        rest = end;
    }
}

/// The kernels of a name, or the best ones.
static const dragoman_kernels *find_kernels(const char *name) {
    for (size_t i = 0; i < dragoman_kernels_count(); i++) {
        const bool is_named = !strcmp(dragoman_kernels_name(i), name);
        if (!is_named && strcmp(name, "best") != 0) continue;
        const dragoman_kernels *kernels = dragoman_kernels_at(i);
        if (kernels) return kernels;
        if (is_named) fail("this processor does not have the instruction set", name);
    }
    fprintf(stderr, "known instruction sets:");
    for (size_t i = 0; i < dragoman_kernels_count(); i++) fprintf(stderr, " %s", dragoman_kernels_name(i));
    fprintf(stderr, "\n");
    fail("unknown instruction set", name);
    return NULL;
}

static void print_head(const char *set) {
    printf("\n%s\n%-24s %4s %9s %9s %8s %7s %7s %7s  %s\n", set, "depth x columns", "rows", "us", "least", "GMAC/s",
           "of peak", "GB/s", "of read", "x other (least-most), its us, and who it is");
}

/// How much faster than another contestant ours is.
static void print_ratio(const contest *contest, size_t ours, size_t theirs, const char *who) {
    const spread ratio = ratios(contest, theirs, ours);
    printf("  %5.2f (%.2f-%.2f) %9.2f %s", ratio.median, ratio.least, ratio.most, 1e6 * times(contest, theirs).median,
           who);
}

/// Times one product and prints its row.
static void measure(product *p, rival *rival, double seconds) {
    if (!is_identical(p)) exit(1);
    const double exercised = (double)p->kernels->exercise_int8(EXERCISE_ROUNDS);
    reading reading = {.kernels = p->kernels, .panels = p->panels, .bytes = p->panel_bytes, .copies = p->copies};
    yardstick *yardstick = new_yardstick(p);
    if (rival) match_rival(rival, p);
    contest contest = {.count = 0};
    const size_t ours = enter(&contest, multiply, p), read = enter(&contest, read_weights, &reading);
    const size_t peak = exercised > 0 ? enter(&contest, exercise, (void *)p->kernels) : 0;
    const size_t onednn = yardstick ? enter(&contest, multiply_yardstick, yardstick) : 0;
    const size_t before = rival ? enter(&contest, multiply_rival, rival) : 0;
    hold(&contest, seconds);

    char name[64];
    int length = snprintf(name, sizeof name, "%zux%zu", p->depth, p->columns);
    if (p->part < p->columns) snprintf(name + length, sizeof name - (size_t)length, " parts of %zu", p->part);
    const spread time = times(&contest, ours);
    const double multiply_adds = (double)p->rows * (double)p->depth * (double)p->columns;
    printf("%-24s %4zu %9.2f %9.2f %8.1f ", name, p->rows, 1e6 * time.median, 1e6 * time.least,
           1e-9 * multiply_adds / time.median);
    if (peak > 0)
        printf("%6.0f%% ", 100 * ratios(&contest, peak, ours).median * multiply_adds / exercised);
    else printf("%7s ", "-");
    printf("%7.1f %6.0f%%", 1e-9 * (double)p->panel_bytes / time.median, 100 * ratios(&contest, read, ours).median);
    if (onednn > 0) print_ratio(&contest, ours, onednn, yardstick_kernel(yardstick));
    if (before > 0) print_ratio(&contest, ours, before, "other version");
    printf("\n");
    fflush(stdout);
    free_yardstick(yardstick);
}

int main(int count, char **arguments) {
    const char *library = NULL, *set = "best", *row_counts = "1,4,16,64,256";
    const char *shapes = "512x512,512x1536,512x2048,2048x512,512x58101,"  // Transformer base
                         "256x256,256x768,256x1536,1536x256,256x32000";   // students of it
    bool is_quick = false, is_cold = false;
    for (int i = 1; i < count; i++) {
        const char *name = arguments[i], *value = i + 1 < count ? arguments[i + 1] : "";
        if (!strcmp(name, "--quick")) is_quick = true;
        else if (!strcmp(name, "--cold")) is_cold = true;
        else if (!strcmp(name, "--isa")) set = value, i++;
        else if (!strcmp(name, "--shapes")) shapes = value, i++;
        else if (!strcmp(name, "--rows")) row_counts = value, i++;
        else if (!strcmp(name, "--library")) library = value, i++;
        else fail("unknown option", name);
    }
    size_t extents[COUNTS_MAX], rows[COUNTS_MAX], rows_max = 1;
    const size_t extent_count = parse(shapes, "x,", extents), row_count = parse(row_counts, ",", rows);
    if (extent_count % 2 != 0) fail("a shape is depth x columns", shapes);
    for (size_t i = 0; i < row_count; i++) rows_max = rows[i] > rows_max ? rows[i] : rows_max;

    const dragoman_kernels *kernels = find_kernels(set);
    limit_yardstick(kernels->name);
    rival *rival = new_rival(library);
    print_head(kernels->name);
    for (size_t i = 0; i < extent_count; i += 2) {
        const size_t depth = extents[i], columns = extents[i + 1];
        const size_t copies = is_cold ? COLD_BYTES / dragoman_int8_panel_bytes(depth, columns) + 1 : 1;
        product p = new_product(depth, columns, rows_max, copies);
        p.kernels = kernels;
        if (rival) prepare_rival(rival, &p, rows_max);
        for (int in_parts = 0; in_parts <= (columns > LAYER_COLUMNS_MAX); in_parts++)
            for (size_t j = 0; j < row_count; j++) {
                p.rows = rows[j];
                p.part = in_parts ? dragoman_logit_columns(rows[j]) : columns;
                measure(&p, rival, is_quick ? 0.05 : 0.4);
            }
        free_product(&p);
    }
}
