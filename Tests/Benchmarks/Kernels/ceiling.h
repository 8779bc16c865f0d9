// What no product can exceed: the kernels' own loops that compute on registers alone, and that only read. For a contest.
#pragma once

#include "CKernels.h"

enum { EXERCISE_ROUNDS = 1000 };

/// The integer product's instruction on registers, `EXERCISE_ROUNDS` times; of `dragoman_kernels`.
void exercise(void *kernels);

/// Weights to read, each time the next copy.
typedef struct {
    const dragoman_kernels *kernels;
    const int8_t *panels;  ///< [copies][bytes], 64-byte aligned.
    size_t bytes, copies, turn;
} reading;

void read_weights(void *reading);
