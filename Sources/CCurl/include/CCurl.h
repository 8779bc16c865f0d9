#ifndef DRAGOMAN_CCURL_H
#define DRAGOMAN_CCURL_H

#include <stdbool.h>
#include <stddef.h>

/// A handle of libcurl: its connections are used again by its next request.
///
/// libcurl is opened when the first handle is made, not linked: it brings some thirty libraries, whose loading would take
/// each start of the program 7 ms, and only `dragoman model pull` uses them. A host that never does needs none of them.
typedef struct dragoman_curl dragoman_curl;

/// @return NULL, with the reason in `problem`, when there is no libcurl.
dragoman_curl *dragoman_curl_make(const char **problem);
void dragoman_curl_free(dragoman_curl *curl);

/// A request, which follows no redirection: GET, or with a body POST.
typedef struct {
    const char *url;
    /// `Name: value`
    const char *const *headers;
    size_t header_count;
    /// NULL: none.
    const void *body;
    size_t body_count;
    const char *user_agent;
    /// A file of certificates to trust; NULL: the system's.
    const char *certificates;
    long connect_ms_max;
    /// Fewer bytes a second than this, for so many seconds, and the request has stalled.
    long stall_bytes;
    long stall_seconds;
    void *context;
    /// A line of an answer's head, with its end. All of the head comes before the body.
    bool (*on_header)(void *context, const char *line, size_t count);
    bool (*on_body)(void *context, const void *bytes, size_t count);
    /// Called about once a second, and as bytes come. As with the others, false ends the request.
    bool (*on_turn)(void *context);
} dragoman_curl_request;

typedef enum {
    dragoman_curl_done,
    /// One of the functions has said so.
    dragoman_curl_ended,
    /// The name has no address, or there is no connection.
    dragoman_curl_unreachable,
    /// The connection was cut in the middle.
    dragoman_curl_broken,
    dragoman_curl_timed_out,
    /// The server's certificate is not trusted, or TLS failed.
    dragoman_curl_untrusted,
    /// Anything else: asking again would not help.
    dragoman_curl_failed,
} dragoman_curl_outcome;

typedef struct {
    dragoman_curl_outcome outcome;
    /// Where an answer redirects to, whole; empty: nowhere. Valid until the next request of the handle.
    const char *redirect;
    /// What libcurl says of a failure.
    char problem[256];
} dragoman_curl_answer;

dragoman_curl_answer dragoman_curl_send(dragoman_curl *curl, const dragoman_curl_request *request);

#endif
