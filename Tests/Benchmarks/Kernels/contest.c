#define _GNU_SOURCE  // for clock_gettime
#include "contest.h"

#include <stdlib.h>
#include <time.h>

/// The least time of a sample: long beside a clock's resolution, short beside a scheduler's slice.
static const double sample_seconds = 200e-6;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static double time_calls(const contestant *c, size_t calls) {
    const double start = now();
    for (size_t i = 0; i < calls; i++) c->work(c->subject);
    return (now() - start) / (double)calls;
}

size_t enter(contest *contest, void (*work)(void *subject), void *subject) {
    contest->contestants[contest->count] = (contestant){.work = work, .subject = subject};
    return contest->count++;
}

static double sample(contestant *c) {
    // Not timed: it brings back to the caches what the others have pushed out, and is lost in the noise of long work.
    if (c->calls > 1) c->work(c->subject);
    return time_calls(c, c->calls);
}

void hold(contest *contest, double seconds) {
    const double end = now() + seconds;
    for (size_t i = 0; i < contest->count; i++) {
        contestant *c = &contest->contestants[i];
        time_calls(c, 1);
        const double one = time_calls(c, 1);
        c->calls = one < sample_seconds ? (size_t)(sample_seconds / one) + 1 : 1;
    }
    for (size_t round = 0; round < ROUNDS_MAX && (round < 3 || round % 2 == 0 || now() < end); round++) {
        // Everybody is first, and comes after everybody else, equally often.
        for (size_t i = 0; i < contest->count; i++) {
            contestant *c = &contest->contestants[(i + round) % contest->count];
            c->seconds[round] = sample(c);
        }
        contest->rounds = round + 1;
    }
}

static int by_size(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static spread spread_of(double *values, size_t count) {
    qsort(values, count, sizeof *values, by_size);
    return (spread){.median = values[count / 2], .least = values[0], .most = values[count - 1]};
}

spread times(const contest *contest, size_t contestant) {
    double values[ROUNDS_MAX];
    for (size_t i = 0; i < contest->rounds; i++) values[i] = contest->contestants[contestant].seconds[i];
    return spread_of(values, contest->rounds);
}

spread ratios(const contest *contest, size_t contestant, size_t other) {
    double values[ROUNDS_MAX];
    for (size_t i = 0; i < contest->rounds; i++)
        values[i] = contest->contestants[contestant].seconds[i] / contest->contestants[other].seconds[i];
    return spread_of(values, contest->rounds);
}
