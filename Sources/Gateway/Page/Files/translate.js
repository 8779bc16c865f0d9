// The page to translate with. A text is sent when its writer pauses; a request that is overtaken by the next one is given up,
// and the gateway cancels its job.

import { apiKey, ApiError, explain, request } from "./api.js";
import { askForKey } from "./dialog.js";
import { find, make, notify, setText } from "./dom.js";
import { Files } from "./file.js";
import { count } from "./format.js";
import { AUTO, Menus } from "./menu.js";

const PAUSE_MS = 350;
const RETRY_MS = 3000;
const ALTERNATIVES = 3;

const source = find("source");
const translation = find("translation");
const notice = find("notice");
const menus = new Menus(find("from"), find("to"), () => { rule(); translate(); });
const files = new Files(menus);

/** As GET /frontend/settings has them. */
let settings = { charLimit: -1, keyRequired: false };
/** The request on its way; null: there is none. */
let current = null;
let timer = 0;
/** The language that the text was found to be in; "": it is not known. */
let found = "";

// MARK: What there is

async function start() {
  try {
    const [languages, frontend] = await Promise.all(
      ["/languages", "/frontend/settings"].map(async (path) => (await request(path)).json()));
    settings = frontend;
    menus.fill(languages, frontend.language.target.code);
    files.accept(frontend.supportedFilesFormat);
    find("key").hidden = !frontend.keyRequired;
    rule();
    if (menus.isEmpty) throw new ApiError(503, "", "no worker offers a model; start one with: dragoman worker");
  } catch (error) {
    notify(notice, explain(error));
    setTimeout(start, RETRY_MS);
    return;
  }
  notify(notice, "");
  if (settings.keyRequired && !apiKey.get()) return changeKey("This server asks for an API key.");
  translate();
}

async function changeKey(reason) {
  if (await askForKey(reason)) translate();
}

// MARK: Translating

function schedule() {
  clearTimeout(timer);
  timer = setTimeout(translate, PAUSE_MS);
}

async function translate() {
  clearTimeout(timer);
  current?.abort();
  begin(null);
  const text = source.value;
  if (!text.trim() || menus.isEmpty) {
    notify(notice, "");
    return show({ text: "", alternatives: [], found: "", confidence: 0, models: "" });
  }
  const asked = new AbortController();
  begin(asked);
  try {
    const json = { q: text, source: menus.from, target: menus.into, format: "text", alternatives: ALTERNATIVES };
    const response = await request("/translate", { json, signal: asked.signal });
    const answer = await response.json();
    notify(notice, "");
    show({
      text: answer.translatedText,
      alternatives: answer.alternatives ?? [],
      found: answer.detectedLanguage?.language ?? "",
      confidence: answer.detectedLanguage?.confidence ?? 0,
      models: response.headers.get("dragoman-models") ?? "",
    });
  } catch (error) {
    // The next one is on its way.
    if (asked.signal.aborted) return;
    fail(error);
  } finally {
    if (current === asked) begin(null);
  }
}

function begin(asked) {
  current = asked;
  translation.setAttribute("aria-busy", asked !== null);
}

function fail(error) {
  if (error instanceof ApiError && error.wantsKey) {
    notify(notice, explain(error), { name: "Enter a key", run: () => changeKey("The server does not accept the key.") });
  } else {
    notify(notice, explain(error), { name: "Try again", run: translate });
  }
}

// MARK: Showing

function show(answer) {
  found = answer.found;
  setText(translation, answer.text);
  translation.lang = menus.into;
  showDetected(answer);
  setText(find("through"), answer.models ? `by ${answer.models.replaceAll(", ", " and ")}` : "");
  showAlternatives(answer.alternatives.filter((text) => text !== answer.text));
  find("copy").disabled = answer.text === "";
  rule();
}

function showDetected({ found, confidence }) {
  if (menus.from !== AUTO || !found) return setText(find("detected"), "");
  const name = menus.name(found);
  // With a confidence of 0, the gateway has not recognised it, and takes English.
  const detected = confidence > 0 ? `${name} detected (${Math.round(confidence)} %)` : `not recognised; taken for ${name}`;
  setText(find("detected"), found === menus.into ? `${detected}, and stays as it is` : detected);
}

/** A click puts an alternative in the translation's place, and the translation among the alternatives. */
function showAlternatives(texts) {
  find("others").hidden = texts.length === 0;
  find("alternatives").replaceChildren(...texts.map((text) => {
    const button = make("button", { type: "button", dir: "auto", lang: menus.into }, text);
    button.addEventListener("click", () => {
      const chosen = button.textContent;
      button.textContent = translation.textContent;
      translation.textContent = chosen;
    });
    return make("li", {}, button);
  }));
}

/** What depends on the text and on the languages: the count, and which buttons do something. */
function rule() {
  // As the gateway counts them, in Unicode scalars.
  const characters = [...source.value].length;
  const { charLimit } = settings;
  setText(find("count"), charLimit > 0 ? `${count(characters)} / ${count(charLimit)}` : count(characters));
  find("clear").hidden = source.value === "";
  const from = menus.from === AUTO ? found : menus.from;
  const swap = find("swap");
  swap.disabled = !menus.canSwap(from);
  swap.title = swap.disabled && from
    ? `Nothing translates from ${menus.name(menus.into)} into ${menus.name(from)}` : "Swap languages";
}

// MARK: What people do

source.addEventListener("input", () => { rule(); schedule(); });
source.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    translate();
  }
});

find("clear").addEventListener("click", () => {
  source.value = "";
  source.focus();
  translate();
});

find("swap").addEventListener("click", () => {
  const from = menus.from === AUTO ? found : menus.from;
  if (translation.textContent) source.value = translation.textContent;
  menus.swap(from);
});

find("copy").addEventListener("click", async () => {
  const copy = find("copy");
  const text = translation.textContent;
  try {
    await navigator.clipboard.writeText(text);
    copy.textContent = "Copied";
  } catch {
    // Without TLS, and not on this host, browsers give pages no clipboard; then the text is marked for the keyboard.
    getSelection().selectAllChildren(translation);
    copy.textContent = "Marked: press Ctrl C";
  }
  setTimeout(() => (copy.textContent = "Copy"), 2000);
});

find("key").addEventListener("click", () => changeKey("Requests are sent with this key."));

start();
