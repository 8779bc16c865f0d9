#pragma once

#include <stdint.h>

// What the job store needs of SQLite that Swift cannot call (variadic functions) or GRDB does not show.

struct sqlite3;

/// A connection that closes copies nothing from the write-ahead log. By default the last one does, and ignores errors.
int csqlite_disable_checkpoint_on_close(struct sqlite3 *connection);

/// Has each commit store the number of frames in the write-ahead log at `frames`, which must outlive the connection.
/// Replaces SQLite's own automatic checkpoint.
void csqlite_count_frames(struct sqlite3 *connection, int32_t *frames);

/// errno of the system call that failed last.
int csqlite_system_error(struct sqlite3 *connection);
