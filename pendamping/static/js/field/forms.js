/** Small forms that work without a network: a form that names its kind becomes a record. Everything else that a page kept on
 * the tablet sends by itself needs a token, which such a page does not carry. */

import { officeDate } from "./days.js";
import { draftsOf, keyOf } from "./drafts.js";
import { entriesOf } from "./outbox.js";
import { RecordForm } from "./record_form.js";
import { canWorkOffline, keptAt, user } from "./tablet.js";
import { tokenFor } from "./token.js";

const SIGN_OUT = "/keluar";

/** @param {import("./line.js").Line} line */
export async function startForms(store, line) {
  await forgetWhatPagesSent(store);
  if (keptAt) fillFromAddress();
  const opened = new Map();
  for (const form of document.querySelectorAll("form[data-record-kind]")) opened.set(form, new RecordForm(store, form, { keptAt }));
  for (const each of opened.values()) await each.open();
  for (const day of document.querySelectorAll("[data-from-today]")) day.min = officeDate(Date.now());
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    const record = opened.get(form);
    const isLeftToUs = keptAt || record?.mustBeRecord || !navigator.onLine; // a page fresh from the office is sent as ever
    if (record && canWorkOffline && isLeftToUs) {
      event.preventDefault();
      once(form, () => keepRecord(store, line, record));
    } else if (form.elements.csrf_token && !form.elements.csrf_token.value) {
      event.preventDefault();
      once(form, () => sendWithToken(form, event.submitter));
    } else if (record) {
      noteSending(store, record);
    }
  });
  // a page that comes back whole, by the Back button, would go on from what has left it
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && [...opened.values()].some((each) => each.isStopped)) location.reload();
  });
  document.documentElement.dataset.formsReady = "";
}

const underWay = new WeakSet();

/** A press while the one before is under way is the same press; when it has come to nothing, the next one counts. */
async function once(form, work) {
  if (underWay.has(form)) return;
  underWay.add(form);
  await work().finally(() => underWay.delete(form));
}

/** `/jadwal/baru?koperasi=...&tanggal=...`: the kept copy is that of the bare address. */
function fillFromAddress() {
  const wishes = new URLSearchParams(location.search);
  for (const form of document.querySelectorAll("form[data-record-kind]")) {
    for (const [wish, name] of [["koperasi", "cooperative"], ["tanggal", "planned_on"]]) {
      if (wishes.get(wish) && form.elements[name]) form.elements[name].value = wishes.get(wish);
    }
    for (const box of form.querySelectorAll("[name=items]")) box.checked = wishes.getAll("butir").includes(box.value);
  }
}

async function keepRecord(store, line, record) {
  const { form } = record;
  if (record.isStopped || !form.reportValidity()) return;
  const posted = await record.post().catch(() => record.refused()); // no room on the tablet: everything stays in the form
  if (!posted) return;
  await line.send({ isAsked: true }).catch(() => null); // it is safe here, and goes later
  const entry = (await entriesOf(store, user)).filter((each) => each.id === posted.id).pop();
  location.assign(entry?.received_at ? form.dataset.recordThen : "/pengiriman");
}

/** The page sends the form itself; its draft stays until the office has answered. */
function noteSending(store, record) {
  if (record.id) store.update("drafts", keyOf(user, record.id), (row) => row && { ...row, left_from: location.pathname });
}

/** An answer that led on from a form's page to another, whole: the office has taken what the form said. */
async function forgetWhatPagesSent(store) {
  const [arrival] = performance.getEntriesByType("navigation");
  const from = document.referrer && new URL(document.referrer).pathname;
  const isLedOn = arrival?.redirectCount > 0 && (arrival.responseStatus ?? 200) === 200;
  for (const draft of (await draftsOf(store, user)).filter((each) => each.left_from)) {
    const isTaken = !keptAt && isLedOn && draft.left_from === from;
    if (isTaken) await store.write([{ in: "drafts", drop: draft.key }]);
    else await store.update("drafts", draft.key, (row) => row && { ...row, left_from: null });
  }
}

/** @param {HTMLElement | null} submitter the button that was pressed */
async function sendWithToken(form, submitter) {
  try {
    await tokenFor(form);
    form.requestSubmit(submitter);
  } catch {
    // signing out needs nobody's answer: the worker locks the screen and ends the session later
    if (new URL(form.action).pathname === SIGN_OUT) form.submit();
    else document.querySelector("[data-sync-pill]")?.focus(); // it says that there is no network
  }
}
