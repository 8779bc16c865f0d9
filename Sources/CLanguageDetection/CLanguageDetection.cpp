#include "CLanguageDetection.h"

// The library's header names FILE and does not include what declares it.
#include <cstdio>

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include <algorithm>
#include <climits>

size_t cld_detect(const char *text, size_t length, const char *hint, cld_guess guesses[cld_guess_count], bool *reliable) {
    *reliable = false;
    size_t count = 0;
    try {
        const CLD2::CLDHints hints = {hint, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
        CLD2::Language languages[cld_guess_count];
        int percents[cld_guess_count];
        double scores[cld_guess_count];
        int text_bytes = 0;
        int valid_bytes = 0;
        CLD2::ExtDetectLanguageSummaryCheckUTF8(
            text, static_cast<int>(std::min<size_t>(length, INT_MAX)), true, &hints, CLD2::kCLDFlagBestEffort, languages,
            percents, scores, nullptr, &text_bytes, reliable, &valid_bytes);
        for (int index = 0; index < cld_guess_count; index++) {
            if (languages[index] == CLD2::UNKNOWN_LANGUAGE || percents[index] <= 0) continue;
            guesses[count++] = cld_guess{CLD2::LanguageCode(languages[index]), percents[index], scores[index]};
        }
    } catch (...) {
        // Only memory can be missing; a text whose language is not known is what the caller handles anyway.
        return 0;
    }
    return count;
}
