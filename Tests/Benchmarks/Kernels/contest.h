// Several kinds of work that take turns, so that whatever else the machine does slows all of them alike.
#pragma once

#include <stddef.h>

enum { CONTESTANTS_MAX = 5, ROUNDS_MAX = 101 };

typedef struct {
    void (*work)(void *subject);
    void *subject;
    size_t calls;                ///< In a round: enough for the clock.
    double seconds[ROUNDS_MAX];  ///< Of one call, by round.
} contestant;

typedef struct {
    contestant contestants[CONTESTANTS_MAX];
    size_t count, rounds;
} contest;

typedef struct {
    double median, least, most;
} spread;

/// Returns the contestant's number.
size_t enter(contest *contest, void (*work)(void *subject), void *subject);

/// Runs rounds, an odd number, until about `seconds` have passed, but at least three.
void hold(contest *contest, double seconds);

/// The seconds that a call took, over all rounds.
spread times(const contest *contest, size_t contestant);

/// One's time over another's in the same round, over all rounds.
spread ratios(const contest *contest, size_t contestant, size_t other);
