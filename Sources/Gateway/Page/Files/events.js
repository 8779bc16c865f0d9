// What has happened, as two reports one after the other tell.

import { make } from "./dom.js";
import { age, plural, time } from "./format.js";

const KEPT = 200;

const by = (things, name) => new Map(things.map((thing) => [thing[name], thing]));

/** From one report to the next: `[text, style]` of each change. */
export function changes(before, now) {
  if (before.epoch !== now.epoch) return [[`The broker has been started again (epoch ${now.epoch}).`, "warn"]];
  return [...broker(before, now), ...workers(before, now), ...models(before, now), ...consumers(before, now)];
}

function* broker(before, now) {
  if (!before.draining && now.draining) yield ["The broker is about to stop.", "warn"];
  if (before.refusal !== now.refusal) {
    yield now.refusal ? [`New jobs are refused: ${now.refusal}`, "bad"] : ["New jobs are accepted again.", ""];
  }
  const died = now.failed_total - before.failed_total;
  if (died > 0) yield [`${plural(died, "job")} failed.`, "bad"];
  const lost = now.leases_lost_total - before.leases_lost_total;
  if (lost > 0) yield [`${plural(lost, "lease")} taken back from workers that died or did not answer.`, "bad"];
  const rejected = now.rejected_total - before.rejected_total;
  if (rejected > 0) yield [`${plural(rejected, "job")} rejected.`, "warn"];
}

function* workers(before, now) {
  const [old, current] = [by(before.workers, "instance"), by(now.workers, "instance")];
  for (const [name, worker] of current) {
    const was = old.get(name);
    if (!was) yield [`Worker ${name} has connected.`, ""];
    if (was && !was.unreachable && worker.unreachable) yield [`Worker ${name} has lost its connection.`, "bad"];
    if (was?.unreachable && !worker.unreachable) yield [`Worker ${name} is back.`, ""];
    if (was && !was.draining && worker.draining) yield [`Worker ${name} is about to stop.`, "warn"];
    const broken = new Set(was?.unavailable_models.map((model) => model.name));
    for (const { name: model, reason } of worker.unavailable_models) {
      if (!broken.has(model)) yield [`Worker ${name} cannot load ${model}: ${reason}`, "bad"];
    }
  }
  for (const name of old.keys()) if (!current.has(name)) yield [`Worker ${name} has gone.`, "warn"];
}

function* models(before, now) {
  const old = by(before.models, "name");
  for (const model of now.models) {
    const had = old.get(model.name)?.workers ?? 0;
    if (!had && model.workers) yield [`Model ${model.name} is at hand.`, ""];
    if (had && !model.workers) yield [`No worker offers the model ${model.name} any more.`, "warn"];
  }
}

function* consumers(before, now) {
  const name = (consumer) => `${consumer.name} of ${consumer.tenant}`;
  const old = new Map(before.consumers.map((consumer) => [name(consumer), consumer]));
  for (const consumer of now.consumers) {
    const was = old.get(name(consumer))?.attached ?? false;
    if (!was && consumer.attached) yield [`Consumer ${name(consumer)} has attached.`, ""];
    if (was && !consumer.attached) yield [`Consumer ${name(consumer)} has left.`, ""];
  }
}

export class EventLog {
  #list;
  #before = null;

  constructor(list) { this.#list = list; }

  update(status) {
    if (!this.#before) this.say(`This page looks at a broker that has run for ${age(status.uptime_ms)}.`);
    else for (const [text, style] of changes(this.#before, status)) this.say(text, style);
    this.#before = status;
  }

  /** The newest first. */
  say(text, style = "") {
    this.#list.prepend(make("li", {}, make("time", {}, time(new Date())), make("span", { class: style }, text)));
    while (this.#list.children.length > KEPT) this.#list.lastElementChild.remove();
  }
}
