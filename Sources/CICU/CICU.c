#include "CICU.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <unicode/uloc.h>
#include <unicode/unorm2.h>

void cicu_language(const char *language, char *name, size_t capacity) {
    UErrorCode status = U_ZERO_ERROR;
    name[0] = '\0';
    if (language == NULL || capacity == 0 || capacity > INT_MAX) return;
    // Maps the three letters of ISO 639-3 to two where there are two.
    uloc_getLanguage(language, name, (int32_t)capacity, &status);
    if (U_FAILURE(status) || status == U_STRING_NOT_TERMINATED_WARNING) name[0] = '\0';
}

static const UNormalizer2 *normalizer(int32_t form, UErrorCode *status) {
    switch (form) {
    case 0: return unorm2_getNFCInstance(status);
    case 1: return unorm2_getNFDInstance(status);
    case 2: return unorm2_getNFKCInstance(status);
    default: return unorm2_getNFKDInstance(status);
    }
}

uint16_t *cicu_normalize(
    int32_t form, const uint16_t *text, size_t length, size_t *result_length, const char **error) {
    UErrorCode status = U_ZERO_ERROR;
    *error = NULL;
    // A character becomes at most 18 units; most texts hardly grow.
    if (length >= INT32_MAX / 32) status = U_INDEX_OUTOFBOUNDS_ERROR;
    const UNormalizer2 *rules = normalizer(form, &status);
    size_t capacity = length + length / 2 + 32;
    uint16_t *result = NULL;
    for (int attempt = 0; U_SUCCESS(status) && attempt < 2; attempt++) {
        uint16_t *larger = realloc(result, capacity * sizeof *result);
        if (larger == NULL) {
            status = U_MEMORY_ALLOCATION_ERROR;
            break;
        }
        result = larger;
        int32_t needed = unorm2_normalize(
            rules, (const UChar *)text, (int32_t)length, (UChar *)result, (int32_t)capacity, &status);
        if (U_SUCCESS(status)) {
            *result_length = (size_t)needed;
            return result;
        }
        if (status != U_BUFFER_OVERFLOW_ERROR || attempt > 0) break;
        status = U_ZERO_ERROR;
        capacity = (size_t)needed;
    }
    *error = u_errorName(status);
    free(result);
    return NULL;
}

void cicu_release_units(uint16_t *units) { free(units); }
