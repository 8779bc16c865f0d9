#include "CSegmentation.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <unicode/ubrk.h>
#include <unicode/uloc.h>
#include <unicode/unorm2.h>
#include <unicode/utext.h>

struct cseg_segmenter {
    UBreakIterator *iterator;
};

void cseg_language(const char *language, char *name, size_t capacity) {
    UErrorCode status = U_ZERO_ERROR;
    name[0] = '\0';
    if (language == NULL || capacity == 0 || capacity > INT_MAX) return;
    // Maps the three letters of ISO 639-3 to two where there are two.
    uloc_getLanguage(language, name, (int32_t)capacity, &status);
    if (U_FAILURE(status) || status == U_STRING_NOT_TERMINATED_WARNING) name[0] = '\0';
}

cseg_segmenter *cseg_open(const char *language, const char **error) {
    char name[ULOC_LANG_CAPACITY];
    cseg_language(language, name, sizeof name);
    // An empty name is the root locale; NULL would be the process's.
    UErrorCode status = U_ZERO_ERROR;
    UBreakIterator *iterator = ubrk_open(UBRK_SENTENCE, name, NULL, 0, &status);
    cseg_segmenter *segmenter = malloc(sizeof *segmenter);
    if (U_SUCCESS(status) && segmenter == NULL) status = U_MEMORY_ALLOCATION_ERROR;
    if (U_FAILURE(status)) {
        *error = u_errorName(status);
        if (iterator != NULL) ubrk_close(iterator);
        free(segmenter);
        return NULL;
    }
    segmenter->iterator = iterator;
    return segmenter;
}

void cseg_close(cseg_segmenter *segmenter) {
    if (segmenter == NULL) return;
    ubrk_close(segmenter->iterator);
    free(segmenter);
}

/// Appends every boundary to `*boundaries`; ICU's positions in a UTF-8 UText are bytes.
static void collect(UBreakIterator *iterator, size_t **boundaries, size_t *count, UErrorCode *status) {
    size_t capacity = 0;
    ubrk_first(iterator);
    for (int32_t position = ubrk_next(iterator); position != UBRK_DONE; position = ubrk_next(iterator)) {
        if (*count == capacity) {
            capacity = capacity == 0 ? 16 : capacity * 2;
            size_t *larger = realloc(*boundaries, capacity * sizeof **boundaries);
            if (larger == NULL) {
                *status = U_MEMORY_ALLOCATION_ERROR;
                return;
            }
            *boundaries = larger;
        }
        (*boundaries)[(*count)++] = (size_t)position;
    }
}

size_t *cseg_boundaries(
    const cseg_segmenter *segmenter, const char *text, size_t length, size_t *count, const char **error) {
    UErrorCode status = U_ZERO_ERROR;
    size_t *boundaries = NULL;
    *count = 0;
    if (length >= INT32_MAX) status = U_INDEX_OUTOFBOUNDS_ERROR;
    UText view = UTEXT_INITIALIZER;
    utext_openUTF8(&view, text, (int64_t)length, &status);
    UBreakIterator *iterator = ubrk_clone(segmenter->iterator, &status);
    ubrk_setUText(iterator, &view, &status);
    if (U_SUCCESS(status)) collect(iterator, &boundaries, count, &status);
    if (iterator != NULL) ubrk_close(iterator);
    utext_close(&view);
    if (U_SUCCESS(status) && boundaries == NULL) {
        boundaries = malloc(sizeof *boundaries);
        if (boundaries == NULL) status = U_MEMORY_ALLOCATION_ERROR;
    }
    if (U_FAILURE(status)) {
        *error = u_errorName(status);
        free(boundaries);
        return NULL;
    }
    return boundaries;
}

void cseg_release(size_t *boundaries) { free(boundaries); }

static const UNormalizer2 *normalizer(int32_t form, UErrorCode *status) {
    switch (form) {
    case 0: return unorm2_getNFCInstance(status);
    case 1: return unorm2_getNFDInstance(status);
    case 2: return unorm2_getNFKCInstance(status);
    default: return unorm2_getNFKDInstance(status);
    }
}

uint16_t *cseg_normalize(
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

void cseg_release_units(uint16_t *units) { free(units); }
