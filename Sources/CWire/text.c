#include "text.h"

#include <string.h>

static bool continues(uint8_t byte, uint8_t low, uint8_t high) { return low <= byte && byte <= high; }

// How long the character is that is not ASCII and begins here; 0 when it is none.
static size_t character(const uint8_t *at, size_t rest) {
    const uint8_t first = at[0];
    if (first < 0xC2 || first > 0xF4) return 0;
    const size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (rest < length) return 0;
    // No longer forms than needed, no surrogates, nothing beyond U+10FFFF.
    const uint8_t low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const uint8_t high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (!continues(at[1], low, high)) return 0;
    for (size_t i = 2; i < length; i++)
        if (!continues(at[i], 0x80, 0xBF)) return 0;
    return length;
}

bool wire_is_text(const uint8_t *bytes, size_t length) {
    if (length == 0) return true;
    if (memchr(bytes, 0, length)) return false;
    size_t at = 0;
    while (at < length) {
        uint64_t eight;
        while (length - at >= sizeof eight) {
            memcpy(&eight, bytes + at, sizeof eight);
            if (eight & 0x8080808080808080) break;
            at += sizeof eight;
        }
        if (at == length) break;
        const size_t step = bytes[at] < 0x80 ? 1 : character(bytes + at, length - at);
        if (step == 0) return false;
        at += step;
    }
    return true;
}
