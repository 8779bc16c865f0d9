#include "ceiling.h"

#include <string.h>

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

typedef uint64_t line __attribute__((vector_size(64)));

/// Eight sums, because one would wait for itself.
INLINE void read_lines(const int8_t *bytes, size_t count) {
    line sums[8] = {0};
    size_t i = 0;
    for (; i + sizeof sums <= count; i += sizeof sums)
        UNROLL for (size_t j = 0; j < 8; j++) sums[j] ^= ((const line *)(const void *)(bytes + i))[j];
    for (; i + sizeof(line) <= count; i += sizeof(line)) sums[0] ^= *(const line *)(const void *)(bytes + i);
    for (size_t j = 1; j < 8; j++) sums[0] ^= sums[j];
    volatile uint64_t kept = sums[0][0] ^ sums[0][1] ^ sums[0][2] ^ sums[0][3] ^ sums[0][4] ^ sums[0][5] ^ sums[0][6] ^
                             sums[0][7];
    (void)kept;
}

static const int8_t *next_copy(void *subject) {
    reading *r = subject;
    return r->panels + r->turn++ % r->copies * r->bytes;
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx512f"))) static void read_512(const int8_t *bytes, size_t count) { read_lines(bytes, count); }
__attribute__((target("avx2"))) static void read_256(const int8_t *bytes, size_t count) { read_lines(bytes, count); }

void read_weights(void *subject) {
    const size_t bytes = ((reading *)subject)->bytes;
    const int8_t *copy = next_copy(subject);
    if (__builtin_cpu_supports("avx512f")) read_512(copy, bytes);
    else if (__builtin_cpu_supports("avx2")) read_256(copy, bytes);
    else read_lines(copy, bytes);
}

// As many sums as there are registers beside the factors. The empty assembly hides from the compiler that they are
// alike.
enum { REPEATS = 1000, SUMS_512 = 20, SUMS_256 = 12, SUMS_TILES = 6 };

__attribute__((target("avx512f,avx512vnni"))) static void add_512(void *subject) {
    (void)subject;
    __m512i sums[SUMS_512], a = _mm512_set1_epi8(1), b = a;
    UNROLL for (int i = 0; i < SUMS_512; i++) {
        sums[i] = _mm512_setzero_si512();
        __asm__ volatile("" : "+v"(sums[i]), "+v"(a), "+v"(b));
    }
    for (int n = 0; n < REPEATS; n++)
        UNROLL for (int i = 0; i < SUMS_512; i++) sums[i] = _mm512_dpbusd_epi32(sums[i], a, b);
    UNROLL for (int i = 0; i < SUMS_512; i++) __asm__ volatile("" : : "v"(sums[i]));
}

__attribute__((target("avx2,avxvnni"))) static void add_256(void *subject) {
    (void)subject;
    __m256i sums[SUMS_256], a = _mm256_set1_epi8(1), b = a;
    UNROLL for (int i = 0; i < SUMS_256; i++) {
        sums[i] = _mm256_setzero_si256();
        __asm__ volatile("" : "+x"(sums[i]), "+x"(a), "+x"(b));
    }
    for (int n = 0; n < REPEATS; n++)
        UNROLL for (int i = 0; i < SUMS_256; i++) sums[i] = _mm256_dpbusd_avx_epi32(sums[i], a, b);
    UNROLL for (int i = 0; i < SUMS_256; i++) __asm__ volatile("" : : "x"(sums[i]));
}

__attribute__((target("amx-tile,amx-int8"))) static void add_tiles(void *subject) {
    (void)subject;
    struct {
        uint8_t palette, start_row, reserved[14];
        uint16_t row_bytes[16];
        uint8_t rows[16];
    } configuration = {.palette = 1};
    for (int tile = 0; tile < 8; tile++) {
        configuration.row_bytes[tile] = 64;
        configuration.rows[tile] = 16;
    }
    _tile_loadconfig(&configuration);
    for (int n = 0; n < REPEATS; n++) {
        _tile_dpbusd(0, 6, 7);
        _tile_dpbusd(1, 6, 7);
        _tile_dpbusd(2, 6, 7);
        _tile_dpbusd(3, 6, 7);
        _tile_dpbusd(4, 6, 7);
        _tile_dpbusd(5, 6, 7);
    }
    _tile_release();
}

arithmetic arithmetic_of(const char *set) {
    if (!strcmp(set, "amx")) return (arithmetic){add_tiles, REPEATS * SUMS_TILES * 16 * 16 * 64};
    if (!strcmp(set, "avx512")) return (arithmetic){add_512, REPEATS * SUMS_512 * 64};
    if (!strcmp(set, "avxvnni")) return (arithmetic){add_256, REPEATS * SUMS_256 * 32};
    return (arithmetic){NULL, 0};
}
#else
void read_weights(void *subject) {
    const size_t bytes = ((reading *)subject)->bytes;
    read_lines(next_copy(subject), bytes);
}

arithmetic arithmetic_of(const char *set) {
    (void)set;
    return (arithmetic){NULL, 0};
}
#endif
