// The page to look at the broker with. The gateway sends a report each second; all that is shown follows from it.

import { apiKey, ApiError, events, explain } from "./api.js";
import { DeadJobs } from "./dead.js";
import { askForKey } from "./dialog.js";
import { find, notify, setText } from "./dom.js";
import { EventLog } from "./events.js";
import { age } from "./format.js";
import { History } from "./history.js";
import { Plot } from "./plot.js";
import { Tables } from "./tables.js";
import { Tiles } from "./tiles.js";

const RETRY_MS = 2000;
/** A broker may take 10 s to answer. */
const SILENCE_MS = 20_000;

const history = new History();
const tiles = new Tiles(find("tiles"));
const plots = [
  new Plot(find("plots"), "Throughput", [{ name: "sentences", label: "sentences/s" }]),
  new Plot(find("plots"), "Chunks", [{ name: "queued", label: "queued" }, { name: "leased", label: "running" }]),
  new Plot(find("plots"), "Duration, ms", [{ name: "p50", label: "50 %" }, { name: "p99", label: "99 %" }]),
];
const tables = new Tables();
const log = new EventLog(find("events"));
const dead = new DeadJobs((text) => log.say(text), () => changeKey("This key may not do that."));
const notice = find("notice");
/** Why the broker takes no jobs; "": it does. */
let refusal = "";
/** Ends the stream. */
let reading = new AbortController();
/** When the gateway was heard of last: it sends a report each second, or says why it has none. */
let heard = Date.now();
/** Called when a key has been entered elsewhere than where one is waited for. */
let resume = () => {};

function show(status) {
  const sample = history.add(status);
  tiles.update(status, sample);
  for (const plot of plots) plot.update(history.samples);
  tables.update(status);
  log.update(status);
  dead.update(status);
  setText(find("about"), `${status.version} · ${status.endpoint} · up ${age(status.uptime_ms)}`);
  // Other notices stay until it changes.
  if (status.refusal !== refusal) notify(notice, status.refusal ? `New jobs are refused: ${status.refusal}` : "");
  refusal = status.refusal;
}

function connection(state, text) {
  find("link").dataset.state = state;
  setText(find("link"), text);
}

/** Reads reports until the stream ends. */
async function read() {
  for await (const { name, data } of events("/v1/status/events", reading.signal)) {
    heard = Date.now();
    const report = JSON.parse(data);
    if (name === "status") {
      connection("live", "live");
      show(report);
    } else if (name === "error") {
      connection("lost", report.error.message);
    }
  }
  connection("lost", "the gateway has ended the stream");
}

async function run() {
  for (;;) {
    try {
      await read();
    } catch (error) {
      // A new key: at once.
      if (error.name === "AbortError") continue;
      connection("lost", explain(error));
      if (error instanceof ApiError && error.wantsKey) await wanted(error);
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/** Waits for a key that may see the broker's state. */
async function wanted(error) {
  find("key").hidden = false;
  const reason = error.code === "key_missing" ? "This gateway asks for a key with the role status." : error.message;
  while (!(await askForKey(reason))) {
    const isEntered = await new Promise((resolve) => {
      resume = () => resolve(true);
      notify(notice, "Without a key nothing can be shown.", { name: "Enter a key", run: () => resolve(false) });
    });
    if (isEntered) break;
  }
  notify(notice, "");
}

async function changeKey(reason) {
  if (!(await askForKey(reason))) return;
  dead.forget();
  restart();
  resume();
}

function restart() {
  heard = Date.now();
  reading.abort();
  reading = new AbortController();
}

// A connection that is cut off somewhere on the way does not end by itself.
setInterval(() => {
  if (Date.now() - heard < SILENCE_MS) return;
  connection("lost", "nothing is heard from the gateway");
  restart();
}, 5000);

find("key").hidden = !apiKey.get();
find("key").addEventListener("click", () => changeKey("The broker is looked at with this key."));

run();
