#include "rival.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"

struct rival {
    // Its kernels are of its own version: only its own functions look into them.
    product product;
    typeof(&new_product) new_product;
    typeof(&free_product) free_product;
    typeof(&multiply) multiply;
    typeof(&dragoman_kernels_count) kernels_count;
    typeof(&dragoman_kernels_name) kernels_name;
    typeof(&dragoman_kernels_at) kernels_at;
};

static void fail(const char *what, const char *which) {
    fprintf(stderr, "the other version of the kernels: %s: %s\n", what, which);
    exit(1);
}

/// Copies a function's address: ISO C has no conversion for it from that of an object.
static void find(void *library, const char *name, void *function) {
    void *const address = dlsym(library, name);
    if (!address) fail("it has no", name);
    memcpy(function, &address, sizeof address);
}

rival *new_rival(const char *path) {
    if (!path) return NULL;
    void *const library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) fail("it cannot be loaded", dlerror());
    rival *r = new_buffer(sizeof *r);
    find(library, "new_product", &r->new_product);
    find(library, "free_product", &r->free_product);
    find(library, "multiply", &r->multiply);
    find(library, "dragoman_kernels_count", &r->kernels_count);
    find(library, "dragoman_kernels_name", &r->kernels_name);
    find(library, "dragoman_kernels_at", &r->kernels_at);
    return r;
}

void prepare_rival(rival *r, const product *p, size_t rows_max) {
    if (r->product.levels) r->free_product(&r->product);
    r->product = r->new_product(p->depth, p->columns, rows_max, p->copies);
    for (size_t i = 0; i < r->kernels_count(); i++)
        if (!strcmp(r->kernels_name(i), p->kernels->name)) r->product.kernels = r->kernels_at(i);
    if (!r->product.kernels) fail("it has not the instruction set", p->kernels->name);
}

void match_rival(rival *r, product *p) {
    r->product.rows = p->rows;
    r->product.part = p->part;
    multiply(p);
    r->multiply(&r->product);
    // What the last part left.
    if (memcmp(p->output, r->product.output, p->rows * p->part * sizeof *p->output) != 0)
        fail("it has other bits for", p->kernels->name);
}

void multiply_rival(void *rival) {
    struct rival *const r = rival;
    r->multiply(&r->product);
}
