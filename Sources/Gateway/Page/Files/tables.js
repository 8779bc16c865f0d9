// The tables of workers, models and consumers.

import { find, make, setText } from "./dom.js";
import { age, count, measure, plural } from "./format.js";
import { Table } from "./table.js";

const number = (title, text) => ({ title, style: "number", text });

/** A state in words; `style` says whether it is one to look after. */
const state = (of) => ({
  title: "State",
  fresh: (cell, thing) => {
    const [text, style] = of(thing);
    setText(cell, text);
    cell.className = style;
  },
});

function workerState(worker) {
  if (worker.unreachable) return ["connection lost", "bad"];
  if (worker.draining) return ["draining", "warn"];
  if (worker.silent_ms > 10_000) return [`silent for ${age(worker.silent_ms)}`, "warn"];
  return ["connected", ""];
}

const load = {
  title: "Load",
  node: () => [make("progress"), make("span")],
  fresh: (cell, { instance, leased_tokens, window_tokens }) => {
    const [bar, text] = cell.children;
    const part = window_tokens ? leased_tokens / window_tokens : 0;
    bar.value = Math.min(part, 1);
    bar.setAttribute("aria-label", `Load of ${instance}`);
    setText(text, `${Math.round(part * 100)} %`);
  },
};

const workerModels = {
  title: "Models",
  style: "long",
  fresh: (cell, worker) => {
    const loaded = new Set(worker.loaded_models);
    const names = worker.models.map((name) => (loaded.has(name) ? name : `${name} (not loaded)`));
    const broken = worker.unavailable_models.map(({ name, reason }) => `${name} cannot be loaded: ${reason}`);
    setText(cell, [...names, ...broken].join(", "));
    cell.classList.toggle("bad", broken.length > 0);
  },
};

const pair = (model) =>
  model.source_language && model.target_language
    ? `${model.source_language} → ${model.target_language}`
    : model.languages.length ? "several" : "not said";

function modelState(model) {
  if (model.workers > 0) return [plural(model.workers, "worker"), ""];
  return [`no worker for ${age(model.absent_ms)}`, model.queued_chunks > 0 ? "bad" : "warn"];
}

function consumerState(consumer) {
  if (consumer.attached) return [consumer.acknowledged ? "attached" : "attached, nothing acknowledged yet", ""];
  return [`away for ${age(consumer.absent_ms)}${consumer.abandoned ? ", abandoned" : ""}`, "warn"];
}

export class Tables {
  #workers = new Table(find("workers"), [
    { title: "Worker", text: (worker) => worker.instance },
    state(workerState),
    load,
    number("Chunks", (worker) => count(worker.leased_chunks)),
    number("Tokens/s", (worker) => measure(worker.source_tokens_per_second)),
    number("Done", (worker) => count(worker.done_total)),
    number("Failed", (worker) => count(worker.failed_total)),
    workerModels,
  ], (worker) => worker.instance, "No worker is connected; start one with: dragoman worker");

  #models = new Table(find("models"), [
    { title: "Model", text: (model) => model.name },
    { title: "Languages", text: pair },
    state(modelState),
    number("Queued", (model) => count(model.queued_chunks)),
    number("Running", (model) => count(model.leased_chunks)),
    number("Sentences/s", (model) => measure(model.sentences_per_second)),
    number("Tokens/s", (model) => measure(model.source_tokens_per_second)),
    number("Done", (model) => count(model.done_total)),
  ], (model) => model.name, "No model is known.");

  #consumers = new Table(find("consumers"), [
    { title: "Consumer", text: (consumer) => consumer.name },
    { title: "Tenant", text: (consumer) => consumer.tenant },
    state(consumerState),
    number("Acknowledged", (consumer) => count(consumer.acknowledged)),
    number("Newest", (consumer) => count(consumer.last_sequence)),
    number("Lag", (consumer) => count(consumer.lag_records)),
  ], (consumer) => JSON.stringify([consumer.tenant, consumer.name]), "No consumer has a place in the results.");

  update(status) {
    const hidden = status.worker_count - status.workers.length;
    this.#workers.update(status.workers, hidden > 0
      ? `${plural(hidden, "worker")} connected; only an operator’s key sees which.`
      : "No worker is connected; start one with: dragoman worker");
    this.#models.update(status.models);
    this.#consumers.update(status.consumers);
  }
}

