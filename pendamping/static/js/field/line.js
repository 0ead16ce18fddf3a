/** This page's line to the office: when to send, and what everybody on the page is told of it. */

import { officeOver } from "./api.js";
import { isHandedIn, wipe } from "./leaving.js";
import { entriesOf } from "./outbox.js";
import { dropPagesOf } from "./pack.js";
import { openStore } from "./store.js";
import { drainAlone, sentName } from "./sync.js";
import { askWorker, canWorkOffline, user } from "./tablet.js";

const TURN_MS = 30_000;
const BUSY_MS = 2_000;
const FRESH_MS = 300_000;
const SYNC_TAG = "kirim";
const INTRODUCED = "pendamping-introduced";
const office = officeOver((...request) => fetch(...request));

/** Fires "change" whenever the outbox or the line may have changed. `ending` as in sync.js, null before the first round. */
export class Line extends EventTarget {
  isSending = false;
  ending = null;
  isFresh = null;

  /** Send when there is something to send, and whenever that may have become possible. */
  start() {
    const wake = () => this.send();
    window.addEventListener("online", wake);
    window.addEventListener("offline", () => this.tell());
    window.addEventListener("focus", wake);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && wake());
    document.addEventListener("pendamping:outbox", () => this.comeBackLater());
    // a worker that takes over knows that the pages it finds were made by the program before
    navigator.serviceWorker?.addEventListener("controllerchange", () => this.refresh());
    setInterval(wake, TURN_MS);
    return this.send({ isAsked: this.isFirstOfSession() })
      .then(() => this.ending === "done" && sessionStorage.setItem(INTRODUCED, user))
      .then(() => this.refresh());
  }

  /** Until the office has answered once in this tab it is asked even with nothing to send, so that it knows this tablet; and where
   * somebody hands in a queue, at every page. */
  isFirstOfSession() {
    return document.querySelector("[data-leaving]") !== null || sessionStorage.getItem(INTRODUCED) !== user;
  }

  /** @param {{isAsked?: boolean}} by a person who pressed the button, or by itself */
  async send({ isAsked = false } = {}) {
    const store = await openStore();
    const waits = (await entriesOf(store, user)).some((entry) => entry.state === "waiting");
    if (navigator.onLine && (waits || isAsked) && !this.isSending) {
      this.isSending = true;
      this.tell();
      const round = await drainAlone({ store, office, user, now: Date.now, isAsked }).catch(() => undefined);
      this.isSending = false;
      this.ending = round?.ending ?? this.ending;
      if (round?.session?.leaving) await this.leave(store);
      if (round === null) setTimeout(() => this.send({ isAsked }), BUSY_MS); // another tab or the worker is at it
      if (waits) await this.comeBackLater();
    }
    this.tell();
  }

  /** Whoever has left hands in what waits; then the tablet forgets it, pages and all; what others keep here stays. */
  async leave(store) {
    if (this.ending !== "done" || !(await isHandedIn(store, user))) return;
    await wipe(store, user);
    if (globalThis.caches) await dropPagesOf(user, caches);
    document.querySelector("[data-leaving-waits]")?.setAttribute("hidden", "");
    document.querySelector("[data-leaving-done]")?.removeAttribute("hidden");
  }

  /** Pages are brought up to date by the worker, only those that changed. The office makes them all for that, so not at
   * every step: after a while, after something was sent, or when somebody asks. */
  async refresh({ isAsked = false } = {}) {
    if (!navigator.onLine || !canWorkOffline) return;
    const store = await openStore();
    const { user: who, fresh_at: freshAt } = (await store.get("meta", "active")) ?? {};
    const { at: sentAt = "" } = (await store.get("meta", sentName(user))) ?? {};
    const isFresh = who === user && freshAt && freshAt > sentAt && Date.now() - Date.parse(freshAt) < FRESH_MS;
    if (isFresh && !wasLedHere() && !isAsked) return;
    const answer = await askWorker({ type: "refresh", user });
    this.isFresh = answer?.isFresh ?? null;
    this.tell();
  }

  /** Where the browser can, it wakes the worker once there is a network, even with every page closed. */
  async comeBackLater() {
    this.tell();
    const store = await openStore();
    if (!(await entriesOf(store, user)).some((entry) => entry.state === "waiting")) return;
    const registration = await navigator.serviceWorker?.getRegistration();
    await registration?.sync?.register(SYNC_TAG).catch(() => null);
  }

  tell() {
    this.dispatchEvent(new Event("change"));
  }
}

/** The page came as the answer to a form: the office has something new. */
function wasLedHere() {
  return performance.getEntriesByType("navigation")[0]?.redirectCount > 0;
}
