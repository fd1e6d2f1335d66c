/** The elements of the page, and the ways to show code and messages. */

export const find = (id) => document.getElementById(id);

/** Makes an element with attributes and children. Text is never parsed as HTML. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Text in which backticks stand for code. */
export function prose(text) {
  return text.split(/(``.+?``|`[^`]+`)/).map((part) =>
    part.startsWith("`") ? element("code", {}, part.replace(/^`+|`+$/g, "")) : part);
}

/** What scrolls sideways must be reachable by keyboard; what does not must not be a stop. */
const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const scrolls = target.scrollWidth > target.clientWidth;
    if (scrolls) {
      target.tabIndex = 0;
      target.setAttribute("role", "group");
      target.setAttribute("aria-label", target.dataset.label);
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) target.removeAttribute(name);
    }
  }
});
export function scrollable(pre, label) {
  pre.dataset.label = label;
  sizes.observe(pre);
  return pre;
}

/** Rust source, with its attributes marked, however many lines they take. */
export function source(text) {
  const lines = [];
  let depth = 0;
  for (const line of text.split("\n")) {
    const marked = depth > 0 || line.startsWith("#[");
    if (marked) depth += (line.match(/\[/g) ?? []).length - (line.match(/\]/g) ?? []).length;
    lines.push(marked ? element("span", { class: "attribute" }, line) : line, "\n");
  }
  return lines.slice(0, -1);
}

/** A message of the compiler. Its sentences wrap, and the line with the carets does not. */
export function message(text) {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => /^ *--> /.test(line));
  const [, severity, first] = /^(error|warning): (.*)$/.exec(lines[0]);
  const sentences = lines.slice(1, start).map((line) => element("div", {}, line.trim()));
  const snippet = element("pre", {}, element("code", {}, lines.slice(start).join("\n")));
  return [
    element("div", {}, element("span", { class: `severity ${severity}` }, `${severity}: `), element("strong", {}, first)),
    ...sentences,
    scrollable(snippet, "the code at fault"),
  ];
}

const marks = { ok: ["✓", "as it should be"], leak: ["!", "leak or harm"], odd: ["?", "unexpected"] };

/** A mark that says what the colour says, and the text. */
export function marked(kind, text) {
  const [mark, says] = marks[kind];
  return element("span", {},
    element("span", { "aria-hidden": "true" }, `${mark} `),
    element("span", { class: "unseen" }, `${says}: `), text);
}

/** Keeps the focus on a button that works for a while. A second press does nothing. */
export function onPress(button, work) {
  button.onclick = async () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    try { await work(); } finally { button.removeAttribute("aria-disabled"); }
  };
}
