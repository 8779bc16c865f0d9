#include "CSQLite.h"

#include <sqlite3.h>

int csqlite_disable_checkpoint_on_close(sqlite3 *connection) {
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}

static int note_frames(void *frames, sqlite3 *connection, const char *name, int count) {
    (void)connection;
    (void)name;
    *(int32_t *)frames = count;
    return SQLITE_OK;
}

void csqlite_count_frames(sqlite3 *connection, int32_t *frames) { sqlite3_wal_hook(connection, note_frames, frames); }

int csqlite_system_error(sqlite3 *connection) { return sqlite3_system_errno(connection); }
