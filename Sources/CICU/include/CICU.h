#pragma once

#include <stddef.h>
#include <stdint.h>

// A C face over the little of ICU that is used. It names no ICU type: the toolchain's Foundation carries an ICU module of
// its own, and both sets of headers in one build are duplicate definitions.

/// ICU's spelling of a language (`eng-GB` gives `en`), at most `capacity` bytes with the closing NUL; empty if unknown.
void cicu_language(const char *language, char *name, size_t capacity);

/// Normalises UTF-16 text: `form` is 0 for NFC, 1 for NFD, 2 for NFKC, 3 for NFKD (UAX #15).
/// NULL on failure, with ICU's name for the error, which nobody frees, in `error`; the caller gives the result, of
/// `*result_length` units, to `cicu_release_units`.
uint16_t *cicu_normalize(
    int32_t form, const uint16_t *text, size_t length, size_t *result_length, const char **error);
void cicu_release_units(uint16_t *units);
