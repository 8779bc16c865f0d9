// The figures of the last minutes, and the rates that the broker's counters make.

/** How far back plots go. */
export const SPAN_MS = 5 * 60 * 1000;
/** What rates are taken over: long enough that they do not flicker. */
const WINDOW_MS = 5000;

export class History {
  /** Oldest first. Each has `at`, when it came, and the figures. */
  samples = [];
  #counters = [];
  #epoch = null;

  /** Rates are null until there are two reports of one run of the broker. */
  add(status, at = Date.now()) {
    if (status.epoch !== this.#epoch) this.#counters = [];
    this.#epoch = status.epoch;
    const counters = {
      // The broker's own clock: what the network adds does not change a rate.
      uptime: status.uptime_ms,
      jobs: status.done_total + status.failed_total,
      sentences: status.sentences_total,
      tokens: status.source_tokens_total,
    };
    const previous = this.#counters.at(-1);
    if (!previous || counters.uptime > previous.uptime) this.#counters.push(counters);
    while (this.#counters.length > 2 && counters.uptime - this.#counters[1].uptime >= WINDOW_MS) this.#counters.shift();
    const sample = {
      at,
      queued: status.queued_chunks,
      leased: status.leased_chunks,
      jobs: this.#rate("jobs"),
      sentences: this.#rate("sentences"),
      tokens: this.#rate("tokens"),
      // Of a broker that says it, and has had such a job lately.
      p50: status.job_duration?.count ? status.job_duration.p50_ms : null,
      p99: status.job_duration?.count ? status.job_duration.p99_ms : null,
    };
    this.samples.push(sample);
    while (this.samples[0].at < at - SPAN_MS) this.samples.shift();
    return sample;
  }

  #rate(name) {
    const [first, last] = [this.#counters[0], this.#counters.at(-1)];
    if (!first || last === first) return null;
    return ((last[name] - first[name]) * 1000) / (last.uptime - first.uptime);
  }
}
