/** The questions: experiments in steps, each compared with what can come of it. */

import { find, element, prose, scrollable, source, message, marked, onPress } from "./elements.js";
import { data, call, api, header, isPreflight, exchanges, explained, queue, withCookies, without, post, json } from "./calls.js";
import { showUser } from "./handlers.js";

/** What can come of a step. */
const read = (body, then, kind = "ok") => ({ body, then, kind });
const blocked = (then, kind = "ok") => ({ blocked: true, then, kind });
/** The handler ran, though script may not read. */
const ran = (then, kind = "leak") => ({ blocked: true, ran: true, then, kind });
const refused = (then) => ({ blocked: true, ran: false, then, kind: "ok" });

const step = (by, does, url, init, ...outcomes) => ({ by, does, url, init, outcomes });
const signIn = (path = "/sign-in") =>
  step("app", "The app signs Ada in.", api(path), post, read("welcome, Ada", "Script reads the response, and the browser keeps the cookie."));
const whoAmI = (user, then) => step("app", "The app asks: who am I?", api("/profile"), withCookies, read(`profile of ${user}`, then));
const signOut = () => step("app", "The app signs out, so nobody is signed in.", api("/sign-out"), post, read("bye", "The browser forgets the cookie."));
const wantsEcho = (by, does, ...outcomes) => step(by, does, api("/echo"), withCookies, ...outcomes);
const through = (how, run, by, does, outcome) => step(by, does, `${data.cache}/${how}/${run}/news`, without, outcome);

/** The steps of each question. */
const questions = {
  "credentials": () => [
    signIn(),
    step("app", "The app asks for the profile without cookies.", api("/profile"), without, read("profile of nobody", "The server does not know who asks.")),
    step("app", "It asks with cookies.", api("/profile"), withCookies, read("profile of Ada", "The policy has `credentials`, so script reads Ada’s profile.")),
    step("app", "It asks for the weather with cookies.", api("/weather"), withCookies, blocked("Any origin may read the weather, but not with cookies.")),
  ],
  "set-cookie": () => [
    signOut(),
    step("app", "The app signs in with `credentials: \"omit\"`.", api("/sign-in"), { method: "POST", credentials: "omit" }, read("welcome, Ada", "Script reads the response, but the browser drops the cookie.")),
    whoAmI("nobody", "The cookie is gone."),
    step("app", "It signs in with `credentials: \"include\"` by PUT. The policy has no `credentials`.", api("/sign-in/unread"), { method: "PUT", credentials: "include" }, refused("The preflight does not allow `credentials`, so the browser never sends the request.")),
    whoAmI("nobody", "There was no cookie to keep."),
    step("app", "It does the same by POST, which needs no preflight.", api("/sign-in/unread"), post, ran("Script may not read the response. The handler ran all the same, and the response has a `Set-Cookie`.", "ok")),
    whoAmI("Ada", "The browser kept the cookie, although script read nothing."),
    signOut(),
    signIn(),
    whoAmI("Ada", "Both sides said `credentials`, so the cookie is kept and script reads."),
  ],
  "echo": () => [
    signIn(),
    step("stranger", "A stranger on the same site asks for her profile.", api("/profile"), withCookies, blocked("The policy does not list this origin.")),
    wantsEcho("stranger", "The stranger asks the handler that echoes any origin.", read("private data of Ada", "The browser sends her cookie, and the policy lets anyone read.", "leak")),
    wantsEcho("elsewhere", "A stranger on another site asks it.",
      read("private data of Ada", "Her cookie has no `SameSite`, and your browser sends it across sites.", "leak"),
      read("private data of nobody", "Her cookie has no `SameSite`. Your browser does not send it across sites, but others do.")),
    { ...signIn("/sign-in/lax"), does: "Ada signs in again. This time, her cookie says `SameSite=Lax`." },
    wantsEcho("elsewhere", "The stranger on another site asks again.",
      read("private data of nobody", "The browser does not send the cookie across sites.")),
    wantsEcho("stranger", "The stranger on the same site asks again.", read("private data of Ada", "`SameSite` does not help against a stranger on the same site.", "leak")),
  ],
  "vary": () => {
    const run = crypto.randomUUID();
    return [
      through("respecting", run, "app", "The app calls through a cache that respects `Vary`.", read("news", "The response allows the app.")),
      through("respecting", run, "stranger", "So does another page that is allowed.", read("news", "`Vary: Origin` made the cache ask for a response of its own for this origin.")),
      through("ignoring", run, "app", "The app calls through a cache that ignores `Vary`.", read("news", "The response allows the app.")),
      through("ignoring", run, "stranger", "So does the other page.", blocked("It gets the response that was made for the app. Its own origin is allowed, and it is blocked all the same.", "leak")),
    ];
  },
  "preflight": () => [
    step("app", "The app sends JSON by PUT.", api("/profile"), json("PUT", "omit"), read("renamed to Ada", "The policy allows `content-type`.")),
    { ...step("app", "It sends one more header, `X-Trace`.", api("/profile"), json("PUT", "omit", { "X-Trace": "1" }), refused("The policy does not allow the header `x-trace`.")), asks: "header" },
    { ...step("app", "It uses DELETE, which no handler serves.", api("/profile"), { method: "DELETE", credentials: "omit" }, refused("No handler takes this method on this path, so no policy answers.")), asks: "nothing" },
    { ...step("stranger", "A stranger sends what the app may send.", api("/profile"), json("PUT", "omit"), refused("The policy does not allow this origin.")), asks: "origin" },
  ],
  "shared-cache": () => {
    // Browsers remember a preflight by its URL, so calls that share it must have one id.
    const [drafts, orders] = [crypto.randomUUID(), crypto.randomUUID()];
    const shared = (id, ...rest) => ({ ...step("app", ...rest), id });
    return [
      { ...signIn(), does: "Ada signs in to the app." },
      shared(drafts, "The app reads her drafts, and says that it speaks JSON.", api("/drafts"), json("GET", "include"),
        read("drafts of Ada", "The preflight allows the app to send `content-type` to this URL.")),
      shared(drafts, "Its script posts JSON to the same URL, to a handler without a policy.", api("/drafts"), json("POST", "include"),
        ran("The browser went by the earlier preflight. The handler ran with Ada’s cookie, and her drafts are gone."),
        refused("Your browser asked again for this method, and nobody answered. Others do not ask.")),
      shared(orders, "The app reads her orders in the same way.", api("/orders"), json("GET", "include"),
        read("orders of Ada", "The preflight allows the app to send `content-type` to this URL.")),
      shared(orders, "Its script posts JSON to that URL, to a handler with `#[cors(none)]`.", api("/orders"), json("POST", "include"),
        refused("The handler did not run. Each request answers for itself, whatever an earlier preflight allowed.")),
    ];
  },
};

const agent = navigator.userAgent;
const engine = agent.includes("Firefox/") ? "Firefox" : agent.includes("Chrome/") ? "Chromium" : "WebKit";

/** What the console of an engine says of a preflight: the header is named only if the response grants the origin. */
function consoleSays(asks, { by, url, records }) {
  const names = asks === "header" && records.some((record) => isPreflight(record) && record.status < 300);
  const origin = data[by];
  const target = `${url}?id=…`;
  const status = records.at(-1)?.status;
  const says = {
    Chromium: `Access to fetch at '${target}' from origin '${origin}' has been blocked by CORS policy: ${names
      ? "Request header field x-trace is not allowed by Access-Control-Allow-Headers in preflight response."
      : "Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource."}`,
    Firefox: `Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at ${target}. ${names
      ? "(Reason: header ‘x-trace’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response)."
      : `(Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: ${status}.`}`,
    WebKit: names
      ? "Request header field X-Trace is not allowed by Access-Control-Allow-Headers."
      : `Preflight response is not successful. Status code: ${status}`,
  };
  return [names, says[engine]];
}

/** Compares a result with what can come of the step. */
function judge(outcomes, { got, records }) {
  const last = records.at(-1);
  const didRun = Boolean(last && !isPreflight(last) && last.status < 300);
  const fits = (outcome) => outcome.blocked
    ? got.blocked && !got.late && (outcome.ran === undefined || outcome.ran === didRun)
    : !got.blocked && got.body === outcome.body;
  return outcomes.find(fits);
}

/** What the browser did instead. */
function instead(outcomes, { init, got, records }) {
  const wanted = outcomes.map((outcome) => (outcome.blocked ? "blocked" : `read “${outcome.body}”`)).join(" or ");
  const last = records.at(-1);
  const cookie = last && header(last.request, "cookie");
  let reason = "";
  if (got.late) reason = "There was no response in time.";
  else if (init.credentials === "include" && last && !isPreflight(last)) {
    reason = cookie ? `Your browser sent the cookie \`${cookie}\`.` : "Your browser sent no cookie: it kept none, or did not send it.";
  } else if (!last) reason = "Your browser sent nothing.";
  return `This should have been: ${wanted}. ${reason}`;
}

function showStep({ does, outcomes, asks }, result, opened) {
  const { got, records } = result;
  const outcome = judge(outcomes, result);
  const kind = outcome?.kind ?? "odd";
  const last = records.at(-1);
  const hit = last?.cache ? `, cache ${last.cache}` : "";
  const ranAnyway = outcome?.ran ? ", but the handler ran" : "";
  const did = got.blocked ? `blocked${ranAnyway}` : `${kind === "leak" ? "leak: " : ""}read “${got.body}”`;
  const text = did + hit;
  const cookie = records.map((record) => header(record.response, "set-cookie")).find(Boolean);
  const item = element("li", {},
    element("p", {}, ...prose(does)),
    element("p", {}, element("span", { class: `tag ${kind}` }, marked(kind, text))),
    element("p", { class: "because" }, ...prose(outcome ? outcome.then : instead(outcomes, result))));
  if (last?.status === 403 && !asks) item.append(element("p", {}, "The server says: ", element("q", {}, ...prose(last.decided))));
  if (cookie) item.append(element("p", {}, element("code", { class: "new" }, `set-cookie: ${cookie}`)));
  if (asks) {
    const [names, says] = consoleSays(asks, result);
    const comment = asks === "header"
      ? (names ? "It names the header." : "It blames the origin, which is fine: a header is what is missing.")
      : asks === "nothing" ? "It means: nobody answered for this method." : "It is right: this origin is not allowed.";
    item.append(
      element("p", {}, `${engine}’s console, which script cannot read, says in such a case:`),
      element("div", { class: "console" }, says),
      element("p", { class: "because" }, comment));
    const text = records.findLast((record) => record.explained)?.explained;
    if (text) item.append(element("p", {}, ...prose("`Policy::explain` says:")), explained(text));
  }
  const shown = element("details", opened ? { open: "" } : {},
    element("summary", {}, records.length === 1 ? "the request and its response" : "the requests and their responses"), exchanges(records));
  if (records.length > 0) item.append(shown);
  else item.append(element("p", { class: "because" }, "The servers saw no request."));
  return [kind, item];
}

async function runQuestion(id, panel) {
  const [list, summary] = [panel.querySelector(".steps"), panel.querySelector(".summary")];
  list.replaceChildren();
  summary.textContent = "Calling…";
  const counts = { ok: 0, leak: 0, odd: 0 };
  for (const each of questions[id]()) {
    const result = await call(each);
    const [kind, item] = showStep(each, result, id === "vary");
    counts[kind] += 1;
    list.append(item);
  }
  const parts = [`${counts.ok} as it should be`];
  if (counts.leak) parts.push(`${counts.leak} leak or harm`);
  if (counts.odd) parts.push(`${counts.odd} in which your browser did something else`);
  summary.textContent = `Done: ${parts.join(", ")}.`;
  panel.dataset.done = "true";
  await showUser();
}

const openers = [...document.querySelectorAll(".questions button")];
function open(id) {
  for (const opener of openers) {
    const panel = find(opener.getAttribute("aria-controls"));
    const opens = panel.id === id;
    opener.setAttribute("aria-expanded", opens);
    panel.hidden = !opens;
  }
  history.replaceState(null, "", id ? `#${id}` : location.pathname);
}
for (const opener of openers) {
  // One item, so that code in a question stays in its line.
  opener.replaceChildren(element("span", {}, ...opener.childNodes));
  const id = opener.getAttribute("aria-controls");
  opener.onclick = () => open(opener.getAttribute("aria-expanded") === "true" ? null : id);
  const panel = find(id);
  const said = panel.querySelector(".message");
  if (said) said.append(...message(data.messages[id]));
  const sources = panel.querySelector(".sources");
  for (const name of sources.dataset.handlers.split(" ")) {
    const { about, source: text } = data.sources[name];
    sources.append(element("div", {}, element("p", {}, ...prose(about)),
      scrollable(element("pre", {}, element("code", {}, ...source(text))), `the source of ${name}`)));
  }
  onPress(panel.querySelector(".go"), () => queue(() => runQuestion(id, panel)));
}
if (Object.hasOwn(questions, location.hash.slice(1))) open(location.hash.slice(1));
