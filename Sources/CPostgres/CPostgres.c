// clock_gettime, poll and the rest.
#define _GNU_SOURCE

#include "CPostgres.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if __has_include(<libpq-fe.h>)
#include <libpq-fe.h>
#else
#include <postgresql/libpq-fe.h>
#endif

struct dragoman_postgres {
    PGconn *connection;
    PGresult *result;
    char warning[512];
    char taken[512];
};

// Each function of libpq that is used.
#define FUNCTIONS(X)                                                                                                   \
    X(PQconnectdbParams) X(PQstatus) X(PQfinish) X(PQerrorMessage) X(PQsocket) X(PQsetnonblocking)                     \
    X(PQenterPipelineMode) X(PQsendPrepare) X(PQsendQueryPrepared) X(PQpipelineSync) X(PQflush) X(PQconsumeInput)      \
    X(PQisBusy) X(PQgetResult) X(PQresultStatus) X(PQresultErrorField) X(PQresultErrorMessage) X(PQclear)              \
    X(PQntuples) X(PQnfields) X(PQgetvalue) X(PQgetisnull) X(PQgetlength) X(PQcmdTuples) X(PQsetNoticeReceiver)                     \
    X(PQconninfoParse) X(PQconninfoFree) X(PQhost) X(PQport)

static struct {
#define DECLARE(name) __typeof__(name) *name;
    FUNCTIONS(DECLARE)
#undef DECLARE
} library;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char missing[512];
static _Thread_local char problem_text[1024];

static void open_library(void) {
    void *handle = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        snprintf(missing, sizeof missing, "%s; install libpq5", dlerror());
        return;
    }
#define FIND(name)                                                                                                     \
    if (!(library.name = (__typeof__(library.name))dlsym(handle, #name)) && !missing[0])                               \
        snprintf(missing, sizeof missing, "%s; PostgreSQL's client library must be of release 14 or later", dlerror());
    FUNCTIONS(FIND)
#undef FIND
}

static bool is_open(void) {
    pthread_once(&once, open_library);
    return !missing[0];
}

/// Without the line's end.
static const char *kept(const char *text) {
    snprintf(problem_text, sizeof problem_text, "%s", text ? text : "out of memory");
    size_t count = strlen(problem_text);
    while (count > 0 && problem_text[count - 1] == '\n') problem_text[--count] = '\0';
    return problem_text;
}

static void take_notice(void *context, const PGresult *notice) {
    dragoman_postgres *connection = context;
    const char *severity = library.PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (!severity || strcmp(severity, "WARNING")) return;
    const char *text = library.PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);
    snprintf(connection->warning, sizeof connection->warning, "%s", text ? text : "a warning without a text");
}

dragoman_postgres *dragoman_postgres_connect(
    const char *url, const char *password, const char *host, const char *port, const char **problem) {
    if (!is_open()) {
        *problem = missing;
        return NULL;
    }
    // "When keywords are repeated, the last processed value is retained": what stands before `dbname` the URL may change.
    const char *keywords[14], *values[14];
    int count = 0;
#define SET(keyword, value) (keywords[count] = (keyword), values[count++] = (value))
    SET("fallback_application_name", "dragoman");
    SET("connect_timeout", "3");
    // A cable that is cut is noticed within seconds, in the middle of a statement, too.
    SET("keepalives_idle", "2");
    SET("keepalives_interval", "1");
    SET("keepalives_count", "3");
    SET("tcp_user_timeout", "5000");
    SET("dbname", url);
    // Of several hosts, the one that is written to.
    SET("target_session_attrs", "read-write");
    SET("client_encoding", "UTF8");
    if (password) SET("password", password);
    if (host) SET("host", host);
    if (port) SET("port", port);
#undef SET
    keywords[count] = values[count] = NULL;
    PGconn *pg = library.PQconnectdbParams(keywords, values, 1);
    if (!pg || library.PQstatus(pg) != CONNECTION_OK) {
        *problem = kept(pg ? library.PQerrorMessage(pg) : NULL);
        library.PQfinish(pg);
        return NULL;
    }
    dragoman_postgres *connection = calloc(1, sizeof *connection);
    if (!connection || library.PQsetnonblocking(pg, 1) != 0 || !library.PQenterPipelineMode(pg)) {
        *problem = kept(connection ? library.PQerrorMessage(pg) : NULL);
        free(connection);
        library.PQfinish(pg);
        return NULL;
    }
    connection->connection = pg;
    library.PQsetNoticeReceiver(pg, take_notice, connection);
    return connection;
}

void dragoman_postgres_close(dragoman_postgres *connection) {
    library.PQclear(connection->result);
    library.PQfinish(connection->connection);
    free(connection);
}

const char *dragoman_postgres_library_problem(void) { return is_open() ? NULL : missing; }

const char *dragoman_postgres_host(const dragoman_postgres *connection) {
    return library.PQhost(connection->connection);
}

const char *dragoman_postgres_port(const dragoman_postgres *connection) {
    return library.PQport(connection->connection);
}

bool dragoman_postgres_describe(const char *url, char *text, size_t count) {
    if (!is_open()) return false;
    PQconninfoOption *options = library.PQconninfoParse(url, NULL);
    if (!options) return false;
    const char *host = "", *port = "", *database = "", *user = "";
    for (PQconninfoOption *option = options; option->keyword; option++) {
        if (!option->val) continue;
        if (!strcmp(option->keyword, "host")) host = option->val;
        if (!strcmp(option->keyword, "port")) port = option->val;
        if (!strcmp(option->keyword, "dbname")) database = option->val;
        if (!strcmp(option->keyword, "user")) user = option->val;
    }
    // What an unescaped character in a password has made of it is not repeated.
    bool is_plain = !strchr(host, '@') && !strchr(port, '@') && !strchr(database, '@');
    if (!is_plain) snprintf(text, count, "of store.url");
    else snprintf(text, count, "postgresql://%s%s%s%s%s/%s", user, *user ? "@" : "", host, *port ? ":" : "", port, database);
    library.PQconninfoFree(options);
    return true;
}

bool dragoman_postgres_prepare(dragoman_postgres *connection, const char *name, const char *text) {
    return library.PQsendPrepare(connection->connection, name, text, 0, NULL) == 1;
}

bool dragoman_postgres_execute(
    dragoman_postgres *connection, const char *name, int count, const char *const *values, const int *lengths) {
    int *formats = calloc(count > 0 ? (size_t)count : 1, sizeof *formats);
    if (!formats) return false;
    for (int i = 0; i < count; i++) formats[i] = 1;
    int sent = library.PQsendQueryPrepared(connection->connection, name, count, values, lengths, formats, 1);
    free(formats);
    return sent == 1;
}

bool dragoman_postgres_end(dragoman_postgres *connection) {
    return library.PQpipelineSync(connection->connection) == 1;
}

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

static dragoman_postgres_outcome outcome_of(const PGresult *result) {
    switch (library.PQresultStatus(result)) {
    case PGRES_TUPLES_OK: return dragoman_postgres_rows;
    case PGRES_COMMAND_OK: return dragoman_postgres_done;
    case PGRES_PIPELINE_SYNC: return dragoman_postgres_ended;
    case PGRES_PIPELINE_ABORTED: return dragoman_postgres_skipped;
    default: return dragoman_postgres_error;
    }
}

dragoman_postgres_outcome dragoman_postgres_next(dragoman_postgres *connection, int milliseconds) {
    PGconn *pg = connection->connection;
    library.PQclear(connection->result);
    connection->result = NULL;
    long long end = milliseconds < 0 ? 0 : now() + milliseconds;
    // Each statement's results end with a NULL; it says nothing that the next one does not.
    for (int nulls = 0;;) {
        int unsent = library.PQflush(pg);
        if (unsent < 0) return dragoman_postgres_lost;
        if (!library.PQisBusy(pg)) {
            if ((connection->result = library.PQgetResult(pg))) {
                if (library.PQstatus(pg) == CONNECTION_BAD) return dragoman_postgres_lost;
                return outcome_of(connection->result);
            }
            if (library.PQstatus(pg) == CONNECTION_BAD || ++nulls > 2) return dragoman_postgres_lost;
            continue;
        }
        long long left = milliseconds < 0 ? -1 : end - now();
        if (milliseconds >= 0 && left <= 0) return dragoman_postgres_timed_out;
        struct pollfd socket = {.fd = library.PQsocket(pg), .events = POLLIN | (unsent ? POLLOUT : 0)};
        if (poll(&socket, 1, (int)left) < 0 && errno != EINTR) return dragoman_postgres_lost;
        if (socket.revents & ~POLLOUT && !library.PQconsumeInput(pg)) return dragoman_postgres_lost;
    }
}

int dragoman_postgres_row_count(const dragoman_postgres *connection) { return library.PQntuples(connection->result); }

int dragoman_postgres_column_count(const dragoman_postgres *connection) { return library.PQnfields(connection->result); }

long long dragoman_postgres_changed(const dragoman_postgres *connection) {
    return atoll(library.PQcmdTuples(connection->result));
}

const char *dragoman_postgres_value(const dragoman_postgres *connection, int row, int column, int *length) {
    *length = library.PQgetlength(connection->result, row, column);
    return library.PQgetisnull(connection->result, row, column)
        ? NULL
        : library.PQgetvalue(connection->result, row, column);
}

const char *dragoman_postgres_state(const dragoman_postgres *connection) {
    const char *state = connection->result ? library.PQresultErrorField(connection->result, PG_DIAG_SQLSTATE) : NULL;
    return state ? state : "";
}

const char *dragoman_postgres_message(const dragoman_postgres *connection) {
    const char *text =
        connection->result ? library.PQresultErrorField(connection->result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    return kept(text && *text ? text : library.PQerrorMessage(connection->connection));
}

const char *dragoman_postgres_take_warning(dragoman_postgres *connection) {
    memcpy(connection->taken, connection->warning, sizeof connection->taken);
    connection->warning[0] = '\0';
    return connection->taken;
}
