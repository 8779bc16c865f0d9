#define _GNU_SOURCE  // for madvise
#include "buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

void *new_buffer(size_t bytes) {
    const size_t huge_page = 2 << 20, alignment = bytes < huge_page ? 64 : huge_page;
    // `aligned_alloc` wants a multiple of the alignment.
    const size_t size = (bytes + alignment) / alignment * alignment;
    void *buffer = aligned_alloc(alignment, size);
    if (!buffer) {
        fprintf(stderr, "no memory for a buffer of %zu MiB\n", size >> 20);
        exit(1);
    }
#ifdef MADV_HUGEPAGE
    if (alignment == huge_page) madvise(buffer, size, MADV_HUGEPAGE);
#endif
    return memset(buffer, 0, size);
}
