// The document: finding its elements and making new ones. Text is always set as text, never as markup.

export const find = (id) => document.getElementById(id);

/** An element. Of `properties`, `class`, `role` and what has a hyphen are attributes; the others are properties. */
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "class" || key === "role" || key === "scope" || key.includes("-")) element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

export function draw(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Sets what has changed only, so that a selection in the text stays, and nothing is read out twice. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Shows what is wrong, with a button for what can be done about it; without a text, nothing. */
export function notify(element, text, action) {
  if (!text) {
    element.hidden = true;
    element.replaceChildren();
    return;
  }
  element.replaceChildren(make("span", {}, text));
  if (action) element.append(make("button", { type: "button", onclick: action.run }, action.name));
  element.hidden = false;
}
