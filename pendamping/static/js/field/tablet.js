/** What this page knows of the tablet it lies on: whose page it is, whether it is a kept copy, and whether it can work
 * without a network at all (that needs https, or the office's own machine). */

const page = globalThis.document?.documentElement;

const PIN_PAUSES_MS = [10_000, 60_000, 300_000, 1_800_000];

/** The signed-in facilitator; empty for everybody else. */
export const user = globalThis.document?.body.dataset.fieldUser ?? "";

/** When this copy was kept; null for a page fresh from the office. */
export const keptAt = page?.dataset.keptAt ?? null;

export const canWorkOffline = Boolean(globalThis.isSecureContext && globalThis.indexedDB && globalThis.navigator?.serviceWorker && globalThis.crypto?.subtle);

/** Ask the worker in charge, or another one; null when there is none or it stays silent. */
export function askWorker(words, patienceMs = 60_000, worker = navigator.serviceWorker?.controller) {
  if (!worker) return Promise.resolve(null);
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    setTimeout(resolve, patienceMs, null);
    worker.postMessage(words, [port2]);
  });
}

/** Tell the worker in charge; it answers nothing. */
export function tellWorker(words) {
  navigator.serviceWorker?.controller?.postMessage(words);
}

/** Let the page that a draft was begun on be kept until its record's receipt. Where there is no worker yet, or the page could not be
 * fetched, it is asked for again a few times while the form is open; a page that no longer asks by these versions is not.
 * @param {string[]} [versions] every one of them must stand on it */
export async function pinPage(path, id, versions = [], pauses = PIN_PAUSES_MS) {
  if (!canWorkOffline) return;
  if (pauses === PIN_PAUSES_MS) navigator.storage?.persist?.();
  const answer = await askWorker({ type: "pin", path, id, versions });
  const [pause, ...others] = pauses;
  if (typeof answer?.isPinned === "boolean" || pause === undefined) return;
  setTimeout(() => pinPage(path, id, versions, others), pause);
}
