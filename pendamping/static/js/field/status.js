/** What a page shows of the tablet: the pill in the header, the number in the menu, strips for what waits, the age of a copy. */

import { locale } from "../locale.js";
import { OFFICE_TZ } from "./days.js";
import { draftsOf } from "./drafts.js";
import { entriesOf, missing } from "./outbox.js";
import { showMarks } from "./marks.js";
import { hasArrived, isUnsent } from "./phases.js";
import { keptAt, user } from "./tablet.js";
import { wordOf } from "./words.js";

const LOOKS = {
  offline: ["cloud-slash", "soon"],
  offlineWaiting: ["cloud-slash", "soon"],
  waiting: ["cloud-arrow-up", "soon"],
  sending: ["arrow-repeat", "plain"],
  signIn: ["lock", "soon"],
  attention: ["exclamation-triangle", "wrong"],
  sent: ["cloud-check", "good"],
};
const COOPERATIVE = /^\/koperasi\/([\d.]+)/;

/** The one thing to say, the most pressing first. Pure.
 * @param {{waiting: number, attention: number, sent: number, isOnline: boolean, isSending: boolean, ending: string | null}} state
 * @returns {{say: keyof LOOKS, count: number} | null} null: nothing was ever sent from here, nothing to say */
export function pillOf({ waiting, attention, sent, isOnline, isSending, ending }) {
  if (!isOnline) return { say: waiting ? "offlineWaiting" : "offline", count: waiting };
  if (attention) return { say: "attention", count: attention };
  if (waiting && isSending) return { say: "sending", count: waiting };
  if (waiting && (ending === "signed_out" || ending === "other_user")) return { say: "signIn", count: waiting };
  if (waiting) return { say: "waiting", count: waiting };
  return sent ? { say: "sent", count: 0 } : null;
}

/** "14 April 08.10", by the office's clock. */
export function whenOf(instant) {
  const at = new Date(instant);
  const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", timeZone: OFFICE_TZ }).format(at);
  const time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: OFFICE_TZ }).format(at);
  return `${day} ${time}`;
}

/** @param {import("./line.js").Line} line */
export async function showStatus(line, store) {
  showKeptLine();
  const show = async () => {
    const entries = await entriesOf(store, user);
    const attachments = new Map((await store.all("attachments")).map((each) => [each.id, each]));
    showPill(line, entries);
    showCount(entries);
    showStrip(entries, attachments);
    showMarks(entries);
  };
  line.addEventListener("change", show);
  await show();
  await offerToResume(store);
}

function countOf(entries, state) {
  return entries.filter((entry) => entry.state === state).length;
}

function showPill(line, entries) {
  const pill = document.querySelector("[data-sync-pill]");
  const counts = { waiting: countOf(entries, "waiting"), attention: countOf(entries, "needs_attention"), sent: countOf(entries, "sent") };
  const isOnline = navigator.onLine && !(keptAt && line.ending === "offline");
  const shown = pillOf({ ...counts, isOnline, isSending: line.isSending, ending: line.ending });
  pill.hidden = shown === null;
  if (!shown) return;
  const [icon, tone] = LOOKS[shown.say];
  const words = pill.dataset[`text${shown.say[0].toUpperCase()}${shown.say.slice(1)}`].replace("{count}", shown.count);
  const said = pill.querySelector("[data-sync-words]");
  pill.dataset.state = tone;
  const use = pill.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${icon}`));
  if (said.textContent !== words) said.textContent = words;
}

function showCount(entries) {
  const link = document.querySelector(".places__link[href='/pengiriman']");
  if (!link) return;
  const count = entries.filter((entry) => entry.state !== "sent").length;
  let badge = link.querySelector(".places__count");
  if (!count) return badge?.remove();
  badge ??= link.appendChild(Object.assign(document.createElement("span"), { className: "places__count" }));
  badge.textContent = count;
}

/** On a cooperative's pages what waits for it, elsewhere all of it. */
function showStrip(entries, attachments) {
  document.querySelector("[data-pending-strip]")?.remove();
  const code = COOPERATIVE.exec(location.pathname)?.[1];
  const open = entries.filter((entry) => entry.state !== "sent" && (!code || entry.cooperative === code));
  if (!open.length || location.pathname === "/pengiriman") return;
  const template = document.getElementById("pending-strip");
  const strip = template.content.firstElementChild.cloneNode(true);
  strip.querySelector("[data-words]").textContent = wordsOfWaiting(open, attachments, template.dataset).join(", ");
  document.querySelector(".main__inner").prepend(strip);
}

/** ["1 kunjungan belum terkirim", "2 foto menyusul"] */
export function wordsOfWaiting(entries, attachments, texts) {
  const unsent = entries.filter(isUnsent);
  const kinds = ["visit", "schedule", "action", "action_update", "correction"];
  const parts = kinds.map((kind) => [texts[wordOf(kind)], unsent.filter((entry) => entry.kind === kind).length]);
  parts.push([texts.textOther, unsent.filter((entry) => !kinds.includes(entry.kind)).length]);
  parts.push([texts.textPhotos, entries.filter(hasArrived).reduce((sum, entry) => sum + missing(entry, attachments), 0)]);
  parts.push([texts.textAttention, countOf(entries, "needs_attention")]);
  return parts.filter(([, count]) => count).map(([words, count]) => words.replace("{count}", count));
}

function showKeptLine() {
  if (!keptAt) return;
  const template = document.getElementById("kept-line");
  const row = template.content.firstElementChild.cloneNode(true);
  row.querySelector("[data-words]").textContent = template.dataset.text.replace("{when}", whenOf(keptAt));
  document.querySelector(".main__inner").prepend(row);
}

/** After a crash: what only this tablet knows of, on the home page, at its cooperative and on an empty form. */
async function offerToResume(store) {
  const code = COOPERATIVE.exec(location.pathname)?.[1];
  const isForm = location.pathname.endsWith("/kunjungan/baru");
  if ((location.pathname !== "/" && !code) || (isForm && new URLSearchParams(location.search).has("draf"))) return;
  const template = document.getElementById("resume-strip");
  for (const draft of (await draftsOf(store, user)).reverse()) {
    const address = `${draft.page}?draf=${draft.id}`;
    if (draft.page === location.pathname && draft.kind !== "visit") continue; // its form has it already
    const isListed = document.querySelector(`a[href="${CSS.escape(address)}"], input[name="id"][value="${CSS.escape(draft.id)}"]`);
    if ((code && draft.cooperative !== code) || isListed) continue;
    const strip = template.content.firstElementChild.cloneNode(true);
    strip.href = address;
    strip.querySelector("[data-words]").textContent = (template.dataset[wordOf(draft.kind)] ?? template.dataset.textOther).replace("{name}", draft.title);
    strip.querySelector("[data-when]").textContent = template.dataset.textWhen.replace("{when}", whenOf(draft.saved_at));
    document.querySelector(".main__inner").prepend(strip);
  }
}
