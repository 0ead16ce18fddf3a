/** Small forms that work without a network: a form that names its kind becomes a record. Everything else that a page kept on
 * the tablet sends by itself needs a token, which such a page does not carry. */

import { BODIES } from "./bodies.js";
import { newId, sha256Of } from "./ids.js";
import { entriesOf, freeze, post } from "./outbox.js";
import { canWorkOffline, keptAt, user } from "./tablet.js";
import { tokenFor } from "./token.js";

const SIGN_OUT = "/keluar";

/** @param {import("./line.js").Line} line */
export function startForms(store, line) {
  if (!keptAt) return; // a page fresh from the office is sent as ever
  fillFromAddress();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.recordKind && canWorkOffline) {
      event.preventDefault();
      keepRecord(store, line, form);
    } else if (form.elements.csrf_token && !form.elements.csrf_token.value) {
      event.preventDefault();
      sendWithToken(form, event.submitter);
    }
  });
}

/** `/jadwal/baru?koperasi=...&tanggal=...`: the kept copy is that of the bare address. */
function fillFromAddress() {
  const wishes = new URLSearchParams(location.search);
  for (const form of document.querySelectorAll("form[data-record-kind]")) {
    for (const [wish, name] of [["koperasi", "cooperative"], ["tanggal", "planned_on"]]) {
      if (wishes.get(wish) && form.elements[name]) form.elements[name].value = wishes.get(wish);
    }
  }
}

async function keepRecord(store, line, form) {
  if (!form.reportValidity()) return;
  const kind = form.dataset.recordKind;
  const pairs = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  const { body, attachments } = BODIES[kind](pairs, { cooperative: form.dataset.cooperative, newId });
  const id = form.elements.id?.value || newId();
  const title = form.elements.cooperative?.selectedOptions?.[0]?.text ?? "";
  const draft = { user, id, kind, page: location.pathname, title, cooperative: body.cooperative, fields: pairs, versions: [], strokes: [] };
  const record = { user, kind, id, body, attachments, draft, title, cooperative: body.cooperative, page: location.pathname, day: body.planned_on };
  await post(store, await freeze(record, { sha256: sha256Of, now: Date.now() }));
  await line.send({ isAsked: true });
  const entry = (await entriesOf(store, user)).find((each) => each.id === id);
  location.assign(entry?.received_at ? form.dataset.recordThen : "/pengiriman");
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
