#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A C face over the Compact Language Detector 2: no C++ type in sight and no C++ exception lets itself out.
//
// Threads: "Thread safe" is among the design goals that the library's header names. Its tables never change.

#ifdef __cplusplus
extern "C" {
#endif

/// One language that a text seems to be written in.
typedef struct cld_guess {
    /// The library's name of it, such as `fr` or `zh-Hant`. It lives as long as the process.
    const char *language;
    /// How much of the text it is, 0 to 100.
    int32_t percent;
    /// How usual the text is for the language: near 1 for plain text, far from 1 for gibberish.
    double score;
} cld_guess;

enum { cld_guess_count = 3 };

/// The languages of a UTF-8 text, likeliest first. `hint` names languages that are expected, such as "en,fr", or is NULL.
///
/// Returns how many there are, 0 for a text that is not valid UTF-8 or has no letters. `reliable` says whether the first
/// is clearly ahead of the second.
size_t cld_detect(const char *text, size_t length, const char *hint, cld_guess guesses[cld_guess_count], bool *reliable);

#ifdef __cplusplus
}
#endif
