/** The table: what script gets from each handler. */

import { find, element, prose, scrollable, source, marked } from "./elements.js";
import { data, names, call, api, why, exchanges, withCookies, post, json } from "./calls.js";

const cards = data.handlers.map((handler) => {
  const card = find("card").content.cloneNode(true).firstElementChild;
  const title = `${handler.method} ${handler.path}`;
  card.id = `handler-${handler.name}`;
  card.querySelector("h3").textContent = title;
  card.querySelector(".source p").append(...prose(data.sources[handler.name].about));
  card.querySelector("caption").textContent = `What script gets from ${title}`;
  card.querySelector("code").append(...source(data.sources[handler.name].source));
  scrollable(card.querySelector(".source pre"), `the source of ${title}`);
  const details = card.querySelector(".details");
  const cells = [];
  for (const by of ["app", "stranger"]) {
    const row = element("tr", {}, element("th", { scope: "row" }, names[by]));
    for (const credentials of ["omit", "include"]) {
      const button = element("button", { type: "button", class: "cell", "aria-pressed": "false" }, "…");
      const init = handler.json ? json(handler.method, credentials) : { method: handler.method, credentials };
      const cell = { button, call: { by, url: api(handler.path), init }, expected: handler.expected[cells.length] };
      button.onclick = () => {
        for (const other of cells) other.button.setAttribute("aria-pressed", other === cell);
        show(details, cell);
      };
      row.append(element("td", {}, button));
      cells.push(cell);
    }
    card.querySelector("tbody").append(row);
  }
  find("cards").append(card);
  return { card, details, cells };
});

function show(details, { result, kind, expected }) {
  if (!result) return;
  const got = result.got.blocked ? "Script gets a `TypeError`, and nothing else." : `Script reads “${result.got.body}”.`;
  const odd = kind === "odd" ? [element("p", {}, `It should have been ${expected === "blocked" ? "blocked" : "read"}.`)] : [];
  details.replaceChildren(
    element("p", { class: "why" }, ...prose(why(result))),
    element("p", {}, ...prose(got)), ...odd,
    exchanges(result.records));
}

/** Which user the server sees when the app calls. */
async function whoIs() {
  const { got } = await call({ by: "app", url: api("/profile"), init: withCookies });
  return got.body?.replace("profile of ", "") ?? "nobody";
}

export async function showUser() {
  const user = await whoIs();
  const text = user === "nobody" ? "nobody is signed in" : `${user} is signed in`;
  for (const place of document.querySelectorAll(".user")) place.textContent = text;
  return user;
}

export async function callAll() {
  const status = find("status");
  status.textContent = "Calling…";
  // Somebody must be signed in, or there is nothing to leak.
  await call({ by: "app", url: api("/sign-in"), init: post });
  const user = await showUser();
  const counts = { ok: 0, leak: 0, odd: 0 };
  for (const { details, cells } of cards) {
    for (const cell of cells) {
      const result = await call(cell.call);
      const did = result.got.blocked ? "blocked" : "read";
      let kind = did === cell.expected ? "ok" : "odd";
      if (cell.expected === "leak" && did === "read") kind = result.got.body.endsWith("Ada") ? "leak" : "odd";
      Object.assign(cell, { result, kind });
      cell.button.className = `cell ${kind}`;
      cell.button.replaceChildren(marked(kind, kind === "leak" ? "leak: read" : did));
      if (cell.button.getAttribute("aria-pressed") === "true") show(details, cell);
      counts[kind] += 1;
    }
  }
  const odd = counts.odd ? ` Your browser did something else in ${counts.odd}.` : "";
  const dropped = user === "nobody" ? " Nobody is signed in: your browser did not keep the cookie, or did not send it." : "";
  status.textContent = `${counts.ok} results are as they should be; ${counts.leak} is a leak, on purpose.${odd}${dropped}`;
}
