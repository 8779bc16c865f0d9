// Jobs that are dead: why, and what to do about them.

import { ApiError, explain, request } from "./api.js";
import { confirmed } from "./dialog.js";
import { find, make, notify, setText } from "./dom.js";
import { count, moment, plural } from "./format.js";
import { Table } from "./table.js";

const SHOWN = 100;
const AGAIN_MS = 5000;

export class DeadJobs {
  #say;
  #onKey;
  #jobs = [];
  #known = "";
  /** Of the latest list that was asked for: an older one says nothing any more. */
  #turn = 0;
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
    const known = `${status.epoch} ${status.log_id ?? ""} ${status.dead_jobs} ${status.failed_total}`;
    if (known === this.#known) return;
    this.#known = known;
    await this.#list(status);
  }

  /** With another key there may be others. */
  forget() { this.#known = ""; }

  async #list(status) {
    const turn = ++this.#turn;
    try {
      const response = await request(`/v1/dead?limit=${SHOWN}`);
      const { jobs } = await response.json();
      if (turn === this.#turn) this.#show(jobs, status.dead_jobs, status.all_tenants);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#show([], 0);
      const mayNot = error instanceof ApiError && error.code === "forbidden" && error.wantsKey;
      this.#table.update([], mayNot ? "This key may not look at dead jobs." : explain(error));
      // The next report asks again.
      if (!mayNot) setTimeout(() => { if (turn === this.#turn) this.forget(); }, AGAIN_MS);
    }
  }

  /** The list has the dead jobs of the gateway's own tenant; the number may be of all. */
  #show(jobs, total, isOfAll = false) {
    this.#jobs = jobs;
    this.#table.update(jobs, "No job is dead.");
    const whose = isOfAll ? "; dragoman dead list shows those of other tenants" : "";
    setText(find("dead-note"), total > jobs.length ? `${count(jobs.length)} of ${count(total)} are shown${whose}` : "");
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
      const others = ids.length - jobs.length;
      if (others > 0) notify(notice, `${plural(others, "job")} ${others === 1 ? "was" : "were"} not dead any more.`);
      const gone = new Set(ids);
      // A list that is on its way may still have them.
      this.#turn += 1;
      this.#show(this.#jobs.filter((job) => !gone.has(job.job_id)), 0);
      this.forget();
      return jobs;
    } catch (error) {
      const action = error instanceof ApiError && error.wantsKey ? { name: "Enter a key", run: this.#onKey } : undefined;
      notify(notice, explain(error), action);
      return [];
    }
  }
}
