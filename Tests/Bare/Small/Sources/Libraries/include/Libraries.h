#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/// The size of an empty tokenizer's vocabulary; asks each of the libraries something.
int vocabularySize(void);

#ifdef __cplusplus
}
#endif
