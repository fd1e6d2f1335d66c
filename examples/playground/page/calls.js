/** Calls from the origins of the page, and what the servers saw of them. */

import { find, element, prose } from "./elements.js";

export const data = JSON.parse(document.getElementById("data").textContent);

export const names = { app: "the app", stranger: "a stranger", elsewhere: "a stranger elsewhere" };
const hosts = () => {
  const all = [location, ...["app", "stranger", "elsewhere", "api", "cache"].map((name) => new URL(data[name]))];
  return `127.0.0.1 ${all.map(({ hostname }) => hostname).join(" ")}`;
};

export function trouble(...text) {
  const line = element("pre", {}, element("code", {}, hosts()));
  find("trouble").replaceChildren(
    element("p", {}, ...text, " Add this line to your hosts file, and load the page again:"), line);
}

/** Rejects if `promise` takes longer. */
function within(ms, promise) {
  const late = new Promise((_, reject) => { setTimeout(() => reject(new Error("late")), ms); });
  return Promise.race([promise, late]);
}

/** Returns a hidden page on another origin, which makes calls for us. */
const frames = new Map();
export function frame(origin) {
  if (!frames.has(origin)) {
    frames.set(origin, within(6000, new Promise((done) => {
      const made = element("iframe", { src: `${origin}/frame`, title: `calls from ${origin}`, hidden: "" });
      addEventListener("message", (event) => {
        if (event.origin === origin && event.data.ready) done(made.contentWindow);
      });
      document.body.append(made);
    })));
  }
  return frames.get(origin);
}

/** Has script on the origin of `by` fetch `url`. Returns what script got and what the servers saw. */
export async function call({ by, url, init, id = crypto.randomUUID() }) {
  const origin = data[by];
  const seen = async () => (await fetch(`/records/${id}`)).json();
  const before = (await seen()).length;
  const target = await frame(origin);
  const got = await within(10000, new Promise((done) => {
    const listen = (event) => {
      if (event.origin !== origin || event.data.id !== id) return;
      removeEventListener("message", listen);
      done(event.data.got);
    };
    addEventListener("message", listen);
    target.postMessage({ id, url: `${url}?id=${id}`, init }, origin);
  })).catch(() => ({ blocked: true, late: true }));
  const records = (await seen()).slice(before);
  return { by, url, init, got, records };
}

export const api = (path) => data.api + path;
export const header = (headers, name) => headers.find(([other]) => other === name)?.[1];
export const isPreflight = (record) => record.method === "OPTIONS";

/** The request itself, as the servers saw it; not its preflight. */
const actual = (result) => result.records.findLast((record) => !isPreflight(record));

/** Says in one sentence what decided the result. */
export function why({ init, got, records }) {
  if (got.late) return "There was no response in time.";
  const last = records.at(-1);
  if (!last) return "The browser sent nothing.";
  const allowed = header(last.response, "access-control-allow-origin");
  if (got.blocked && last.status < 300 && allowed && init.credentials === "include") {
    if (allowed === "*") return "The response allows any origin, but for a request with credentials the browser does not accept `*`.";
    if (!header(last.response, "access-control-allow-credentials")) {
      return "The origin is allowed, but the page asks for `credentials`, and the policy has none.";
    }
  }
  return last.decided;
}

/** Shows the requests and responses of one call, with the headers that matter. */
export function exchanges(records) {
  const line = ([name, value]) =>
    element("div", name === "set-cookie" ? { class: "new" } : {}, element("span", { class: "name" }, `${name}: `), value);
  return element("div", { class: "exchanges" }, ...records.map((record) => {
    const start = record.cache ? `${record.method} ${record.path.replace(/\/[0-9a-f-]{36}/, "")}` : `${record.method} ${record.path}`;
    return element("div", { class: "exchange" },
      element("div", { class: "start" }, start),
      ...record.request.map(line),
      element("div", { class: "start response" }, record.cache ? `${record.status}, cache ${record.cache}` : String(record.status)),
      ...record.response.map(line));
  }));
}

/** `Policy::explain`: a line, a list, and the decision. */
export function explained(text) {
  const lines = text.trim().split("\n");
  const items = lines.filter((line) => line.startsWith("- "));
  const [first, last] = [lines[0], lines.at(-1)];
  return element("div", { class: "explained" },
    element("div", {}, ...prose(first)),
    element("ul", {}, ...items.map((line) => element("li", {}, ...prose(line.slice(2))))),
    element("div", {}, element("strong", {}, ...prose(last))));
}

/** One experiment after the other, because they share a cookie. */
let turn = Promise.resolve();
export function queue(work) {
  turn = turn.then(work, work);
  return turn;
}

export const withCookies = { credentials: "include" };
export const without = { credentials: "omit" };
export const post = { method: "POST", credentials: "include" };
export const json = (method, credentials, headers = {}) =>
  ({ method, credentials, headers: { "Content-Type": "application/json", ...headers }, ...(method === "GET" ? {} : { body: '"Ada"' }) });
