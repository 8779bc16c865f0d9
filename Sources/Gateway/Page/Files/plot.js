// Plots of the last minutes, drawn as SVG.

import { draw, make, setText } from "./dom.js";
import { age, measure, time } from "./format.js";
import { SPAN_MS } from "./history.js";

const HEIGHT = 144;
/** A page that was just opened shows little, and not in a corner. */
const SPAN_MIN_MS = 60 * 1000;
const MARGIN = { top: 10, right: 4, bottom: 20, left: 44 };

/** The least of 1, 2, 5, 10, 20, … that is not below a value: the scale's end. */
export function ceiling(value) {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].find((step) => step * power >= value) * power;
}

/** The line through what there is, with gaps where there is nothing. */
export function path(points) {
  let text = "";
  let isDown = false;
  for (const [x, y] of points) {
    if (y !== null) text += `${isDown ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    isDown = y !== null;
  }
  return text;
}

export class Plot {
  #title;
  #series;
  #samples = [];
  #svg = draw("svg", { role: "img", height: HEIGHT });
  #values = new Map();
  #cursor = null;

  /** - series: `{ name, label }` of each figure of a sample; the first has an area below its line. */
  constructor(parent, title, series) {
    this.#title = title;
    this.#series = series;
    const caption = make("figcaption", {}, make("span", { class: "title" }, title));
    for (const [index, { name }] of series.entries()) {
      const value = make("span", { class: index ? "key second" : "key" });
      this.#values.set(name, value);
      caption.append(value);
    }
    parent.append(make("figure", { class: "plot" }, caption, this.#svg));
    this.#svg.addEventListener("pointermove", (event) => this.#point(event.offsetX));
    this.#svg.addEventListener("pointerleave", () => this.#point(null));
    new ResizeObserver(() => this.#render()).observe(this.#svg);
  }

  update(samples) {
    this.#samples = samples;
    this.#render();
  }

  #point(x) {
    this.#cursor = x;
    this.#render();
  }

  #render() {
    const width = this.#svg.clientWidth;
    if (!width || !this.#samples.length) return;
    const last = this.#samples.at(-1);
    const span = Math.min(Math.max(last.at - this.#samples[0].at, SPAN_MIN_MS), SPAN_MS);
    const inner = width - MARGIN.left - MARGIN.right;
    const most = Math.max(...this.#samples.flatMap((sample) => this.#series.map(({ name }) => sample[name] ?? 0)));
    const end = ceiling(most);
    const x = (at) => MARGIN.left + inner * (1 - (last.at - at) / span);
    const y = (value) => HEIGHT - MARGIN.bottom - (HEIGHT - MARGIN.top - MARGIN.bottom) * (value / end);
    const floor = y(0);

    const parts = [];
    for (const value of [0, end / 2, end]) {
      parts.push(draw("line", { class: "grid", x1: MARGIN.left, x2: width - MARGIN.right, y1: y(value), y2: y(value) }));
      parts.push(draw("text", { x: MARGIN.left - 6, y: y(value) + 4, "text-anchor": "end" }, measure(value)));
    }
    parts.push(draw("text", { x: MARGIN.left, y: HEIGHT - 4 }, `${age(span)} ago`));
    parts.push(draw("text", { x: width - MARGIN.right, y: HEIGHT - 4, "text-anchor": "end" }, "now"));
    for (const [index, { name }] of this.#series.entries()) {
      const points = this.#samples.map((sample) => [x(sample.at), sample[name] === null ? null : y(sample[name])]);
      const line = path(points);
      const drawn = points.filter(([, y]) => y !== null);
      if (index === 0 && drawn.length > 1) {
        const [left, right] = [drawn[0][0], drawn.at(-1)[0]];
        const area = `${path(drawn)}L${right.toFixed(1)} ${floor}L${left.toFixed(1)} ${floor}Z`;
        parts.push(draw("path", { class: "area", d: area }));
      }
      if (line) parts.push(draw("path", { class: index ? "line second" : "line", d: line }));
    }
    const shown = this.#nearest(x) ?? last;
    if (this.#cursor !== null) {
      const at = x(shown.at);
      parts.push(draw("line", { class: "cursor", x1: at, x2: at, y1: MARGIN.top, y2: floor }));
    }
    this.#svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    this.#svg.replaceChildren(...parts);
    this.#describe(shown, most, span);
  }

  /** The sample at the pointer. */
  #nearest(x) {
    if (this.#cursor === null) return null;
    const distance = (sample) => Math.abs(x(sample.at) - this.#cursor);
    return this.#samples.reduce((best, sample) => (distance(sample) < distance(best) ? sample : best));
  }

  #describe(shown, most, span) {
    const when = this.#cursor === null ? "" : ` at ${time(shown.at)}`;
    for (const { name, label } of this.#series) {
      const value = shown[name];
      setText(this.#values.get(name), `${label} ${value === null ? "–" : measure(value)}${when}`);
    }
    const now = this.#series.map(({ name, label }) => `${label} ${measure(this.#samples.at(-1)[name] ?? 0)}`).join(", ");
    this.#svg.setAttribute("aria-label", `${this.#title}: ${now} now; ${measure(most)} at most in the last ${age(span)}`);
  }
}
