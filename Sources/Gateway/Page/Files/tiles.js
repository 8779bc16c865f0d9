// The figures at the top. What a broker does not say is not shown.

import { make, setText } from "./dom.js";
import { age, bytes, count, measure, plural } from "./format.js";

/** Each: what it is called, its value, its unit, what there is to say besides, and whether it wants a look. */
const tiles = [
  (status) => ({
    name: "Unfinished jobs",
    value: count(status.queued_jobs),
    detail: `${plural(status.queued_chunks, "chunk")} queued, ${bytes(status.queued_bytes)}`,
  }),
  (status) => ({
    name: "Oldest waiting job",
    value: status.oldest_queued_ms ? age(status.oldest_queued_ms) : "–",
    detail: status.oldest_queued_ms ? "since it was accepted" : "none waits",
  }),
  (status) => ({
    name: "Running chunks",
    value: count(status.leased_chunks),
    detail: `on ${plural(status.worker_count, "worker")}`,
  }),
  (status, sample) => ({
    name: "Throughput",
    value: rate(sample.sentences),
    unit: "sentences/s",
    detail: `${rate(sample.tokens)} tokens/s`,
  }),
  (status, sample) => ({
    name: "Ended jobs",
    value: rate(sample.jobs),
    unit: "/s",
    detail: `${count(status.done_total)} done, ${count(status.expired_total + status.cancelled_total)} given up`,
  }),
  (status) => latency("Wait for a worker", status.job_wait),
  (status) => latency("Duration of a job", status.job_duration),
  (status) => ({
    name: "Accepted jobs",
    value: count(status.accepted_total),
    detail: `${count(status.rejected_total)} rejected`,
  }),
  (status) => ({
    name: "Dead jobs",
    value: count(status.dead_jobs),
    detail: `${count(status.failed_total)} since the broker’s start`,
    isAlarming: status.dead_jobs > 0,
  }),
  (status) => ({
    name: "Workers",
    value: count(status.worker_count),
    detail: `${plural(status.models.filter((model) => model.workers > 0).length, "model")} at hand`,
    isAlarming: status.worker_count === 0,
  }),
];

/** What half of the jobs of the last minutes did not exceed. An older broker does not say. */
function latency(name, latency) {
  if (!latency) return undefined;
  if (!latency.count) return { name, value: "–", detail: "no job in the last minutes" };
  return { name, value: age(latency.p50_ms), detail: `90 % ${age(latency.p90_ms)}, 99 % ${age(latency.p99_ms)}` };
}

const rate = (number) => (number === null ? "–" : measure(number));

export class Tiles {
  #parent;
  #shown = new Map();

  constructor(parent) { this.#parent = parent; }

  update(status, sample) {
    for (const tile of tiles) {
      const { name, value, unit = "", detail, isAlarming = false } = tile(status, sample) ?? {};
      if (name === undefined) continue;
      const shown = this.#tile(name);
      setText(shown.value, value);
      setText(shown.unit, unit ? ` ${unit}` : "");
      setText(shown.detail, detail);
      shown.element.classList.toggle("alarming", isAlarming);
    }
  }

  #tile(name) {
    let shown = this.#shown.get(name);
    if (shown) return shown;
    const [value, unit] = [make("span"), make("span", { class: "unit" })];
    const detail = make("dd", { class: "detail" });
    const element = make("div", { class: "tile" }, make("dt", {}, name), make("dd", { class: "value" }, value, unit), detail);
    shown = { element, value, unit, detail };
    this.#shown.set(name, shown);
    this.#parent.append(element);
    return shown;
  }
}
