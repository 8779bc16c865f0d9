// NEON with the dot product instruction (FEAT_DotProd, Armv8.2): Neoverse N1 (Graviton 2, Ampere Altra), Cortex-A76
// (Raspberry Pi 5), Apple M1.
#if defined(__aarch64__)
#include <arm_neon.h>
#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#include "neon_lanes.h"

#define ISA dotprod
#define ISA_NAME "dotprod"
#define NAME(x) dotprod_##x
#define MULTIPLY_INT8 NAME(multiply_signed)

static void MULTIPLY_INT8(const dragoman_int8_rows *rows, const dragoman_int8_matrix *matrix,
                          const dragoman_epilogue *e);

#include "dot_tile.h"

INLINE uint64_t exercise_int8(uint64_t rounds) {
    enum { chains = 16 };  // more than an instruction's latency times its throughput
    int32x4_t acc[chains];
    const int8x16_t x = vdupq_n_s8(1);
#pragma clang loop unroll(full)
    for (int i = 0; i < chains; i++) acc[i] = vdupq_n_s32(0);
    for (uint64_t round = 0; round < rounds; round++)
#pragma clang loop unroll(full)
        for (int i = 0; i < chains; i++) {
            acc[i] = vdotq_s32(acc[i], x, x);
            __asm__ volatile("" : "+w"(acc[i]));
        }
    return rounds * chains * 16;
}

#include "kernels.inc"
#include "neon_rows.h"
#pragma clang attribute pop
#endif
