// Memory as the engine's buffers have it (Sources/Tensors/AlignedBuffer.swift).
#pragma once

#include <stddef.h>

/// Zeros; in huge pages when it is as large as one. Freed by `free`. Ends the process when there is no memory.
void *new_buffer(size_t bytes);
