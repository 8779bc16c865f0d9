#ifndef DRAGOMAN_CPOSTGRES_H
#define DRAGOMAN_CPOSTGRES_H

#include <stdbool.h>
#include <stddef.h>

/// A connection to PostgreSQL through libpq, in pipeline mode: statements are sent together, and their results come
/// together. For one thread at a time.
///
/// libpq is opened when the first connection is made, not linked: only a broker over PostgreSQL needs it.
typedef struct dragoman_postgres dragoman_postgres;

/// @param url What libpq takes: `postgresql://user@host/database?sslmode=verify-full`, or `host=… dbname=…`.
/// @param password NULL: the URL's, or that of libpq's password file.
/// @param host Of the URL's hosts, the only one to try, with its port; NULL: all.
/// @param problem Why there is no connection; valid until the next call of the thread.
/// @return NULL when there is no connection.
dragoman_postgres *dragoman_postgres_connect(
    const char *url, const char *password, const char *host, const char *port, const char **problem);
void dragoman_postgres_close(dragoman_postgres *connection);

/// Where it leads; valid as long as the connection.
const char *dragoman_postgres_host(const dragoman_postgres *connection);
const char *dragoman_postgres_port(const dragoman_postgres *connection);

/// Why libpq cannot be used; NULL: it can.
const char *dragoman_postgres_library_problem(void);
/// The URL's host, port, database and user, without its password; into a buffer of the caller's.
/// @return Whether libpq understands the URL.
bool dragoman_postgres_describe(const char *url, char *text, size_t count);

/// Prepares a statement. The server infers the parameters' types.
bool dragoman_postgres_prepare(dragoman_postgres *connection, const char *name, const char *text);
/// Runs a prepared statement. Parameters and results are in binary form.
bool dragoman_postgres_execute(
    dragoman_postgres *connection, const char *name, int count, const char *const *values, const int *lengths);
/// Ends what is sent together. An error makes the server pass over the rest of it.
bool dragoman_postgres_end(dragoman_postgres *connection);

typedef enum {
    dragoman_postgres_rows,
    /// A statement that has none, or was prepared.
    dragoman_postgres_done,
    /// It was passed over, because one before it failed.
    dragoman_postgres_skipped,
    dragoman_postgres_error,
    /// All of what was sent together has been answered.
    dragoman_postgres_ended,
    /// There is no connection any more.
    dragoman_postgres_lost,
    dragoman_postgres_timed_out,
} dragoman_postgres_outcome;

/// Waits for the next result, and meanwhile sends what is still to be sent.
/// @param milliseconds How long; negative: as long as it takes.
dragoman_postgres_outcome dragoman_postgres_next(dragoman_postgres *connection, int milliseconds);

// Of the result that came last. It is valid until the next.
int dragoman_postgres_row_count(const dragoman_postgres *connection);
int dragoman_postgres_column_count(const dragoman_postgres *connection);
/// How many rows an INSERT, UPDATE or DELETE has changed.
long long dragoman_postgres_changed(const dragoman_postgres *connection);
/// @return NULL: the value is NULL.
const char *dragoman_postgres_value(const dragoman_postgres *connection, int row, int column, int *length);
/// The five letters of an error's SQLSTATE; empty: it is the library's.
const char *dragoman_postgres_state(const dragoman_postgres *connection);
/// What the server, or the library, said of the last error.
const char *dragoman_postgres_message(const dragoman_postgres *connection);

/// The last warning that the server has given since this was called before; empty: none.
const char *dragoman_postgres_take_warning(dragoman_postgres *connection);

#endif
