// The same product by another version of the kernels.
#pragma once

#include "product.h"

typedef struct rival rival;

/// Loads `library`, which `run` makes of this folder's `product.c` and the kernels of that version. Ends the process when
/// it cannot. NULL without a library.
rival *new_rival(const char *library);

/// Has that version make a product of the same size, with weights in its own order; with at most as many rows as memory
/// is made for now. Ends the process when it has not the same instruction set.
void prepare_rival(rival *rival, const product *product, size_t rows_max);

/// Takes as many rows, and the same parts, as a product does. Ends the process when that version has other bits.
void match_rival(rival *rival, product *product);

/// Computes all of it. For a contest.
void multiply_rival(void *rival);
