/** What every page of a facilitator gets: the worker that carries it, the line to the office, what waits and what was begun. */

import { draftsOf } from "./drafts.js";
import { startForms } from "./forms.js";
import { lookAfterDraft } from "./left_over.js";
import { Line } from "./line.js";
import { draftIdOf, entriesOf } from "./outbox.js";
import { startShipping } from "./shipping.js";
import { showStatus } from "./status.js";
import { tellTheDay } from "./today.js";
import { openStore } from "./store.js";
import { askWorker, canWorkOffline, keptAt, tellWorker, user } from "./tablet.js";

const OFFER_MS = 5_000;
const ANSWER_MS = 5_000;
const CONTROL_MS = 20_000;

const store = globalThis.indexedDB ? await openStore().catch(() => null) : null;
if (user) tellTheDay(keptAt, Date.now());
if (store && user) {
  const line = new Line();
  await lookAfterDraft(store);
  warnBeforeLeaving();
  await startForms(store, line);
  await showStatus(line, store);
  startShipping(store, line);
  if (canWorkOffline) await startWorker();
  await line.start();
  await releasePages();
}

async function startWorker() {
  const registration = await navigator.serviceWorker.register("/sw.js", { type: "module", updateViaCache: "none" }).catch(() => null);
  if (!registration) return;
  // the very first time the worker is still on its way; pages are fetched once it is there
  if (navigator.serviceWorker.controller === null) await nextControl();
  const offer = () => offerTurn(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    installing?.addEventListener("statechange", offer);
  });
  setInterval(offer, OFFER_MS); // a form that is just being left still counts as open
  await offer();
}

/** A new worker takes over only when no form is open in any tab: it looks itself. Until then the one in charge is asked
 * nothing: work that comes just now would keep it in charge. @param {ServiceWorker | null} waiting */
async function offerTurn(waiting) {
  if (!waiting) return;
  const changed = nextControl();
  const answer = await askWorker({ type: "between-visits" }, ANSWER_MS, waiting);
  if (answer?.takesOver) await changed;
}

function nextControl() {
  return new Promise((resolve) => {
    navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true });
    setTimeout(resolve, CONTROL_MS);
  });
}

/** Pages that drafts were begun on may go once the record has its receipt. */
async function releasePages() {
  const sent = (await entriesOf(store, user)).filter((entry) => entry.state === "sent").map(draftIdOf);
  if (sent.length) tellWorker({ type: "unpin", ids: sent });
}

function warnBeforeLeaving() {
  const form = document.querySelector("form[action$='/keluar']");
  const dialog = document.getElementById("leaving");
  let isSure = false;
  form.addEventListener("submit", async (event) => {
    if (isSure) return;
    event.preventDefault();
    const waiting = (await entriesOf(store, user)).filter((entry) => entry.state !== "sent").length;
    const drafts = (await draftsOf(store, user)).length;
    const leave = () => {
      isSure = true;
      form.requestSubmit();
    };
    if (!waiting && !drafts) return leave();
    dialog.querySelector("[data-words]").textContent = dialog.dataset.text.replace("{count}", waiting).replace("{drafts}", drafts);
    dialog.querySelector("[data-stay]").onclick = () => dialog.close();
    dialog.querySelector("[data-leave]").onclick = leave;
    dialog.showModal();
  });
}
