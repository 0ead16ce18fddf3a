/** The service worker: static files from the tablet, pages from the network or, when it is silent, from the tablet;
 * nobody's pages but those of the person who signed in last; a new worker takes over only between visits. */

import { officeOver } from "../field/api.js";
import { openStore } from "../field/store.js";
import { drainAlone } from "../field/sync.js";
import { keptPages, staticOf } from "./pages.js";
import { openReminder, showReminder } from "./reminders.js";

const PATIENCE_MS = 4_000;
const LONGEST_MS = 60_000;
const ACTIVE = "active";
const SIGN_OUT = "/keluar";
const SIGN_INS = new Set(["/masuk", "/tautan"]);
const AT_WORK = /\/(kunjungan\/baru|perbaiki|tambahan)$/;
const OUTAGE = new Set([502, 503, 504]);

/** A line that hangs must not keep a worker busy for ever: nobody could follow it. */
const impatient = (address, options) => fetch(address, { ...options, signal: AbortSignal.timeout(LONGEST_MS) });

/** @param {ServiceWorkerGlobalScope} scope
 * @param {{build: string, assets: string[], fallback: string}} release */
export function startWorker(scope, { build, assets, fallback }) {
  const now = () => Date.now();
  const pages = keptPages({ caches: scope.caches, fetch: impatient, origin: scope.location.origin, now });
  const office = officeOver((...request) => fetch(...request));
  const active = async () => (await (await openStore()).get("meta", ACTIVE)) ?? { name: ACTIVE, user: null };
  const setActive = async (change) => (await openStore()).update("meta", ACTIVE, (row) => ({ user: null, ...row, name: ACTIVE, ...change }));

  let signIns = 0;

  scope.addEventListener("install", (event) => event.waitUntil(pages.keepFiles(staticOf(build), [...assets, fallback])));
  scope.addEventListener("activate", (event) => event.waitUntil(takeOver()));
  scope.addEventListener("fetch", (event) => {
    const answer = answerTo(event);
    if (answer) event.respondWith(answer);
  });
  scope.addEventListener("message", (event) => event.waitUntil(onMessage(event)));
  scope.addEventListener("sync", (event) => event.waitUntil(sendWaiting()));
  scope.addEventListener("push", (event) => event.waitUntil(showReminder(scope, event)));
  scope.addEventListener("notificationclick", (event) => event.waitUntil(openReminder(scope, event)));

  async function takeOver() {
    await pages.sweep(build);
    await setActive({ fresh_at: null }); // the pages that are kept were made by the program before
    await scope.clients.claim();
  }

  function answerTo(event) {
    const { request } = event;
    const address = new URL(request.url);
    if (address.origin !== scope.location.origin) return null;
    if (request.method === "POST") return request.mode === "navigate" ? answerToPost(request, address.pathname) : null;
    if (request.method !== "GET") return null;
    if (address.pathname.startsWith("/static/")) return fileFor(request);
    return request.mode === "navigate" ? pageFor(event, address) : null;
  }

  function answerToPost(request, path) {
    if (path === SIGN_OUT) return signOut(request);
    return SIGN_INS.has(path) ? signIn(request) : null;
  }

  async function fileFor(request) {
    return (await scope.caches.match(request, { ignoreVary: true })) ?? fetch(request);
  }

  async function pageFor(event, address) {
    const { user, mustSignOut } = await active();
    if (mustSignOut && !(await endSession())) return lockedPage();
    const kept = user && !mustSignOut ? await pages.find(user, address) : null;
    const turn = signIns;
    const asked = fetch(event.request).then((answer) => noteWho(answer, turn));
    if (!kept) return asked.catch(fallbackPage);
    const answer = await Promise.race([asked.catch(() => null), silence()]);
    const isDraftOfTablet = answer?.status === 404 && address.searchParams.has("draf");
    if (answer && !OUTAGE.has(answer.status) && !isDraftOfTablet) return answer;
    event.waitUntil(asked.catch(() => null)); // an answer that comes late still says who is signed in
    return markedPage(kept);
  }

  const silence = () => new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, null));

  /** Whoever the office says it is from now on; the pages of everybody else go. @param {number} turn in which it was asked */
  async function noteWho(answer, turn) {
    const user = answer.headers.get("X-Pendamping-User");
    if (user && turn === signIns && user !== (await active()).user) {
      await setActive({ user, mustSignOut: false, isBetween: false, fresh_at: null });
      await pages.keepOnlyFor(user);
    }
    return answer;
  }

  /** The page says itself that it is a copy, and of when. */
  async function markedPage({ page, keptAt }) {
    const html = (await page.text()).replace("<html ", `<html data-kept-at="${keptAt}" `);
    return new Response(html, { headers: page.headers });
  }

  async function fallbackPage() {
    return (await scope.caches.match(fallback, { ignoreVary: true })) ?? Response.error();
  }

  async function lockedPage() {
    const page = await fallbackPage();
    if (page.type === "error") return page;
    return new Response((await page.text()).replace("<html ", '<html data-locked="" '), { headers: page.headers });
  }

  /** Somebody comes in: until the office has named them, nobody's pages are shown, and no page that is still open says whose
   * they are. Where nobody came in, everything is as it was. */
  async function signIn(request) {
    const { user } = await active();
    await beBetween();
    const answer = await fetch(request).catch(() => Response.error());
    if (answer.type === "opaqueredirect") await beBetween();
    else await (await openStore()).update("meta", ACTIVE, (row) => (row?.isBetween ? { ...row, user, isBetween: false } : undefined));
    return answer;
  }

  function beBetween() {
    signIns += 1; // what was asked before says who was there before
    return setActive({ user: null, isBetween: true });
  }

  /** Pages go at once, drafts and outbox never. Without a network the screen is locked and the session ends later. */
  async function signOut(request) {
    await pages.keepOnlyFor(null);
    await setActive({ user: null, fresh_at: null });
    try {
      const answer = await fetch(request);
      return answer.status === 400 ? Response.redirect("/masuk", 303) : answer; // the session had ended by itself
    } catch {
      await setActive({ mustSignOut: true });
      return lockedPage();
    }
  }

  /** Ends the session that was left behind offline. True once it is over, or there is none. */
  async function endSession() {
    try {
      const { status, body } = await office.session();
      if (status === 200) {
        const fields = new URLSearchParams({ csrf_token: body.csrf_token });
        const answer = await fetch(SIGN_OUT, { method: "POST", body: fields, redirect: "manual" });
        if (answer.type !== "opaqueredirect" && !answer.ok) return false;
      } else if (status !== 401) return false;
      await setActive({ mustSignOut: false });
      return true;
    } catch {
      return false;
    }
  }

  async function onMessage({ data, ports, source }) {
    const reply = (words) => (ports[0] ? ports[0].postMessage(words) : source?.postMessage(words));
    const { user, mustSignOut } = await active();
    if (mustSignOut) await endSession();
    if (data.type === "between-visits") await takeTurn(reply);
    if (data.type === "unpin" && user) await pages.unpin(user, data.ids);
    if (data.type === "pin") reply({ type: "pinned", isPinned: user ? await pages.pin(user, data.path, data.id, data.versions).catch(() => null) : null });
    if (data.type === "refresh" && data.user) {
      await noteUser(data.user);
      reply({ type: "refreshed", ...(await refreshed(data.user)) });
    }
  }

  /** The page that asks was shown to this person by the office or by this worker. */
  async function noteUser(user) {
    const known = await active();
    if (known.user === null && !known.mustSignOut && !known.isBetween) await setActive({ user, fresh_at: null });
  }

  async function refreshed(user) {
    try {
      const result = await pages.refresh(user);
      if (result.instruments) await setActive({ instruments: result.instruments });
      if (result.isFresh) await setActive({ fresh_at: new Date(now()).toISOString() });
      if (result.isFresh && result.changed) await pages.sweep(build);
      return result;
    } catch {
      return { isFresh: false, failed: 0 };
    }
  }

  /** A visit that is open in any tab was begun with the worker in charge; it is finished with it. */
  async function takeTurn(reply) {
    const open = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
    const takesOver = !open.some((client) => AT_WORK.test(new URL(client.url).pathname));
    reply({ type: "turn", takesOver });
    if (takesOver) await scope.skipWaiting();
  }

  async function sendWaiting() {
    const { user } = await active();
    if (user) await drainAlone({ store: await openStore(), office, user, now });
  }
}
