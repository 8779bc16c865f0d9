"""What a person needs who sees little, or uses a keyboard or a screen reader."""

from browser import check
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

# The contrast of each text with what is behind it (WCAG 2.2, 1.4.3: 4.5, and 3 where it is large), and controls, images and
# regions without a name. A colour that is half transparent is blended with what is behind it.
SCRIPT = r"""
const problems = [];
const parse = (text) => {
  const numbers = text.match(/[\d.]+/g).map(Number);
  return { rgb: numbers.slice(0, 3), alpha: numbers[3] ?? 1 };
};
const blend = (over, under, alpha) => over.map((value, index) => value * alpha + under[index] * (1 - alpha));
const luminance = (rgb) => {
  const [r, g, b] = rgb.map((value) => value / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = (element) => {
  const layers = [];
  for (let at = element; at; at = at.parentElement) {
    const { rgb, alpha } = parse(getComputedStyle(at).backgroundColor);
    if (alpha > 0) layers.push([rgb, alpha]);
    if (alpha === 1) break;
  }
  return layers.reverse().reduce((under, [rgb, alpha]) => blend(rgb, under, alpha), [255, 255, 255]);
};
const isShown = (element) => element.checkVisibility({ checkVisibilityCSS: true }) && !element.closest(".unseen, .skip");

const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
let texts = 0;
for (let node = walker.nextNode(); node; node = walker.nextNode()) {
  const element = node.parentElement;
  if (!node.data.trim() || !isShown(element) || element.closest("noscript, option, button:disabled")) continue;
  texts += 1;
  const style = getComputedStyle(element);
  const back = behind(element);
  const { rgb, alpha } = parse(element instanceof SVGElement ? style.fill : style.color);
  const [high, low] = [luminance(blend(rgb, back, alpha)), luminance(back)].sort((a, b) => b - a);
  const contrast = (high + 0.05) / (low + 0.05);
  const isLarge = parseFloat(style.fontSize) >= 24;
  if (contrast < (isLarge ? 3 : 4.5)) problems.push(`contrast ${contrast.toFixed(2)}: ${node.data.trim().slice(0, 40)}`);
}

const name = (element) => {
  const label = element.getAttribute("aria-labelledby");
  return (element.getAttribute("aria-label") ?? (label && document.getElementById(label)?.textContent)
    ?? element.labels?.[0]?.textContent ?? element.getAttribute("alt") ?? element.textContent ?? "").trim();
};
for (const element of document.querySelectorAll(
    "button, a, select, textarea, input, progress, [role=region], [role=img], [role=log], section, nav, dialog, table th")) {
  if (!element.closest("noscript") && isShown(element) && !name(element)) problems.push(`no name: ${element.outerHTML.slice(0, 80)}`);
}
for (const image of document.images) if (image.getAttribute("alt") === null) problems.push("an image without alt");

const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
if (new Set(ids).size !== ids.length) problems.push("an id that is there twice");
if (document.querySelectorAll("h1").length !== 1) problems.push("not one h1");
if (document.documentElement.lang !== "en" || !document.title) problems.push("no language or title");
if (document.querySelectorAll("[style], style, script:not([src])").length) problems.push("something inline");
const width = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth > width) {
  const wide = [...document.querySelectorAll("main *")].filter(
    (element) => element.getBoundingClientRect().right > width && !element.parentElement.closest(".scroll"));
  problems.push(`wider than the window: ${wide.map((element) => element.outerHTML.slice(0, 60))}`);
}
return [texts, problems];
"""

# Each control in turn, as Tab reaches them; what has the focus must show it.
FOCUS = r"""
const element = document.activeElement;
const frame = (at) => at && parseFloat(getComputedStyle(at).outlineWidth) >= 1 && getComputedStyle(at).outlineStyle !== "none";
return [element === document.body ? "" : element.id || element.textContent.trim().slice(0, 40) || element.tagName,
        Boolean(frame(element) || frame(element.closest(".pane, .button")))];
"""


def check_page(page):
    texts, problems = page.run(SCRIPT)
    check(texts > 10, True, "that there is text")
    check(problems, [], "what is hard to see or to use")
    check_focus(page)


def check_focus(page):
    # From the top.
    page.run("document.activeElement.blur(); getSelection().removeAllRanges(); scrollTo(0, 0);")
    reached = []
    for _ in range(60):
        ActionChains(page.driver).send_keys(Keys.TAB).perform()
        name, is_seen = page.run(FOCUS)
        if not name or name in reached[:1]:
            break
        reached.append(name)
        check(is_seen, True, f"that the focus is seen on {name}")
    check(len(reached) > 5, True, f"that controls are reached by Tab: {reached}")
