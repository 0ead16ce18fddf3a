/** A draft whose visit the office shows as stored. Where the visit came of just this draft it has done its work; where it did not, as
 * when another device stored it meanwhile, what it says is to be compared or thrown away by a person, and never goes by itself. */

import { BODIES } from "./bodies.js";
import { draftOf, drop } from "./drafts.js";
import { newId, sha256Of } from "./ids.js";
import { freeze } from "./outbox.js";
import { whenOf } from "./status.js";
import { canWorkOffline, keptAt, tellWorker, user } from "./tablet.js";

/** Whether the office had all of a draft before the visit was stored. Pure.
 * @param {import("./drafts.js").Draft} draft */
export const hasDoneItsWork = (draft) => draft.is_at_office || draft.sent_change === draft.change;

/** On the page of a stored visit, fresh from the office. Any other page says nothing of a draft. */
export async function lookAfterDraft(store) {
  const template = document.querySelector("template[data-visit]");
  const draft = template && !keptAt ? await draftOf(store, user, template.dataset.visit) : null;
  if (!draft) return;
  if (hasDoneItsWork(draft)) await letGo(store, draft);
  else show(store, template, draft);
}

async function letGo(store, { id }) {
  await drop(store, user, id);
  tellWorker({ type: "unpin", ids: [id] });
}

function show(store, template, draft) {
  const note = template.content.firstElementChild.cloneNode(true);
  note.querySelector("[data-words]").textContent = template.dataset.text.replace("{when}", whenOf(draft.saved_at));
  const compare = note.querySelector("[data-compare]");
  compare.hidden = !canWorkOffline;
  compare.addEventListener("click", () => {
    compare.disabled = true; // a second tap would hand it in twice
    handIn(store, draft).catch(() => (compare.disabled = false));
  });
  const discard = note.querySelector("[data-discard]");
  discard.addEventListener("click", async () => {
    const isSure = discard.dataset.isSure !== undefined;
    Object.assign(discard.dataset, { isSure: "" });
    discard.textContent = template.dataset.textSure;
    if (!isSure) return;
    await letGo(store, draft);
    note.remove();
  });
  document.querySelector(".main__inner").prepend(note);
}

/** As a record of the same visit: the office keeps it beside the one that stands, and says where they differ. Of two tabs one hands it in. */
async function handIn(store, draft) {
  const { key, id, title, cooperative, page } = draft;
  const { body, attachments } = BODIES.visit(draft.fields, { cooperative, newId });
  const record = { user, kind: "visit", id, body, attachments, draft: { ...draft, sent_change: null }, title, cooperative, page, day: body.visited_on };
  const put = await freeze(record, { sha256: sha256Of, now: Date.now() });
  const isAsShown = (row) => row?.change === draft.change;
  await store.follow(["drafts", "outbox"], key, (row) => (isAsShown(row) ? [{ in: "outbox", put }, { in: "drafts", drop: key }] : []));
  location.assign("/pengiriman");
}
