/** Small forms that work without a network: a form that names its kind becomes a record. Everything else that a page kept on
 * the tablet sends by itself needs a token, which such a page does not carry. */

import { BODIES } from "./bodies.js";
import { writeInto } from "./controls.js";
import { draftOf, keyOf } from "./drafts.js";
import { newId, sha256Of } from "./ids.js";
import { entriesOf, freeze, post } from "./outbox.js";
import { canWorkOffline, keptAt, user } from "./tablet.js";
import { tokenFor } from "./token.js";

const SIGN_OUT = "/keluar";
const NOT_KEPT = new Set(["csrf_token", "base_revision"]);

/** @param {import("./line.js").Line} line */
export async function startForms(store, line) {
  const draft = await putDraftBack(store);
  if (keptAt && !draft) fillFromAddress();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    const isLeftToUs = keptAt || draft || !navigator.onLine; // a page fresh from the office is sent as ever
    if (form.dataset.recordKind && canWorkOffline && isLeftToUs) {
      event.preventDefault();
      keepRecord(store, line, form, draft);
    } else if (form.elements.csrf_token && !form.elements.csrf_token.value) {
      event.preventDefault();
      sendWithToken(form, event.submitter);
    }
  });
}

/** A record that came back to be put right. @returns {Promise<object | undefined>} its draft */
async function putDraftBack(store) {
  const form = document.querySelector("form[data-record-kind]");
  const id = new URLSearchParams(location.search).get("draf");
  const draft = form && id ? await draftOf(store, user, id) : undefined;
  if (draft) writeInto([...form.elements].filter((each) => each.name && !NOT_KEPT.has(each.name)), draft.fields);
  return draft;
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

async function keepRecord(store, line, form, before) {
  if (!form.reportValidity()) return;
  const { recordKind: kind, recordVisit: visit, recordBase: base = null, recordThen: then } = form.dataset;
  const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NOT_KEPT.has(name));
  const { body, attachments } = BODIES[kind](fields, { visit, newId });
  const id = before?.id || form.elements.id?.value || newId();
  const title = form.dataset.title ?? form.elements.cooperative?.selectedOptions?.[0]?.text ?? "";
  const cooperative = form.dataset.cooperative ?? body.cooperative;
  const page = location.pathname;
  const draft = { user, id, kind, page, title, cooperative, fields, versions: [], strokes: [] };
  const record = { user, kind, id, base_sha256: base, body, attachments, draft, title, cooperative, page };
  await post(store, await freeze(record, { sha256: sha256Of, now: Date.now() }), keyOf(user, id));
  await line.send({ isAsked: true });
  const entry = (await entriesOf(store, user)).find((each) => each.id === id);
  location.assign(entry?.received_at ? then : "/pengiriman");
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
