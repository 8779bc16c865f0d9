#ifndef CZEROMQ_SHIM_H
#define CZEROMQ_SHIM_H

// Not in the Glibc module.
#include <malloc.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <zmq.h>

// A connection is refused when no ZAP handler can be asked, instead of let in. zmq.h shows this option to users of the
// DRAFT interface only; `zmq_setsockopt` of the 4.3 series takes it in every build.
#ifndef ZMQ_ZAP_ENFORCE_DOMAIN
#define ZMQ_ZAP_ENFORCE_DOMAIN 93
#endif

#endif
