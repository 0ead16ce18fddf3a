/** "Siap dibawa?": what a tablet needs before it leaves the office, each said as it is. */

import { whenOf } from "./status.js";
import { contactName } from "./sync.js";
import { canWorkOffline, user } from "./tablet.js";

const LEAST_ROOM = 200 * 1024 * 1024;
const FRESH_MS = 12 * 3_600_000;
const SKEW_MS = 5 * 60_000;
const FORM = /\/kunjungan\/baru$/;
const TRIP_MS = 7 * 86_400_000;

/** @typedef {{name: string, state: "good" | "soon" | "wrong"}} Check
 * @param {{isSecure: boolean, freshAt: string | null, now: number, isPersistent: boolean | null, room: number | null, skewMs: number | null,
 *   sessionEnds: number | null, areFormsInForce: boolean | null}} known what could be learned; null where the browser or the office did not say
 * @returns {Check[]} pure */
export function checksOf({ isSecure, freshAt, now, isPersistent, room, skewMs, sessionEnds, areFormsInForce }) {
  if (!isSecure) return [{ name: "insecure", state: "wrong" }];
  const isFresh = freshAt !== null && now - Date.parse(freshAt) < FRESH_MS;
  return [
    freshAt === null ? { name: "noPages", state: "wrong" } : isFresh ? { name: "pages", state: "good" } : { name: "oldPages", state: "soon" },
    areFormsInForce ? { name: "forms", state: "good" } : { name: "oldForms", state: areFormsInForce === null ? "soon" : "wrong" },
    isPersistent ? { name: "persistent", state: "good" } : { name: "notPersistent", state: "soon" },
    room === null || room >= LEAST_ROOM ? { name: "room", state: "good" } : { name: "noRoom", state: "wrong" },
    sessionEnds !== null && sessionEnds - now > TRIP_MS ? { name: "session", state: "good" } : { name: "shortSession", state: "soon" },
    skewMs === null ? { name: "noClock", state: "soon" } : Math.abs(skewMs) <= SKEW_MS ? { name: "clock", state: "good" } : { name: "wrongClock", state: "wrong" },
  ];
}

/** @param {import("./line.js").Line} line */
export async function showReadiness(store, line) {
  const panel = document.getElementById("siap-dibawa");
  const template = document.getElementById("ready-check");
  const contact = await store.get("meta", contactName(user));
  const active = await store.get("meta", "active");
  const estimate = await navigator.storage?.estimate?.().catch(() => null);
  // the session is as long again from every contact on
  const sessionEnds = contact ? Date.parse(contact.at) + Number(template.dataset.sessionMs) : null;
  const checks = checksOf({
    isSecure: canWorkOffline,
    freshAt: active?.user === user ? (active.fresh_at ?? null) : null,
    now: Date.now(),
    isPersistent: (await navigator.storage?.persisted?.().catch(() => null)) ?? null,
    room: estimate?.quota ? estimate.quota - estimate.usage : null,
    skewMs: contact?.skew_ms ?? null,
    sessionEnds,
    areFormsInForce: await areFormsInForce(active),
  });
  const list = Object.assign(document.createElement("ul"), { className: "rows" });
  list.append(...checks.map((check) => rowOf(template, check, sessionEnds)));
  panel.replaceChildren(list);
  panel.closest("[data-shipping]").hidden = false;
  panel.dataset.isFresh = String(line.isFresh);
}

let lookedAt = { mark: null, answer: null };

/** Whether every visit form that this tablet keeps is pinned to the checklists that the office named last. Read from the
 * pages themselves, not from what the worker believes of them; once for each time they were brought up to date. */
async function areFormsInForce(active) {
  const { instruments, fresh_at: freshAt } = active?.user === user ? active : {};
  if (!instruments || !globalThis.caches) return null;
  const mark = JSON.stringify([freshAt, instruments]);
  if (lookedAt.mark !== mark) lookedAt = { mark, answer: await formsHold(Object.values(instruments)) };
  return lookedAt.answer;
}

/** @param {string[]} hashes @returns {Promise<boolean | null>} null: there is no form */
async function formsHold(hashes) {
  const cache = await caches.open(`pages-${user}`);
  const forms = (await cache.keys()).filter((request) => FORM.test(new URL(request.url).pathname));
  const texts = await Promise.all(forms.map(async (request) => (await cache.match(request, { ignoreVary: true })).text()));
  return texts.length ? texts.every((text) => hashes.every((hash) => text.includes(hash))) : null;
}

function rowOf(template, { name, state }, sessionEnds) {
  const row = template.content.firstElementChild.cloneNode(true);
  row.dataset.check = name;
  row.dataset.state = state;
  for (const icon of row.querySelectorAll("[data-look]")) icon.toggleAttribute("hidden", icon.dataset.look !== state);
  const words = template.dataset[`text${name[0].toUpperCase()}${name.slice(1)}`];
  row.querySelector("[data-words]").textContent = sessionEnds === null ? words : words.replace("{when}", whenOf(sessionEnds));
  return row;
}
