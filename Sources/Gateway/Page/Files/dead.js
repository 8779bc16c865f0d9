// Jobs that are dead: why, and what to do about them.

import { ApiError, explain, request } from "./api.js";
import { confirmed } from "./dialog.js";
import { find, make, notify, setText } from "./dom.js";
import { count, moment, plural } from "./format.js";
import { Table } from "./table.js";

const SHOWN = 100;

export class DeadJobs {
  #say;
  #onKey;
  #jobs = [];
  #known = "";
  #table = new Table(find("dead"), [
    { title: "Job", node: ({ job_id }) => make("code", {}, job_id) },
    { title: "Died", text: (job) => (job.finished_at_ms ? moment(job.finished_at_ms) : "") },
    { title: "Model", text: (job) => job.model ?? "" },
    { title: "Attempts", style: "number", text: (job) => count(job.attempts) },
    { title: "Reason", style: "long", text: (job) => (job.error ? `${job.error.message} (${job.error.code})` : "") },
    { title: "", style: "act", node: (job) => this.#buttons(job) },
  ], (job) => job.job_id, "No job is dead.");

  /**
   * - say: puts a line into the log of events
   * - onKey: asks for another key, where this one may not look after jobs
   */
  constructor(say, onKey) {
    this.#say = say;
    this.#onKey = onKey;
    find("retry-all").addEventListener("click", () => this.#retry(this.#ids));
    find("drop-all").addEventListener("click", () => this.#drop(this.#ids));
  }

  get #ids() { return this.#jobs.map((job) => job.job_id); }

  /** Lists them again when a report says that they are others. */
  async update(status) {
    const known = `${status.epoch} ${status.dead_jobs} ${status.failed_total}`;
    if (known === this.#known) return;
    this.#known = known;
    await this.#list(status.dead_jobs);
  }

  /** With another key there may be others. */
  forget() { this.#known = ""; }

  async #list(total) {
    try {
      const response = await request(`/v1/dead?limit=${SHOWN}`);
      const { jobs } = await response.json();
      this.#show(jobs, total);
    } catch (error) {
      this.#show([], 0);
      const hint = error instanceof ApiError && error.code === "forbidden" ? "This key may not look at jobs" : explain(error);
      this.#table.update([], hint);
    }
  }

  #show(jobs, total) {
    this.#jobs = jobs;
    this.#table.update(jobs, "No job is dead.");
    const others = total - jobs.length;
    setText(find("dead-note"), jobs.length && others > 0 ? `${count(jobs.length)} of ${count(total)} are shown` : "");
    for (const id of ["retry-all", "drop-all"]) find(id).hidden = jobs.length < 2;
  }

  #buttons({ job_id }) {
    const button = (name, style, run) =>
      make("button", { type: "button", class: style, "aria-label": `${name} job ${job_id}`, onclick: run }, name);
    return [
      button("Retry", "", () => this.#retry([job_id])),
      button("Drop", "danger", () => this.#drop([job_id])),
    ];
  }

  async #retry(ids) {
    const jobs = await this.#act("retry", ids);
    for (const job of jobs) this.#say(`Job ${job.retry_of} is tried again as ${job.job_id}.`);
  }

  async #drop(ids) {
    const what = ids.length === 1 ? `Job ${ids[0]}` : plural(ids.length, "job");
    const text = `${what} will not be on this list any more, and cannot be tried again. The record in the results stays.`;
    if (!(await confirmed("Drop dead jobs?", text, "Drop"))) return;
    for (const job of await this.#act("drop", ids)) this.#say(`Job ${job.job_id} is dropped.`);
  }

  async #act(verb, ids) {
    const notice = find("notice");
    try {
      const response = await request(`/v1/dead/${verb}`, { json: { job_ids: ids } });
      const { jobs } = await response.json();
      notify(notice, jobs.length < ids.length ? `${plural(ids.length - jobs.length, "job")} was not dead any more.` : "");
      const gone = new Set(ids);
      this.#show(this.#jobs.filter((job) => !gone.has(job.job_id)), 0);
      return jobs;
    } catch (error) {
      const action = error instanceof ApiError && error.wantsKey ? { name: "Enter a key", run: this.#onKey } : undefined;
      notify(notice, explain(error), action);
      return [];
    }
  }
}
