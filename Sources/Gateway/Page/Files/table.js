// A table whose rows are kept while their things are: what is pointed at, marked or focused stays where it is.

import { make, setText } from "./dom.js";

export class Table {
  #body = make("tbody");
  #columns;
  #key;
  #rows = new Map();
  #nothing;

  /**
   * - columns: `{ title, style, text(thing), node(thing) }`; a `node` is made once for each thing, and `fresh(node, thing)`
   *   tells it of changes. The first column names its row.
   * - key: what tells a thing from others
   * - nothing: what stands in an empty table
   */
  constructor(table, columns, key, nothing) {
    this.#columns = columns;
    this.#key = key;
    const titles = columns.map(({ title, style = "" }) =>
      make("th", { scope: "col", class: style }, title || make("span", { class: "unseen" }, "Actions")));
    this.#nothing = make("tr", {}, make("td", { class: "empty", colSpan: columns.length }, nothing));
    table.append(make("thead", {}, make("tr", {}, ...titles)), this.#body);
    this.update([]);
  }

  get size() { return this.#rows.size; }

  update(things, nothing) {
    const keys = things.map(this.#key);
    for (const [key, row] of this.#rows) {
      if (keys.includes(key)) continue;
      row.element.remove();
      this.#rows.delete(key);
    }
    for (const [index, thing] of things.entries()) {
      let row = this.#rows.get(keys[index]);
      if (!row) {
        row = this.#row(thing);
        this.#rows.set(keys[index], row);
      }
      for (const [column, cell] of this.#columns.map((column, index) => [column, row.cells[index]])) {
        if (column.text) setText(cell, column.text(thing));
        column.fresh?.(cell, thing);
      }
      if (this.#body.children[index] !== row.element) this.#body.insertBefore(row.element, this.#body.children[index] ?? null);
    }
    if (nothing !== undefined) setText(this.#nothing.firstChild, nothing);
    if (things.length) this.#nothing.remove();
    else this.#body.append(this.#nothing);
  }

  #row(thing) {
    const cells = this.#columns.map((column, index) => {
      const cell = make(index ? "td" : "th", { class: column.style ?? "" });
      if (!index) cell.scope = "row";
      if (column.node) cell.append(...[column.node(thing)].flat());
      return cell;
    });
    return { element: make("tr", {}, ...cells), cells };
  }
}
