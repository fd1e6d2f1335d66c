/** The page starts here, with a policy of your own. */

import { find, element, prose, scrollable, message, onPress } from "./elements.js";
import { data, trouble, frame, call, api, explained, queue, without } from "./calls.js";
import { callAll } from "./handlers.js";
import "./questions.js"; // fills the panels

const explain = find("explain");
const setExplain = () => fetch(`/explain/${explain.checked ? "on" : "off"}`, { method: "POST" });
explain.onchange = () => queue(setExplain);

// ---- A policy of your own

const form = document.querySelector("form");
const presets = [
  ["any origin", { origins: "*", credentials: true }],
  ["a slash at the end", { origins: "https://app.example.com/", credentials: true }],
  ["a public suffix", { origins: "https://*.github.io", credentials: true }],
  ["any header", { origins: "https://app.example.com", headers: "*", credentials: true }],
  ["a fix", { origins: "https://app.example.com, https://*.example.org", headers: "content-type", credentials: true }],
];
for (const [name, values] of presets) {
  const button = element("button", { type: "button" }, name);
  button.onclick = () => {
    for (const [key, value] of Object.entries(values)) {
      const field = form.elements[key];
      if (field.type === "checkbox") field.checked = value; else field.value = value;
    }
    askCompiler();
  };
  find("presets").append(button);
}

let asked = 0;
async function askCompiler() {
  const number = ++asked;
  const query = new URLSearchParams();
  for (const field of form.elements) {
    if (field.name) query.set(field.name, field.type === "checkbox" ? field.checked : field.value);
  }
  let said;
  try {
    const res = await fetch(`/written?${query}`);
    if (!res.ok) throw new Error(String(res.status));
    said = await res.json();
  } catch {
    if (number === asked) find("write-status").textContent = "The server did not respond. Is it still running, and is the text short enough?";
    return;
  }
  // What was typed since then is on its way.
  if (number !== asked) return;
  const { errors, warnings, messages, attribute, outcome } = said;
  const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
  const says = [errors && plural(errors, "error"), warnings && plural(warnings, "warning")].filter(Boolean);
  const compiles = errors ? "It does not compile" : "It compiles";
  const reads = !outcome || outcome.problem ? "" : outcome.read ? " Script reads the response." : " Script does not read the response.";
  find("write-status").textContent = `${says.length ? `${compiles}: ${says.join(", ")}.` : `${compiles}.`}${reads}`;
  find("compiler").replaceChildren(
    ...(messages.length ? [] : [scrollable(element("pre", {}, element("code", { class: "attribute" }, attribute)), "the attribute"), element("p", {}, "It says nothing.")]),
    ...messages.map((text) => element("div", { class: "message" }, ...message(text))));
  const shown = find("outcome");
  if (!outcome) shown.replaceChildren(element("p", {}, "Nothing: there is no program."));
  else if (outcome.problem) shown.replaceChildren(element("p", {}, outcome.problem));
  else {
    shown.replaceChildren(
      element("ol", {}, ...outcome.steps.map((text) => element("li", {}, ...prose(text)))),
      element("p", { class: "why" }, outcome.read ? "Script reads the response." : "Script gets a TypeError."),
      element("p", {}, ...prose("`Policy::explain` says:")), explained(outcome.explained));
  }
}
let typing;
form.oninput = () => { clearTimeout(typing); typing = setTimeout(askCompiler, 250); };
form.onsubmit = (event) => { event.preventDefault(); askCompiler(); };

// ---- Start

for (const name of ["app", "stranger", "elsewhere", "api"]) find(name).textContent = data[name];
onPress(find("again"), () => queue(callAll));

/** Whether all names resolve. If one does not, says which, and what to do. */
async function namesResolve() {
  for (const by of ["app", "stranger", "elsewhere"]) frame(data[by]).catch(() => {});
  for (const by of ["app", "stranger", "elsewhere"]) {
    try { await frame(data[by]); } catch {
      trouble("Your browser does not find ", element("code", {}, new URL(data[by]).hostname), ".");
      return false;
    }
  }
  for (const [name, url] of [["api", api("/weather")], ["cache", `${data.cache}/respecting/start/weather`]]) {
    const { got } = await call({ by: "app", url, init: without });
    if (got.blocked) {
      trouble("Your browser does not find ", element("code", {}, new URL(data[name]).hostname), ".");
      return false;
    }
  }
  return true;
}

queue(async () => {
  askCompiler();
  await setExplain();
  if (await namesResolve()) await callAll();
  else find("status").textContent = "Nothing was called: a name does not resolve.";
  document.body.dataset.ready = "true";
});
