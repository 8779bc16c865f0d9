// The same product by oneDNN.
#pragma once

#include "product.h"

typedef struct yardstick yardstick;

/// Limits oneDNN to what an instruction set has. Before anything else is asked of it.
void limit_yardstick(const char *instruction_set);

/// oneDNN's version of a product, in the same parts and copies, its weights packed; NULL when built without oneDNN.
/// Ends the process when oneDNN cannot, or computes something else.
yardstick *new_yardstick(const product *product);
void free_yardstick(yardstick *yardstick);

/// What oneDNN calls the kernel that it chose.
const char *yardstick_kernel(const yardstick *yardstick);

/// Computes all of it. For a contest.
void multiply_yardstick(void *yardstick);
