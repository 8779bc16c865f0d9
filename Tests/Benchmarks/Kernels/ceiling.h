// What no product can exceed: the fastest loop of its instruction on registers, and one that only reads weights.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// A loop of an instruction set's integer product, for a contest; `work` is NULL where there is none to compare with.
typedef struct {
    void (*work)(void *);
    double multiply_adds;  ///< In a call.
} arithmetic;

arithmetic arithmetic_of(const char *instruction_set);

/// Weights to read, each time the next copy.
typedef struct {
    const int8_t *panels;  ///< [copies][bytes], 64-byte aligned.
    size_t bytes, copies, turn;
} reading;

/// Reads a copy with loads of 64 bytes, where the processor has them. For a contest.
void read_weights(void *reading);
