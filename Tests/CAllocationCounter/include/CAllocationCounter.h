// Counts the calling thread's allocations, for tests: the test program's malloc is this target's, which counts and then
// calls glibc's own.
#pragma once

#include <stddef.h>

/// Starts counting on this thread, from 0.
void allocation_counter_start(void);
/// Ends it; returns how many allocations there were.
size_t allocation_counter_stop(void);
