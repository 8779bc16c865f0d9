#include "CDigests.h"

#include <string.h>

enum { block_bytes = 64 };

typedef void compress(uint32_t state[8], const uint8_t *blocks, size_t count);

static uint32_t left(uint32_t word, int count) { return word << count | word >> (32 - count); }
static uint32_t right(uint32_t word, int count) { return word >> count | word << (32 - count); }

static uint32_t word_at(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

// FIPS 180-4, 6.1.2.
static void compress_sha1(uint32_t state[8], const uint8_t *blocks, size_t count) {
    for (; count > 0; count--, blocks += block_bytes) {
        uint32_t w[80];
        for (int t = 0; t < 16; t++) w[t] = word_at(blocks + 4 * t);
        for (int t = 16; t < 80; t++) w[t] = left(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
        uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
        for (int t = 0; t < 80; t++) {
            uint32_t f = t < 20 ? (b & c) ^ (~b & d) : t < 40 || t >= 60 ? b ^ c ^ d : (b & c) ^ (b & d) ^ (c & d);
            uint32_t k = t < 20 ? 0x5a827999 : t < 40 ? 0x6ed9eba1 : t < 60 ? 0x8f1bbcdc : 0xca62c1d6;
            uint32_t next = left(a, 5) + f + e + k + w[t];
            e = d, d = c, c = left(b, 30), b = a, a = next;
        }
        state[0] += a, state[1] += b, state[2] += c, state[3] += d, state[4] += e;
    }
}

// FIPS 180-4, 4.2.2: the first 32 bits of the fractional parts of the cube roots of the first 64 primes.
static const uint32_t sha256_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

// FIPS 180-4, 6.2.2.
static void compress_sha256(uint32_t state[8], const uint8_t *blocks, size_t count) {
    for (; count > 0; count--, blocks += block_bytes) {
        uint32_t w[64];
        for (int t = 0; t < 16; t++) w[t] = word_at(blocks + 4 * t);
        for (int t = 16; t < 64; t++) {
            uint32_t s0 = right(w[t - 15], 7) ^ right(w[t - 15], 18) ^ w[t - 15] >> 3;
            uint32_t s1 = right(w[t - 2], 17) ^ right(w[t - 2], 19) ^ w[t - 2] >> 10;
            w[t] = w[t - 16] + s0 + w[t - 7] + s1;
        }
        uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
        uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
        for (int t = 0; t < 64; t++) {
            uint32_t s1 = right(e, 6) ^ right(e, 11) ^ right(e, 25);
            uint32_t t1 = h + s1 + ((e & f) ^ (~e & g)) + sha256_constants[t] + w[t];
            uint32_t s0 = right(a, 2) ^ right(a, 13) ^ right(a, 22);
            uint32_t t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
            h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
        }
        state[0] += a, state[1] += b, state[2] += c, state[3] += d;
        state[4] += e, state[5] += f, state[6] += g, state[7] += h;
    }
}

static void add(dragoman_sha *sha, compress *compress, const void *bytes, size_t count) {
    // Nothing may come without an address.
    if (count == 0) return;
    const uint8_t *next = bytes;
    size_t waiting = sha->byte_count % block_bytes;
    sha->byte_count += count;
    if (waiting > 0) {
        size_t part = block_bytes - waiting < count ? block_bytes - waiting : count;
        memcpy(sha->block + waiting, next, part);
        next += part, count -= part;
        if (waiting + part < block_bytes) return;
        compress(sha->state, sha->block, 1);
    }
    compress(sha->state, next, count / block_bytes);
    memcpy(sha->block, next + count / block_bytes * block_bytes, count % block_bytes);
}

// FIPS 180-4, 5.1.1: a bit, zeros, and the count of bits.
static void end(dragoman_sha *sha, compress *compress, uint8_t *digest, int words) {
    uint64_t bit_count = sha->byte_count * 8;
    uint8_t padding[block_bytes + 8] = {0x80};
    size_t zeros = (block_bytes + 55 - sha->byte_count % block_bytes) % block_bytes + 1;
    for (int i = 0; i < 8; i++) padding[zeros + i] = (uint8_t)(bit_count >> (56 - 8 * i));
    add(sha, compress, padding, zeros + 8);
    for (int i = 0; i < 4 * words; i++) digest[i] = (uint8_t)(sha->state[i / 4] >> (24 - 8 * (i % 4)));
}

dragoman_sha dragoman_sha1_begin(void) {
    return (dragoman_sha){.state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0}};
}

void dragoman_sha1_add(dragoman_sha *sha, const void *bytes, size_t count) { add(sha, compress_sha1, bytes, count); }

void dragoman_sha1_end(dragoman_sha *sha, uint8_t digest[dragoman_sha1_bytes]) { end(sha, compress_sha1, digest, 5); }

dragoman_sha dragoman_sha256_begin(void) {
    return (dragoman_sha){
        .state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
}

void dragoman_sha256_add(dragoman_sha *sha, const void *bytes, size_t count) {
    add(sha, compress_sha256, bytes, count);
}

void dragoman_sha256_end(dragoman_sha *sha, uint8_t digest[dragoman_sha256_bytes]) {
    end(sha, compress_sha256, digest, 8);
}
