#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

/// The memory that messages are unpacked into. protobuf-c allocates for what the input says, and two bytes can say a
/// struct of hundreds; so an unpacking has a budget, and what exceeds it fails. Nothing is freed one by one: the next
/// unpacking overwrites the last one's.
///
/// Not for two threads at once.
typedef struct wire_arena wire_arena;

/// Reserves addresses only; pages become memory as they are used. NULL when there is no room for them.
wire_arena *wire_arena_create(size_t capacity);
void wire_arena_destroy(wire_arena *arena);

/// What one message is unpacked with; what was unpacked before is gone. When the message takes more than `budget` bytes of
/// memory, there is none, and the arena is exhausted.
ProtobufCAllocator *wire_arena_begin(wire_arena *arena, size_t budget);

/// Whether the last unpacking failed for want of memory.
bool wire_arena_exhausted(const wire_arena *arena);

/// What the last unpacking took, in bytes.
size_t wire_arena_used(const wire_arena *arena);
