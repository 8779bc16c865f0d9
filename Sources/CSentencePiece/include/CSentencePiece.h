#pragma once

#include <stddef.h>
#include <stdint.h>

// A C face over the SentencePiece library (0.1.97 or later): no C++ type in sight and no C++ exception lets itself out.
//
// Threads: a loaded model never changes. Encoding and decoding call only `const` members of `SentencePieceProcessor`,
// and this face has no call that changes a model, so any number of threads may use one model at once. The library's
// documentation has no contract on this; its author's answers are "It is thread safe"
// (https://github.com/google/sentencepiece/issues/207) and "we can call it from multiple threads simultaneously"
// (https://github.com/google/sentencepiece/issues/657).
//
// Errors: a call that can fail takes `char **error`. On failure it returns NULL and stores a message there (or NULL,
// when there was no memory even for that), which the caller gives to `csp_release`.

#ifdef __cplusplus
extern "C" {
#endif

typedef struct csp_model csp_model;

/// The pieces of one text. Piece `i` is the bytes from `ends[i - 1]` (0 for the first) up to `ends[i]`.
/// A stretch of characters that the model does not know is one piece: its id is the model's unknown id, its bytes are
/// the characters themselves.
typedef struct csp_pieces {
    size_t count;
    const int32_t *ids;
    const size_t *ends;
    const char *bytes;
} csp_pieces;

/// Reads a model from the bytes of an `.spm` file; they are copied.
csp_model *csp_load(const void *bytes, size_t length, char **error);
void csp_unload(csp_model *model);

/// How many pieces the model has, and which of them stands for unknown characters.
int32_t csp_size(const csp_model *model);
int32_t csp_unknown(const csp_model *model);
/// The bytes of a piece, owned by the model; the id must be in `0 ..< csp_size`.
const char *csp_piece(const csp_model *model, int32_t id, size_t *length);

/// Normalises UTF-8 text as the model says and cuts it into pieces. The text may hold NUL.
csp_pieces *csp_encode(const csp_model *model, const char *text, size_t length, char **error);
void csp_free_pieces(csp_pieces *pieces);

/// The text of `count` pieces, laid out as in `csp_pieces`. The caller gives the result to `csp_release`.
char *csp_decode(
    const csp_model *model, const char *bytes, const size_t *ends, size_t count, size_t *length, char **error);

/// Frees a message or a decoded text.
void csp_release(char *text);

#ifdef __cplusplus
}
#endif
