#include "CCurl.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct dragoman_curl {
    CURL *easy;
};

static struct {
    __typeof__(curl_global_init) *global_init;
    __typeof__(curl_easy_init) *easy_init;
    __typeof__(curl_easy_cleanup) *easy_cleanup;
    __typeof__(curl_easy_reset) *easy_reset;
    __typeof__(curl_easy_setopt) *setopt;
    __typeof__(curl_easy_getinfo) *getinfo;
    __typeof__(curl_easy_perform) *perform;
    __typeof__(curl_easy_strerror) *text;
    __typeof__(curl_slist_append) *append;
    __typeof__(curl_slist_free_all) *free_all;
} library;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char missing[512];

// The names that all of Debian's and Ubuntu's releases have, by the library that does the TLS; the ABI is one.
static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};

static void *symbol(void *handle, const char *name) {
    void *address = dlsym(handle, name);
    if (!address && !missing[0]) snprintf(missing, sizeof missing, "%s", dlerror());
    return address;
}

static void open_library(void) {
    void *handle = NULL;
    for (size_t i = 0; !handle && i < sizeof names / sizeof *names; i++) {
        handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
        if (!handle && i == 0) snprintf(missing, sizeof missing, "%s", dlerror());
    }
    if (!handle) return;
    missing[0] = '\0';
    library.global_init = symbol(handle, "curl_global_init");
    library.easy_init = symbol(handle, "curl_easy_init");
    library.easy_cleanup = symbol(handle, "curl_easy_cleanup");
    library.easy_reset = symbol(handle, "curl_easy_reset");
    library.setopt = symbol(handle, "curl_easy_setopt");
    library.getinfo = symbol(handle, "curl_easy_getinfo");
    library.perform = symbol(handle, "curl_easy_perform");
    library.text = symbol(handle, "curl_easy_strerror");
    library.append = symbol(handle, "curl_slist_append");
    library.free_all = symbol(handle, "curl_slist_free_all");
    if (!missing[0] && library.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        snprintf(missing, sizeof missing, "curl_global_init failed");
}

dragoman_curl *dragoman_curl_make(const char **problem) {
    pthread_once(&once, open_library);
    dragoman_curl *curl = NULL;
    *problem = missing[0] ? missing : "out of memory";
    if (missing[0] || !(curl = malloc(sizeof *curl))) return NULL;
    if ((curl->easy = library.easy_init())) return curl;
    free(curl);
    return NULL;
}

void dragoman_curl_free(dragoman_curl *curl) {
    library.easy_cleanup(curl->easy);
    free(curl);
}

static size_t take_header(char *line, size_t size, size_t count, void *request) {
    const dragoman_curl_request *to = request;
    return to->on_header(to->context, line, size * count) ? size * count : 0;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *request) {
    const dragoman_curl_request *to = request;
    // A different count is an error to libcurl; so none may be, when there is nothing to take.
    return size * count == 0 || to->on_body(to->context, bytes, size * count) ? size * count : 0;
}

static int take_turn(void *request, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up) {
    (void)down_all, (void)down, (void)up_all, (void)up;
    const dragoman_curl_request *to = request;
    return to->on_turn(to->context) ? 0 : 1;
}

static dragoman_curl_outcome outcome_of(CURLcode code) {
    switch (code) {
    case CURLE_OK: return dragoman_curl_done;
    case CURLE_WRITE_ERROR:
    case CURLE_ABORTED_BY_CALLBACK: return dragoman_curl_ended;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT: return dragoman_curl_unreachable;
    case CURLE_PARTIAL_FILE:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM: return dragoman_curl_broken;
    case CURLE_OPERATION_TIMEDOUT: return dragoman_curl_timed_out;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR: return dragoman_curl_untrusted;
    default: return dragoman_curl_failed;
    }
}

dragoman_curl_answer dragoman_curl_send(dragoman_curl *curl, const dragoman_curl_request *request) {
    dragoman_curl_answer answer = {.redirect = ""};
    CURL *easy = curl->easy;
    // Options go, connections stay.
    library.easy_reset(easy);
    struct curl_slist *headers = NULL;
    for (size_t i = 0; i < request->header_count; i++) {
        struct curl_slist *longer = library.append(headers, request->headers[i]);
        if (!longer) {
            library.free_all(headers);
            answer.outcome = dragoman_curl_failed;
            snprintf(answer.problem, sizeof answer.problem, "out of memory");
            return answer;
        }
        headers = longer;
    }
    // Signals are the program's: names are resolved without SIGALRM.
    library.setopt(easy, CURLOPT_NOSIGNAL, 1L);
    library.setopt(easy, CURLOPT_URL, request->url);
    library.setopt(easy, CURLOPT_HTTPHEADER, headers);
    if (request->body) {
        library.setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_count);
        library.setopt(easy, CURLOPT_POSTFIELDS, request->body);
    }
    library.setopt(easy, CURLOPT_USERAGENT, request->user_agent);
    library.setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    // Of the answers, only the server's: not those of a proxy that makes a tunnel.
    library.setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    library.setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, request->connect_ms_max);
    library.setopt(easy, CURLOPT_LOW_SPEED_LIMIT, request->stall_bytes);
    library.setopt(easy, CURLOPT_LOW_SPEED_TIME, request->stall_seconds);
    library.setopt(easy, CURLOPT_BUFFERSIZE, 256L << 10);
    if (request->certificates) library.setopt(easy, CURLOPT_CAINFO, request->certificates);
    library.setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    library.setopt(easy, CURLOPT_HEADERDATA, request);
    library.setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    library.setopt(easy, CURLOPT_WRITEDATA, request);
    library.setopt(easy, CURLOPT_NOPROGRESS, 0L);
    library.setopt(easy, CURLOPT_XFERINFOFUNCTION, take_turn);
    library.setopt(easy, CURLOPT_XFERINFODATA, request);
    char details[CURL_ERROR_SIZE] = "";
    library.setopt(easy, CURLOPT_ERRORBUFFER, details);

    CURLcode code = library.perform(easy);
    answer.outcome = outcome_of(code);
    if (code != CURLE_OK) snprintf(answer.problem, sizeof answer.problem, "%s", details[0] ? details : library.text(code));
    char *redirect = NULL;
    if (code == CURLE_OK && library.getinfo(easy, CURLINFO_REDIRECT_URL, &redirect) == CURLE_OK && redirect)
        answer.redirect = redirect;
    // The next request sets these again; until then they would lead nowhere.
    library.setopt(easy, CURLOPT_ERRORBUFFER, NULL);
    library.setopt(easy, CURLOPT_HTTPHEADER, NULL);
    library.free_all(headers);
    return answer;
}
