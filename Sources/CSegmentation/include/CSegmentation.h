#pragma once

#include <stddef.h>
#include <stdint.h>

// A C face over ICU's sentence boundaries (UAX #29). It names no ICU type: the toolchain's Foundation carries an ICU
// module of its own, and both sets of headers in one build are duplicate definitions.
//
// Threads: an opened segmenter is never changed; each call works on a clone. ICU's ubrk.h on `ubrk_clone`: "Thread safe
// cloning operation".

typedef struct cseg_segmenter cseg_segmenter;

/// Opens a segmenter for a language: `en`, `eng`, `en-GB`, `pt_BR`; NULL, empty or unknown means the root rules.
/// Abbreviations are not suppressed (`ss=standard`). ICU 72 matches CLDR's lists without asking where a word starts, so
/// that "app." is taken for "pp." and the sentence runs on; and the English list holds "OK.", "Go." and "In.".
/// NULL on failure, with ICU's name for the error, which nobody frees, in `error`.
cseg_segmenter *cseg_open(const char *language, const char **error);
void cseg_close(cseg_segmenter *segmenter);

/// Finds where sentences end in UTF-8 text, in bytes from its start, ascending; the last one is `length`.
/// White space belongs to the sentence before it. Text of 2 GiB or more is an error: ICU counts in 32 bits.
/// NULL on failure (as above); the caller gives the result to `cseg_release`. Empty text has no boundaries.
size_t *cseg_boundaries(
    const cseg_segmenter *segmenter, const char *text, size_t length, size_t *count, const char **error);
void cseg_release(size_t *boundaries);

/// ICU's spelling of a language (`eng-GB` gives `en`), at most `capacity` bytes with the closing NUL; empty if unknown.
void cseg_language(const char *language, char *name, size_t capacity);

/// Normalises UTF-16 text: `form` is 0 for NFC, 1 for NFD, 2 for NFKC, 3 for NFKD (UAX #15).
/// NULL on failure, as above; the caller gives the result, of `*result_length` units, to `cseg_release_units`.
uint16_t *cseg_normalize(
    int32_t form, const uint16_t *text, size_t length, size_t *result_length, const char **error);
void cseg_release_units(uint16_t *units);
