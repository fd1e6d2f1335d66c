"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const callers = [["the app", data.app], ["a stranger", data.stranger]];

/** An element with attributes and children; text is never read as HTML. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** A hidden page on another origin, which calls for us. */
const frames = new Map();
function frame(origin) {
  if (!frames.has(origin)) {
    frames.set(origin, new Promise((done) => {
      const made = element("iframe", { src: `${origin}/frame`, title: `calls from ${origin}`, hidden: "" });
      made.onload = () => done(made.contentWindow);
      document.body.append(made);
    }));
  }
  return frames.get(origin);
}

/** Has script of `origin` fetch `url`; what it got, and what the server saw of it. */
async function call(origin, url, init) {
  const id = crypto.randomUUID();
  const target = await frame(origin);
  const got = await new Promise((done) => {
    const listen = (event) => {
      if (event.origin !== origin || event.data.id !== id) return;
      removeEventListener("message", listen);
      done(event.data.got);
    };
    addEventListener("message", listen);
    target.postMessage({ id, url: `${url}?id=${id}`, init }, origin);
  });
  const records = await (await fetch(`/records/${id}`)).json();
  return { origin, init, got, records, why: why(init, got, records) };
}

/** One sentence: what decided. */
function why(init, got, records) {
  const last = records.at(-1);
  if (!last) return "The browser did not send it: it remembers an earlier preflight, or had no need to ask.";
  const header = (name) => last.response.find(([other]) => other === name)?.[1];
  const allowed = header("access-control-allow-origin");
  if (got.blocked && last.status < 300 && allowed && init.credentials === "include") {
    if (allowed === "*") return "The answer allows anyone, but for requests with cookies the browser does not take `*`.";
    if (!header("access-control-allow-credentials")) {
      return "The origin is allowed, but the policy has no `credentials`, and the request was made with cookies.";
    }
  }
  return last.decided;
}

function verdict(result) {
  return result.got.blocked ? ["no", "✕ blocked"] : ["yes", `✓ read: ${result.got.status}`];
}

/** The requests and answers of one call, with the headers that decided. */
function exchanges(records) {
  return records.map((record) => {
    const lines = (headers) => headers.map(([name, value]) =>
      element("div", {}, element("span", { class: "name" }, `${name}: `), value));
    return element("div", { class: "exchange" },
      element("div", { class: "start" }, `${record.method} ${record.path}`),
      ...lines(record.request),
      element("div", { class: "start answer" }, String(record.status)),
      ...lines(record.response));
  });
}

function init(handler, credentials) {
  const made = { method: handler.method, credentials };
  if (handler.json) {
    made.headers = { "Content-Type": "application/json" };
    made.body = '"Ada"';
  }
  return made;
}

const cards = data.handlers.map((handler) => {
  const card = document.getElementById("card").content.cloneNode(true).firstElementChild;
  card.id = `handler-${handler.name}`;
  card.querySelector("h3").textContent = `${handler.method} ${handler.path}`;
  card.querySelector(".source p").textContent = handler.about;
  card.querySelector("caption").textContent = `What script gets from ${handler.method} ${handler.path}`;
  const code = card.querySelector("code");
  for (const line of handler.source.split("\n")) {
    code.append(line.startsWith("#[") ? element("span", { class: "attribute" }, line) : line, "\n");
  }
  document.getElementById("cards").append(card);
  return { handler, card };
});

function showDetails(card, button, result) {
  for (const other of card.querySelectorAll(".verdict")) other.setAttribute("aria-pressed", other === button);
  const got = result.got.blocked ? "Script gets a TypeError and nothing else." : `Script reads “${result.got.body}”.`;
  card.querySelector(".details").replaceChildren(
    element("p", { class: "why" }, result.why),
    element("p", {}, got),
    ...exchanges(result.records));
}

async function callAll() {
  const again = document.getElementById("again");
  const status = document.getElementById("status");
  again.disabled = true;
  status.textContent = "Calling…";
  let read = 0;
  let blocked = 0;
  for (const { handler, card } of cards) {
    const rows = [];
    for (const [name, origin] of callers) {
      const row = element("tr", {}, element("th", { scope: "row" }, name));
      for (const credentials of ["omit", "include"]) {
        const result = await call(origin, data.api + handler.path, init(handler, credentials));
        const [kind, text] = verdict(result);
        if (kind === "yes") read += 1; else blocked += 1;
        const button = element("button", { type: "button", class: `verdict ${kind}`, "aria-pressed": "false" }, text);
        button.onclick = () => showDetails(card, button, result);
        row.append(element("td", {}, button));
      }
      rows.push(row);
    }
    card.querySelector("tbody").replaceChildren(...rows);
    card.querySelector(".details").replaceChildren(element("p", {}, "Choose a result to see what decided it."));
  }
  status.textContent = `${read} answers were read, ${blocked} were blocked.`;
  again.disabled = false;
}

/** What the panels do: each step says what it shows, and calls. */
const withCookies = { credentials: "include" };
const without = { credentials: "omit" };
const post = { method: "POST", credentials: "include" };
const api = (path) => data.api + path;
const questions = {
  "credentials": [
    ["The app signs Ada in.", data.app, api("/sign-in"), post],
    ["It asks for the profile without cookies: the server does not know her.", data.app, api("/profile"), without],
    ["It asks with cookies, which the policy allows.", data.app, api("/profile"), withCookies],
    ["The weather is for anyone, but not with cookies.", data.app, api("/weather"), withCookies],
  ],
  "set-cookie": [
    ["Nobody is signed in.", data.app, api("/sign-out"), post],
    ["Sign in without credentials: the answer is read, its cookie is dropped.", data.app, api("/sign-in"), { method: "POST", credentials: "omit" }],
    ["Who am I?", data.app, api("/profile"), withCookies],
    ["Sign in with credentials where the policy has none: the preflight says no, and nothing is sent.", data.app, api("/sign-in"), { method: "PUT", credentials: "include" }],
    ["Who am I?", data.app, api("/profile"), withCookies],
    ["Sign in with credentials where the policy has them.", data.app, api("/sign-in"), post],
    ["Who am I?", data.app, api("/profile"), withCookies],
  ],
  "echo": [
    ["Ada signs in on the app.", data.app, api("/sign-in"), post],
    ["She visits a stranger's page, which asks for her profile: blocked.", data.stranger, api("/profile"), withCookies],
    ["It asks where any origin is echoed: her data is the stranger's.", data.stranger, api("/echo"), withCookies],
  ],
  "vary": [
    ["Through a cache that heeds Vary, the app reads.", data.app, `${data.cache}/heeding/news`, without],
    ["So does the other page: its answer is another one.", data.stranger, `${data.cache}/heeding/news`, without],
    ["Through a cache that does not, the app reads.", data.app, `${data.cache}/ignoring/news`, without],
    ["The other page is served the answer for the app, and its browser refuses it.", data.stranger, `${data.cache}/ignoring/news`, without],
  ],
  "preflight": [
    ["The app sends JSON, whose header is allowed.", data.app, api("/profile"), { method: "PUT", credentials: "omit", headers: { "Content-Type": "application/json" }, body: '"Ada"' }],
    ["It sends a header that is not.", data.app, api("/profile"), { method: "PUT", credentials: "omit", headers: { "Content-Type": "application/json", "X-Trace": "1" }, body: '"Ada"' }],
    ["It sends a method that no handler has.", data.app, api("/profile"), { method: "DELETE", credentials: "omit" }],
    ["A stranger sends what the app may.", data.stranger, api("/profile"), { method: "PUT", credentials: "omit", headers: { "Content-Type": "application/json" }, body: '"Ada"' }],
  ],
};

/** One after the other: they share a cookie. */
let turn = Promise.resolve();
for (const [id, steps] of Object.entries(questions)) {
  const panel = document.getElementById(id);
  panel.querySelector("figure pre").textContent = data.messages[id];
  const button = panel.querySelector("button");
  const list = panel.querySelector(".steps");
  const run = async () => {
    list.replaceChildren();
    for (const [says, origin, url, options] of steps) {
      const result = await call(origin, url, options);
      const [kind, text] = verdict(result);
      const body = result.got.blocked ? "" : ` “${result.got.body}”`;
      // The cache answers for the server, which need not have been asked.
      const because = url.startsWith(data.cache) ? "" : result.why;
      list.append(element("li", {},
        element("span", { class: `verdict ${kind}` }, text + body), says, " ",
        element("span", { class: "name" }, because)));
    }
    button.disabled = false;
    panel.dataset.done = "true";
  };
  button.onclick = () => {
    button.disabled = true;
    turn = turn.then(run);
  };
}

for (const name of ["app", "stranger", "api"]) document.getElementById(name).textContent = data[name];
document.getElementById("again").onclick = () => { turn = turn.then(callAll); };
turn = callAll().then(() => { document.body.dataset.ready = "true"; });
