#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Whether bytes are UTF-8 (Unicode 15, table 3-7) without NUL.
bool wire_is_text(const uint8_t *bytes, size_t length);
