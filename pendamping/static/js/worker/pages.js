/** The facilitator's own pages as the worker keeps them: one cache a person, filled from the field pack.
 * Caches, fetch and clock are arguments. */

import { changesOf, copiesOf, mayKeep, pagesOf, pinOf, pinsOf } from "../field/pack.js";

const PACK = "/api/v1/field-pack";
const PACK_HEADER = { "X-Field-Pack": "1" };
const REVISION = "X-Revision";
const KEPT_AT = "X-Kept-At";
const BUILD = /\/static\/([0-9a-f]+)\//;
const LOST_ON_THE_WAY = ["Content-Encoding", "Content-Length", "Transfer-Encoding"];

export const staticOf = (build) => `static-${build}`;

/** @param {{caches: CacheStorage, fetch: typeof fetch, origin: string, now: () => number}} place */
export function keptPages({ caches, fetch, origin, now }) {
  /** Bring one person's pages up to date; what could not be fetched stays as it was.
   * @returns {Promise<{isFresh: boolean, failed: number}>} */
  async function refresh(user) {
    const answer = await fetch(PACK, { credentials: "same-origin", cache: "no-cache" });
    if (answer.status !== 200) return { isFresh: false, failed: 0 };
    const pack = await answer.json();
    if (pack.user !== user) return { isFresh: false, failed: 0 };
    const cache = await caches.open(pagesOf(user));
    const kept = await revisionsIn(cache);
    const { fetch: changed, drop } = changesOf(pack, kept);
    await keepFiles(staticOf(pack.build), pack.assets.map((each) => each.url));
    let failed = 0;
    for (const page of changed) if (!(await keepPage(cache, page, user))) failed += 1;
    for (const url of drop) await cache.delete(url, { ignoreVary: true });
    return { isFresh: failed === 0, failed, changed: changed.length, instruments: pack.instruments };
  }

  async function keepPage(cache, { url, revision }, user) {
    try {
      const answer = await fetch(url, { headers: PACK_HEADER, credentials: "same-origin", cache: "no-store" });
      if (!mayKeep(answer, user)) return false;
      await cache.put(url, await copyOf(answer, { [REVISION]: revision, [KEPT_AT]: new Date(now()).toISOString() }));
      return true;
    } catch {
      return false;
    }
  }

  /** Static files under a build's name never change: what is there is not fetched again. */
  async function keepFiles(name, urls) {
    const cache = await caches.open(name);
    const there = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
    await Promise.all(urls.filter((url) => !there.has(url)).map((url) => cache.add(url)));
  }

  /** The kept copy of an address, for this person only. @returns {Promise<{page: Response, keptAt: string} | null>} */
  async function find(user, address) {
    const draftId = address.searchParams.get("draf");
    const pinned = draftId && (await match(pinsOf(user), pinOf(address.pathname, draftId)));
    const page = pinned || (await firstOf(copiesOf(address), (url) => match(pagesOf(user), url)));
    return page ? { page, keptAt: page.headers.get(KEPT_AT) } : null;
  }

  /** Keep the page that a draft was begun on, until `unpin`: it names versions that a newer page no longer has.
   * @param {string[]} versions every one of them must stand on the page
   * @returns {Promise<boolean | null>} false: no page has them any more; null: ask again, the office has not shown it now */
  async function pin(user, path, draftId, versions) {
    const pins = await caches.open(pinsOf(user));
    const key = pinOf(path, draftId);
    if (await pins.match(key, { ignoreVary: true })) return true;
    const kept = await match(pagesOf(user), path);
    if (await holds(kept, versions)) return pins.put(key, kept).then(() => true);
    const fresh = await fetch(path, { headers: PACK_HEADER, credentials: "same-origin", cache: "no-store" });
    if (!mayKeep(fresh, user)) return null;
    if (!(await holds(fresh, versions))) return false;
    await pins.put(key, await copyOf(fresh, { [KEPT_AT]: new Date(now()).toISOString() }));
    return true;
  }

  async function unpin(user, ids) {
    const pins = await caches.open(pinsOf(user));
    for (const request of await pins.keys()) {
      if (ids.includes(new URL(request.url).searchParams.get("draf"))) await pins.delete(request, { ignoreVary: true });
    }
  }

  /** Static files that neither this build nor any kept page needs go. */
  async function sweep(build) {
    const needed = new Set([staticOf(build)]);
    for (const name of await caches.keys()) {
      if (!name.startsWith("pages-") && !name.startsWith("pins-")) continue;
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const text = await (await cache.match(request, { ignoreVary: true })).text();
        const made = BUILD.exec(text)?.[1];
        if (made) needed.add(staticOf(made));
      }
    }
    for (const name of await caches.keys()) if (name.startsWith("static-") && !needed.has(name)) await caches.delete(name);
  }

  /** Pages of everybody but this person go; pages that drafts were begun on stay, and are shown to nobody else. */
  async function keepOnlyFor(user) {
    for (const name of await caches.keys()) {
      if (name.startsWith("pages-") && name !== (user && pagesOf(user))) await caches.delete(name);
    }
  }

  async function match(name, url) {
    return (await caches.has(name)) ? (await caches.open(name)).match(new URL(url, origin).href, { ignoreVary: true }) : undefined;
  }

  return { refresh, keepFiles, find, pin, unpin, sweep, keepOnlyFor };
}

async function revisionsIn(cache) {
  const kept = new Map();
  for (const request of await cache.keys()) {
    const { pathname, search } = new URL(request.url);
    const copy = await cache.match(request, { ignoreVary: true });
    kept.set(pathname + search, copy?.headers.get(REVISION));
  }
  return kept;
}

/** An answer that stands by itself, with a few words of our own in its head. */
async function copyOf(answer, more) {
  const headers = new Headers(answer.headers);
  for (const name of LOST_ON_THE_WAY) headers.delete(name);
  for (const [name, value] of Object.entries(more)) headers.set(name, value);
  return new Response(await answer.arrayBuffer(), { status: answer.status, headers });
}

async function holds(page, versions) {
  if (!page) return false;
  const text = await page.clone().text();
  return versions.every((version) => text.includes(version));
}

async function firstOf(candidates, look) {
  for (const each of candidates) {
    const found = await look(each);
    if (found) return found;
  }
  return undefined;
}
