// Which instruction sets there are, and which of them this processor has.
#define _DEFAULT_SOURCE  // for syscall
#include "CKernels.h"

extern const dragoman_kernels dragoman_kernels_portable;
#if defined(__x86_64__)
#include <cpuid.h>

extern const dragoman_kernels dragoman_kernels_amx, dragoman_kernels_avx512, dragoman_kernels_avxvnni,
    dragoman_kernels_avx2;

static bool has_avx512(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512vnni");
}

#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
// The registers of a matrix unit are 8 KiB a thread, so Linux gives them to those who ask (since 5.16; the kernel's
// Documentation/arch/x86/xstate.rst): once for the process and the threads that it will have.
static bool has_amx(void) {
    enum { request_permission = 0x1023, tile_data = 18 };
    unsigned a = 0, b = 0, c = 0, d = 0;
    const unsigned tiles_of_int8 = 1u << 24 | 1u << 25;
    return has_avx512() && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (d & tiles_of_int8) == tiles_of_int8 &&
           syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
}
#else
static bool has_amx(void) { return false; }
#endif

static bool has_avx2(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

// Not a name that `__builtin_cpu_supports` knows in every compiler: CPUID leaf 7, sub-leaf 1, EAX bit 4. The operating
// system's support for 256-bit registers is in AVX2's answer.
static bool has_avxvnni(void) {
    unsigned a = 0, b = 0, c = 0, d = 0;
    return has_avx2() && __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a >> 4 & 1);
}
#elif defined(__aarch64__)
extern const dragoman_kernels dragoman_kernels_i8mm, dragoman_kernels_dotprod, dragoman_kernels_neon;

#if defined(__linux__)
#include <sys/auxv.h>
// Bits of the kernel's arch/arm64/include/uapi/asm/hwcap.h, which older headers lack.
static bool has_dotprod(void) {
    const unsigned long hwcap_asimddp = 1ul << 20;
    return getauxval(AT_HWCAP) & hwcap_asimddp;
}

static bool has_i8mm(void) {
    const unsigned long hwcap2_i8mm = 1ul << 13;
    return has_dotprod() && getauxval(AT_HWCAP2) & hwcap2_i8mm;
}
#else
static bool has_dotprod(void) { return false; }
static bool has_i8mm(void) { return false; }
#endif
#endif

static bool always(void) { return true; }

static const struct {
    const dragoman_kernels *kernels;
    bool (*is_supported)(void);
} sets[] = {
#if defined(__x86_64__)
    {&dragoman_kernels_amx, has_amx},
    {&dragoman_kernels_avx512, has_avx512},
    {&dragoman_kernels_avxvnni, has_avxvnni},
    {&dragoman_kernels_avx2, has_avx2},
#elif defined(__aarch64__)
    {&dragoman_kernels_i8mm, has_i8mm},
    {&dragoman_kernels_dotprod, has_dotprod},
    {&dragoman_kernels_neon, always},
#endif
    {&dragoman_kernels_portable, always},
};

size_t dragoman_kernels_count(void) { return sizeof sets / sizeof sets[0]; }

const char *dragoman_kernels_name(size_t index) { return sets[index].kernels->name; }

const dragoman_kernels *dragoman_kernels_at(size_t index) {
    return sets[index].is_supported() ? sets[index].kernels : NULL;
}
