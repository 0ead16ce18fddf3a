/** Finished records: frozen, in the order in which they were made, each bound to the person who wrote it.
 * No page, no network: the store, the time and the digest come as arguments.
 *
 * @typedef {object} Entry
 * @property {number} number its place in the queue
 * @property {string} user who wrote it; nobody else sends it
 * @property {string} kind visit, schedule, ...   @property {string} id   @property {string | null} base_sha256
 * @property {string} body what was written, as it will be sent   @property {string} sha256 its fingerprint
 * @property {string[]} attachments ids of its photos and signature
 * @property {"waiting" | "sent" | "needs_attention"} state
 * @property {string | null} received_at when the office said that it has the body
 * @property {string[] | null} [lacking] which of its attachments the office had not got then; without it, the office has not said
 * @property {string} [held_at] when the office said that it has it, but waits for a decision   @property {string} [held_words] why
 * @property {{code: string, errors: object[]} | null} problem what the office has against it
 * @property {boolean} [lacks_base] the office has not got the version that it was written over
 * @property {string | null} [left_at] when it was first sent; from then on nobody here knows what became of it without an answer
 * @property {number} tries   @property {number} next_at not before this instant, in ms
 * @property {number} [breaks] how often it was sent alone and no answer came, since the last one
 * @property {string} title   @property {string} page address of the form   @property {object} draft what it was made of
 * @property {string} made_at   @property {string | null} sent_at by the tablet's clock
 * @property {string} [confirmed_at] the same by the office's, which is not set wrong at the same time */

export const VERSION = 1;
const DAY_MS = 86_400_000;
const SENT_KEPT_MS = 90 * DAY_MS;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;
const HELD_PAUSE_MS = 3_600_000;
const HELD = "in_quarantine";
const NO_BASE = "base_missing";
const BASE_REFUSED = { code: "base_refused", errors: [] };
const STORED = new Set(["created", "merged", "duplicate"]);
/** States of a file with which its record is whole: it has come, or a person went on without it. */
const DONE_WITH = new Set(["sent", "given_up"]);

/** Kinds whose records may change what stands, and change it back: each is another one, though it says what an earlier one said. */
const CHANGING = new Set(["schedule", "correction"]);

function bodyOf({ kind, base_sha256: base, body }, now) {
  return base && CHANGING.has(kind) ? { ...body, written_at: new Date(now).toISOString() } : body;
}

/** A record as it goes into the outbox. @param {(text: string) => Promise<string>} sha256 */
export async function freeze(record, { sha256, now }) {
  const body = JSON.stringify(bodyOf(record, now));
  return {
    v: VERSION,
    base_sha256: null,
    attachments: [],
    ...record,
    body,
    sha256: await sha256(body),
    state: "waiting",
    left_at: null,
    received_at: null,
    problem: null,
    tries: 0,
    next_at: 0,
    made_at: new Date(now).toISOString(),
    sent_at: null,
  };
}

/** The record goes in and its draft goes out, both or neither. */
export function post(store, entry, draftKey) {
  const changes = [{ in: "outbox", put: entry }];
  if (draftKey) changes.push({ in: "drafts", drop: draftKey });
  return store.write(changes);
}

/** @returns {Promise<Entry[]>} one person's records, oldest first */
export async function entriesOf(store, user) {
  return (await store.all("outbox")).filter((entry) => entry.user === user);
}

/** How many records of other people wait on this tablet. */
export async function othersWaiting(store, user) {
  return (await store.all("outbox")).filter((entry) => entry.user !== user && entry.state !== "sent").length;
}

/** What the office's answer makes of a record. Only an answer that names these very bytes counts as a receipt.
 * @param {Entry} entry
 * @param {{outcome: string, sha256?: string, received_at?: string, errors?: object[]}} result */
export function answered(entry, result, now) {
  if (!result?.outcome) return postponed(entry, now);
  // what it says now is what counts, whatever was said before: two tabs may ask at once
  const anew = { ...entry, state: "waiting", received_at: null, sent_at: null, problem: null, breaks: 0, lacks_base: hasCode(result, NO_BASE) };
  const { outcome, errors = [] } = result;
  if (STORED.has(outcome)) return result.sha256 === entry.sha256 ? received(anew, result, now) : stopped(anew, { code: "other_bytes", errors: [] });
  if (outcome === "conflict" || outcome === "rejected") return stopped(anew, { code: outcome, errors });
  return isHeld(entry, result) ? held(anew, result, now) : postponed(anew, now);
}

function received(entry, { received_at: at, revision = null, missing: lacking = null }, now) {
  const isComplete = lacking?.length === 0; // for files that are not here it is asked again, but not often
  return { ...entry, received_at: at ?? new Date(now).toISOString(), revision, lacking, tries: 0, next_at: isComplete ? 0 : now + HELD_PAUSE_MS };
}

const hasCode = (result, code) => (result?.errors ?? []).some((each) => each.code === code);

/** The office has these very bytes, but they do not count until the agency has decided: asked again, but not often. */
function isHeld(entry, result) {
  return result?.outcome === "later" && result.sha256 === entry.sha256 && Boolean(result.received_at) && hasCode(result, HELD);
}

function held(entry, { received_at: at, errors }, now) {
  return { ...entry, held_at: at, held_words: errors.find(({ code }) => code === HELD).message, next_at: now + HELD_PAUSE_MS };
}

/** Not now: a little later, then less and less often. */
export function postponed(entry, now) {
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** entry.tries, LONGEST_PAUSE_MS);
  return { ...entry, tries: Math.min(entry.tries + 1, 16), next_at: now + pause };
}

/** Whether a record's or a file's turn has come. No turn is longer off than the longest pause: one that is was set by a clock that was wrong. */
export function isTurn({ next_at: at = 0 }, now) {
  return at <= now || at > now + HELD_PAUSE_MS;
}

function stopped(entry, problem) {
  return { ...entry, state: "needs_attention", problem };
}

/** What a record was written over, where it lies here; it is older, though an older build may have made two of the same bytes. */
function baseOf({ base_sha256: base, number }, entries) {
  return base ? entries.find((each) => each.sha256 === base && each.number < number) : undefined;
}

/** Whether a record was written over one that the office did not take, or over one that was itself: it cannot be taken either, however
 * often it is sent. @param {Entry[]} entries of its author */
export function standsOnRefused(entry, entries) {
  const base = baseOf(entry, entries);
  return base !== undefined && !base.received_at && (base.state === "needs_attention" || standsOnRefused(base, entries));
}

/** What was written over a refused record waits for its author, and goes on by itself if that one goes on. */
export function following(entry, entries) {
  if (entry.received_at || entry.held_at) return entry;
  const hasBase = baseOf(entry, entries) !== undefined;
  const isInVain = standsOnRefused(entry, entries) || (entry.lacks_base && !hasBase);
  if (entry.state === "waiting") return isInVain ? stopped(entry, BASE_REFUSED) : entry;
  return entry.problem?.code === BASE_REFUSED.code && hasBase && !isInVain ? { ...entry, state: "waiting", problem: null, next_at: 0 } : entry;
}

/** Where a file of a record is: as its row says; of one that is not on this tablet, as the office last said. Its visit may have been
 * begun on another tablet, which sends it.
 * @param {Map<string, {state: string}>} attachments
 * @returns {"raw" | "waiting" | "sent" | "refused" | "given_up" | "elsewhere" | "unknown"} */
export function whereIs(id, { lacking }, attachments) {
  const { state } = attachments.get(id) ?? {};
  if (state && state !== "lost") return state;
  if (!lacking) return "unknown";
  return lacking.includes(id) ? "elsewhere" : "sent";
}

const placesOf = (entry, attachments) => entry.attachments.map((id) => whereIs(id, entry, attachments));

/** Terkirim: the office has the body and every photo of it. What an older build called sent without that waits again. */
export function settled(entry, attachments, now, skewMs = 0) {
  if (entry.state === "needs_attention" || !entry.received_at) return entry;
  const places = placesOf(entry, attachments);
  const isWhole = places.every((each) => DONE_WITH.has(each));
  if (entry.state === "sent") return isWhole ? entry : { ...entry, state: "waiting", sent_at: null };
  if (places.includes("refused")) return stopped(entry, { code: "photo_refused", errors: [] });
  if (!isWhole) return entry;
  const [sentAt, confirmedAt] = [now, now + skewMs].map((at) => new Date(at).toISOString());
  return { ...entry, state: "sent", sent_at: sentAt, confirmed_at: confirmedAt, problem: null };
}

/** What a record still lacks at the office, for words like "1 foto menyusul". */
export function missing(entry, attachments) {
  return placesOf(entry, attachments).filter((each) => !DONE_WITH.has(each) && each !== "refused").length;
}

/** Whether only the office knows what became of a file: the record is sent once more, and the answer says. */
export function asksForFiles(entry, attachments) {
  return Boolean(entry.received_at) && placesOf(entry, attachments).some((each) => each === "unknown" || each === "elsewhere");
}

/** How many of its files neither the office has nor this tablet. */
export function elsewhere(entry, attachments) {
  return entry.received_at ? placesOf(entry, attachments).filter((each) => each === "elsewhere").length : 0;
}

/** The office has the record; files that it will not take, or that nobody sends, are let go. */
export async function goWithoutFiles(store, entry) {
  const rows = new Map((await store.all("attachments")).map((each) => [each.id, each]));
  for (const id of entry.attachments) {
    if (!["refused", "elsewhere"].includes(whereIs(id, entry, rows))) continue;
    await store.update("attachments", id, (row) => ({ id, user: entry.user, record: entry.id, tries: 0, next_at: 0, problem: null, ...row, state: "given_up" }));
  }
  await store.update("outbox", entry.number, (row) => row?.received_at && { ...row, state: "waiting", problem: null });
}

/** A visit's draft has the record's id; a change's has one of its own, for several may be begun over one plan. */
export const draftIdOf = (entry) => entry.draft?.id ?? entry.id;

/** The record goes back to being a draft, to be put right; it keeps its id, so nothing can be stored twice. What was written over it
 * is stopped before, for afterwards nothing says any more why it cannot be taken. @returns {Promise<boolean>} whether it is a draft now */
export async function reopen(store, { number, sha256, user }, now) {
  for (const other of await entriesOf(store, user)) {
    if (other.base_sha256 !== sha256) continue;
    await store.update("outbox", other.number, (row) => (row?.state === "waiting" && !row.received_at && !row.held_at ? stopped(row, BASE_REFUSED) : undefined));
  }
  const isStopped = (row) => row?.sha256 === sha256 && row.state === "needs_attention";
  return store.follow(["outbox", "drafts"], number, (row) => (isStopped(row) ? reopening(row, now) : []));
}

function reopening(entry, now) {
  const key = `${entry.user} ${draftIdOf(entry)}`;
  const draft = { ...entry.draft, key, change: 1, saved_at: new Date(now).toISOString(), problem: entry.problem };
  return [
    { in: "drafts", put: draft },
    { in: "outbox", drop: entry.number },
  ];
}

/** Whether a visit may be opened again while it waits: it has not left this tablet, and nothing else here is written over it.
 * Entries of older builds do not say whether they left. @param {Entry[]} entries of its author */
export function isStillHere(entry, entries) {
  const isBuiltOn = (other) => other.base_sha256 === entry.sha256 || (other !== entry && other.about === entry.id);
  return entry.kind === "visit" && entry.state === "waiting" && entry.left_at === null && !entries.some(isBuiltOn);
}

/** A record is about to be sent. @returns {Promise<Entry | undefined>} undefined: somebody has just taken it back */
export function leave(store, entry, now) {
  if (entry.left_at) return Promise.resolve(entry);
  const isThis = (row) => row?.state === "waiting" && row.sha256 === entry.sha256;
  return store.update("outbox", entry.number, (row) => (isThis(row) ? { ...row, left_at: new Date(now).toISOString() } : undefined));
}

/** A visit that waits is a draft again, unless it has just left. @returns {Promise<boolean>} whether it is */
export function takeBack(store, { number, sha256 }, now) {
  const isHere = (row) => row?.sha256 === sha256 && row.state === "waiting" && row.left_at === null;
  return store.follow(["outbox", "drafts"], number, (row) => (isHere(row) ? reopening(row, now) : []));
}

const isLongAgo = (at, now) => Date.parse(at) < now - SENT_KEPT_MS;

/** Receipts of long ago go, with their photos: of long ago by the tablet's clock and by the office's, for one that jumps must not take them.
 * @param {number} skewMs how far the office's clock is ahead @returns {Promise<number>} how many went */
export async function prune(store, now, skewMs = 0) {
  const isOldByBoth = (entry) => isLongAgo(entry.sent_at, now) && isLongAgo(entry.confirmed_at ?? entry.received_at, now + skewMs);
  const old = (await store.all("outbox")).filter((entry) => entry.state === "sent" && isOldByBoth(entry));
  const files = old.flatMap((entry) => entry.attachments);
  await store.write([
    ...old.map((entry) => ({ in: "outbox", drop: entry.number })),
    ...files.flatMap((id) => [{ in: "attachments", drop: id }, { in: "blobs", drop: id }]),
  ]);
  return old.length;
}

/** Files that no record and no draft names any more, such as those of a version that was given up for the office's, go as late as receipts
 * do. Until then what waits among them is sent: the office's version may name it. */
export async function pruneFiles(store, user, now, skewMs = 0) {
  const named = new Set((await store.all("outbox")).flatMap((entry) => entry.attachments));
  const rows = (await store.all("attachments")).filter((row) => row.user === user && row.state !== "waiting" && !named.has(row.id));
  if (!rows.length) return;
  for (const draft of await store.all("drafts")) for (const [, value] of draft.fields) named.add(value);
  const stamp = { let_go_at: new Date(now).toISOString(), let_go_by_office_at: new Date(now + skewMs).toISOString() };
  for (const { id, let_go_at: at, let_go_by_office_at: byOffice } of rows) {
    if (named.has(id)) await store.update("attachments", id, (row) => row?.let_go_at && { ...row, let_go_at: null });
    else if (!at) await store.update("attachments", id, (row) => row && { ...row, ...stamp });
    else if (isLongAgo(at, now) && isLongAgo(byOffice, now + skewMs)) await store.write([{ in: "attachments", drop: id }, { in: "blobs", drop: id }]);
  }
}
