#ifndef DRAGOMAN_CDIGESTS_H
#define DRAGOMAN_CDIGESTS_H

#include <stddef.h>
#include <stdint.h>

/// A digest of FIPS 180-4 of bytes that come in parts: SHA-1 or SHA-256.
typedef struct {
    uint32_t state[8];
    uint64_t byte_count;
    uint8_t block[64];
} dragoman_sha;

enum { dragoman_sha1_bytes = 20, dragoman_sha256_bytes = 32 };

dragoman_sha dragoman_sha1_begin(void);
void dragoman_sha1_add(dragoman_sha *sha, const void *bytes, size_t count);
void dragoman_sha1_end(dragoman_sha *sha, uint8_t digest[dragoman_sha1_bytes]);

dragoman_sha dragoman_sha256_begin(void);
void dragoman_sha256_add(dragoman_sha *sha, const void *bytes, size_t count);
void dragoman_sha256_end(dragoman_sha *sha, uint8_t digest[dragoman_sha256_bytes]);

#endif
