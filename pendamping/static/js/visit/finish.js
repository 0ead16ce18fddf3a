/** The finished visit: into the outbox, at once to the office when there is a network, and said plainly where it is now. */

import { officeOver } from "../field/api.js";
import { reopen } from "../field/outbox.js";
import { openStore } from "../field/store.js";
import { drainAlone } from "../field/sync.js";
import { user } from "../field/tablet.js";
import { nameInAddress } from "./kept.js";

const PATIENCE_MS = 15_000;

/** @param {import("./kept.js").KeptForm} kept
 * @param {() => Promise<void>} sendAsEver lets the office show each fault at its place */
export async function finish(form, kept, sendAsEver) {
  const { id } = await kept.post();
  nameInAddress(id);
  await Promise.race([send(), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
  const store = await openStore();
  const entry = (await store.all("outbox")).find((each) => each.user === user && each.id === id);
  if (!entry) return location.assign("/pengiriman"); // taken back in another tab: it is a draft again
  if (entry.received_at) return location.assign(`/kunjungan/${id}`);
  if (entry.problem?.code === "rejected") {
    await reopen(store, entry, Date.now());
    return sendAsEver();
  }
  return showWhereItIs(form);
}

async function send() {
  if (!navigator.onLine) return;
  const store = await openStore();
  const office = officeOver((...request) => fetch(...request));
  await drainAlone({ store, office, user, now: Date.now, isAsked: true }, { waits: true }).catch(() => null);
}

/** In place of the form: it lies on this tablet and has not been sent. */
function showWhereItIs(form) {
  const words = document.getElementById("visit-on-tablet").content.cloneNode(true);
  form.replaceWith(words);
  document.querySelector("[data-on-tablet]").focus();
  document.body.classList.remove("is-choosing-step");
  document.dispatchEvent(new CustomEvent("pendamping:outbox"));
}
