// Files: each is sent whole, and a link to its translation is shown.

import { explain, request } from "./api.js";
import { find, make } from "./dom.js";
import { bytes } from "./format.js";

export class Files {
  #menus;
  #list = find("files");

  constructor(menus) {
    this.#menus = menus;
    const field = find("file");
    field.addEventListener("change", () => {
      this.#take(field.files);
      // So that the same file can be chosen again.
      field.value = "";
    });
    this.#acceptDrops(find("source-pane"));
  }

  /** Which files there are translations of. */
  accept(suffixes) { find("file").accept = suffixes.join(","); }

  #take(files) { for (const file of files) this.#translate(file); }

  async #translate(file) {
    const { from, into } = this.#menus;
    const state = make("span", { class: "muted" }, "is translated …");
    const size = make("span", { class: "muted" }, bytes(file.size));
    this.#list.prepend(make("li", {}, make("span", { class: "name" }, file.name), size, state));
    this.#list.parentElement.hidden = false;
    const form = new FormData();
    form.append("file", file);
    form.append("source", from);
    form.append("target", into);
    try {
      const response = await request("/translate_file", { form });
      const { translatedFileUrl } = await response.json();
      // The host of that address is what the gateway takes for its own; the path is what this page knows to be right.
      const { pathname } = new URL(translatedFileUrl);
      const name = file.name.replace(/(\.[^.]*)?$/, `.${into}$1`);
      // Fetched at once: the gateway's own name for it would take the place of this one.
      const href = URL.createObjectURL(await (await request(pathname)).blob());
      state.replaceWith(make("a", { href, download: name }, `Download ${name}`));
    } catch (error) {
      state.className = "problem";
      state.textContent = explain(error);
    }
  }

  #acceptDrops(pane) {
    const holdsFiles = (event) => [...event.dataTransfer.types].includes("Files");
    pane.addEventListener("dragover", (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      pane.classList.add("dropping");
    });
    pane.addEventListener("dragleave", (event) => {
      if (!pane.contains(event.relatedTarget)) pane.classList.remove("dropping");
    });
    pane.addEventListener("drop", (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      pane.classList.remove("dropping");
      this.#take(event.dataTransfer.files);
    });
  }
}
