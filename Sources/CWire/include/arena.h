#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dragoman.pb-c.h"

/// The memory that envelopes are unpacked into. protobuf-c allocates for what the input says, and two bytes can say a
/// struct of hundreds; so an unpacking has a budget, and what exceeds it fails. Nothing is freed one by one: the next
/// unpacking overwrites the last one's.
///
/// Not for two threads at once.
typedef struct wire_arena wire_arena;

/// Reserves addresses only; pages become memory as they are used. NULL when there is no room for them.
wire_arena *wire_arena_create(size_t capacity);
void wire_arena_destroy(wire_arena *arena);

/// Unpacks an envelope, which is valid until the next call. NULL when the bytes are not one, or when it takes more
/// than `budget` bytes of memory; then `*exhausted` is true.
const Wire__Envelope *wire_arena_unpack(wire_arena *arena, const uint8_t *bytes, size_t length, size_t budget,
                                        bool *exhausted);

/// What the last unpacking took, in bytes.
size_t wire_arena_used(const wire_arena *arena);
