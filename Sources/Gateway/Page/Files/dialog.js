// Questions to the person at the page: for the API key, and whether to do what cannot be undone.

import { apiKey } from "./api.js";
import { make } from "./dom.js";

/** Shows a form and waits for its answer. */
function ask(title, content, agree, style, accept = () => "") {
  return new Promise((resolve) => {
    const problem = make("p", { class: "problem", role: "alert", hidden: true });
    const dialog = make("dialog", { "aria-labelledby": "dialog-title" });
    const form = make("form", {},
      make("h2", { id: "dialog-title" }, title), ...content, problem,
      make("div", { class: "choices" },
        make("button", { type: "button", onclick: () => dialog.close() }, "Cancel"),
        make("button", { type: "submit", class: style }, agree)));
    let answer = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      problem.textContent = accept();
      problem.hidden = problem.textContent === "";
      if (!problem.hidden) return;
      answer = true;
      dialog.close();
    });
    // Escape closes it too.
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    dialog.append(form);
    document.body.append(dialog);
    dialog.showModal();
  });
}

let asking = null;

/** Asks for the key, once however often it is called meanwhile. Resolves to whether there is another one now. */
export function askForKey(reason) {
  const field = make("input", { type: "password", id: "key-field", autocomplete: "off", value: apiKey.get() });
  asking ??= ask(
    "API key",
    [
      make("p", {}, reason),
      make("label", {}, "Key", field),
      make("p", { class: "muted" }, "It is kept in this tab only, until the tab is closed."),
    ],
    "Use this key", "primary",
    () => {
      const key = field.value.trim();
      if (!key) return "Enter a key.";
      // What a header can hold.
      if (!/^[\x21-\x7e]+$/.test(key)) return "A key has no blanks and only characters of ASCII.";
      apiKey.set(key);
      return "";
    },
  ).finally(() => (asking = null));
  return asking;
}

export const confirmed = (title, text, agree) => ask(title, [make("p", {}, text)], agree, "danger");
