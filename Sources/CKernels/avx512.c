// AVX-512 with the dot product instruction: Intel since Cascade Lake, AMD since Zen 4.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,fma"))), \
                             apply_to = function)
#include "avx512_lanes.h"

#define ISA avx512
#define ISA_NAME "avx512"
#define NAME(x) avx512_##x

#include "kernels.inc"
#pragma clang attribute pop
#endif
