/** The field pack: which of the facilitator's own pages to fetch, and which copy to show. Pure. */

/** Pages whose address may carry wishes that the page itself reads (`?rencana=`, `?koperasi=`, `?butir=`). */
const READS_ITS_ADDRESS = /\/(kunjungan|jadwal|tindakan)\/baru$/;

/** @param {{pages: {url: string, revision: string}[]}} pack
 * @param {Map<string, string>} kept revision by address
 * @returns {{fetch: {url: string, revision: string}[], drop: string[]}} only what changed */
export function changesOf(pack, kept) {
  const wanted = new Set(pack.pages.map((page) => page.url));
  return {
    fetch: pack.pages.filter((page) => kept.get(page.url) !== page.revision),
    drop: [...kept.keys()].filter((url) => !wanted.has(url)),
  };
}

/** The addresses under which a page may be kept, the best first. @param {URL} address */
export function copiesOf(address) {
  const exact = address.pathname + address.search;
  const isForDraft = [...address.searchParams.keys()].join() === "draf";
  const readsIt = READS_ITS_ADDRESS.test(address.pathname) && address.search;
  return readsIt || isForDraft ? [exact, address.pathname] : [exact];
}

/** Where a draft's own page is kept until its receipt. */
export function pinOf(path, draftId) {
  return `${path}?draf=${draftId}`;
}

/** Whether an answer may be kept for this person: whole, not led elsewhere, and theirs. */
export function mayKeep(answer, user) {
  return answer.status === 200 && !answer.redirected && answer.headers.get("X-Pendamping-User") === user;
}

/** The caches of one person's pages: those of the pack, and those that drafts were begun on. */
export const pagesOf = (user) => `pages-${user}`;
export const pinsOf = (user) => `pins-${user}`;

/** One person's pages go; static files, and what others keep on this tablet, stay. */
export function dropPagesOf(user, caches) {
  return Promise.all([pagesOf(user), pinsOf(user)].map((name) => caches.delete(name)));
}
