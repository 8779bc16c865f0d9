#define _DEFAULT_SOURCE
#include "arena.h"

#include <stdlib.h>
#include <sys/mman.h>

// After a message that took more, the memory beyond goes back to the system.
static const size_t kept = 1 << 20;
// Of the strictest that protobuf-c allocates: pointers, 64-bit numbers.
static const size_t alignment = 8;

struct wire_arena {
    uint8_t *base;
    size_t capacity;
    // Of the unpacking at hand.
    size_t budget;
    size_t used;
    bool exhausted;
    ProtobufCAllocator allocator;
};

static void *allocate(void *context, size_t size) {
    wire_arena *arena = context;
    if (size > arena->budget - arena->used) {
        arena->exhausted = true;
        return NULL;
    }
    void *block = arena->base + arena->used;
    const size_t rest = arena->budget - arena->used - size;
    const size_t padding = -size & (alignment - 1);
    arena->used += size + (padding < rest ? padding : rest);
    return block;
}

static void release(void *context, void *block) {
    (void)context;
    (void)block;
}

wire_arena *wire_arena_create(size_t capacity) {
    wire_arena *arena = calloc(1, sizeof *arena);
    if (!arena) return NULL;
    void *base = mmap(NULL, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED) {
        free(arena);
        return NULL;
    }
    arena->base = base;
    arena->capacity = capacity;
    return arena;
}

void wire_arena_destroy(wire_arena *arena) {
    munmap(arena->base, arena->capacity);
    free(arena);
}

ProtobufCAllocator *wire_arena_begin(wire_arena *arena, size_t budget) {
    if (arena->used > kept) madvise(arena->base + kept, arena->capacity - kept, MADV_DONTNEED);
    arena->budget = budget < arena->capacity ? budget : arena->capacity;
    arena->used = 0;
    arena->exhausted = false;
    arena->allocator = (ProtobufCAllocator){allocate, release, arena};
    return &arena->allocator;
}

bool wire_arena_exhausted(const wire_arena *arena) { return arena->exhausted; }

size_t wire_arena_used(const wire_arena *arena) { return arena->used; }
