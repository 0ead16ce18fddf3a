/** Forms that are still being written, kept on the tablet at each change: fields, photos, pen strokes.
 * A draft belongs to one person and names the page, build and versions it was begun on.
 *
 * @typedef {object} Draft
 * @property {string} key   @property {string} user   @property {string} id of the record it will become
 * @property {string} kind   @property {string} page its address   @property {string} title   @property {string} build
 * @property {[string, string][]} fields   @property {[string, string][]} versions the instruments it was begun on
 * @property {object[]} strokes of the signature
 * @property {number} change counts what was written, so that two tabs notice each other
 * @property {number} office_revision the office's draft that this one goes on from
 * @property {boolean} is_at_office whether the office has all of it
 * @property {string} [beside] the stored record that it tells otherwise; both are kept
 * @property {number} [sent_change] the change that its page has sent to be stored, past the outbox
 * @property {string} saved_at */

export const keyOf = (user, id) => `${user} ${id}`;

/** Somebody else has written this draft since: another tab. What this one holds must become a draft of its own. */
export class ChangedElsewhere extends Error {}

/** @param {number} known the `change` that this tab saw last
 * @returns {Promise<Draft>} @throws {ChangedElsewhere} nothing is overwritten */
export async function keep(store, draft, known, now) {
  const key = keyOf(draft.user, draft.id);
  let isForeign = false;
  const kept = await store.update("drafts", key, (row) => {
    isForeign = (row?.change ?? 0) !== known;
    return isForeign ? undefined : { ...row, ...draft, key, change: known + 1, saved_at: new Date(now).toISOString() };
  });
  if (isForeign) throw new ChangedElsewhere();
  return kept;
}

/** The office has the draft as it was at this change; what was typed since is still to come. */
export function noteAtOffice(store, user, id, { change, revision }) {
  return store.update("drafts", keyOf(user, id), (row) => row && { ...row, office_revision: revision, is_at_office: row.change === change });
}

/** @returns {Promise<Draft[]>} one person's drafts, the newest first */
export async function draftsOf(store, user) {
  const own = (await store.all("drafts")).filter((draft) => draft.user === user);
  return own.sort((one, other) => other.saved_at.localeCompare(one.saved_at));
}

export const draftOf = (store, user, id) => store.get("drafts", keyOf(user, id));

/** Whether the tablet knows more of a draft than the page does, which was made from the office's.
 * @param {Draft | undefined} draft @param {number} revision of the page */
export function isAhead(draft, revision) {
  return Boolean(draft) && (!draft.is_at_office || revision < draft.office_revision);
}

/** A draft goes, with those of its files that no other draft or record names. */
export async function drop(store, user, id) {
  const named = new Set();
  for (const draft of await store.all("drafts")) {
    if (draft.key !== keyOf(user, id)) for (const [, value] of draft.fields) named.add(value);
  }
  for (const entry of await store.all("outbox")) for (const each of entry.attachments) named.add(each);
  const own = (await store.all("attachments")).filter((each) => each.user === user && each.record === id && !named.has(each.id));
  await store.write([
    { in: "drafts", drop: keyOf(user, id) },
    ...own.flatMap((each) => [{ in: "attachments", drop: each.id }, { in: "blobs", drop: each.id }]),
  ]);
}

/** A photo or signature, safe on the tablet before anything else is done with it.
 * @param {{state?: "raw" | "waiting"}} file raw: still to be made smaller, and not to be sent as it is */
export function keepFile(store, { id, user, record, blob, state = "waiting" }) {
  return store.write([
    { in: "blobs", put: { id, blob } },
    { in: "attachments", put: { id, user, record, state, tries: 0, next_at: 0, problem: null } },
  ]);
}

export function noteFile(store, id, state, problem = null) {
  return store.update("attachments", id, (row) => row && { ...row, state, problem });
}

export function dropFile(store, id) {
  return store.write([
    { in: "attachments", drop: id },
    { in: "blobs", drop: id },
  ]);
}
