// The two menus of languages: what can be translated from, and into what from there.

import { make } from "./dom.js";

const NAME = "dragoman-languages";
export const AUTO = "auto";

export class Menus {
  #from;
  #into;
  #languages = new Map();
  #onChange;

  constructor(from, into, onChange) {
    this.#from = from;
    this.#into = into;
    this.#onChange = onChange;
    from.addEventListener("change", () => this.#changed());
    into.addEventListener("change", () => this.#changed());
  }

  get from() { return this.#from.value; }
  get into() { return this.#into.value; }
  get isEmpty() { return this.#sources.length === 0; }

  name(code) { return this.#languages.get(code)?.name ?? code; }

  /** `languages` as GET /languages has them; what was chosen last is chosen again, or else `target`. */
  fill(languages, target) {
    this.#languages = new Map(languages.map((language) => [language.code, language]));
    const [from, into] = remembered();
    const sources = this.#sources.map((code) => [code, this.name(code)]).sort(byName);
    show(this.#from, [[AUTO, "Detect language"], ...sources], from || AUTO);
    this.#fillTargets(into || target);
  }

  /** Whether a text in `from` may be translated back. */
  canSwap(from) { return from !== "" && this.#targets(this.into).includes(from); }

  swap(from) {
    const into = this.into;
    this.#from.value = into;
    this.#fillTargets(from);
    this.#changed();
  }

  get #sources() { return [...this.#languages.keys()].filter((code) => this.#targets(code).length > 0); }

  /** A text in the language already stays as it is, so that is no choice. */
  #targets(from) {
    if (from === AUTO) return [...new Set(this.#sources.flatMap((code) => this.#targets(code)))];
    return (this.#languages.get(from)?.targets ?? []).filter((code) => code !== from);
  }

  #fillTargets(wanted) {
    const targets = this.#targets(this.from).map((code) => [code, this.name(code)]).sort(byName);
    show(this.#into, targets, wanted);
  }

  #changed() {
    this.#fillTargets(this.into);
    try {
      localStorage.setItem(NAME, `${this.from} ${this.into}`);
    } catch {
      // A browser that keeps nothing starts with the defaults.
    }
    this.#onChange();
  }
}

const byName = (one, other) => one[1].localeCompare(other[1], "en");

/** Fills a menu; `wanted` is chosen if it is there, and the first one otherwise. */
function show(menu, entries, wanted) {
  menu.replaceChildren(...entries.map(([value, name]) => make("option", { value }, name)));
  const values = entries.map(([value]) => value);
  menu.value = values.includes(wanted) ? wanted : values[0] ?? "";
}

function remembered() {
  try {
    return (localStorage.getItem(NAME) ?? "").split(" ");
  } catch {
    return [];
  }
}
