/** Brings the outbox to the office: records in batches, then photos one by one, for a record is small and may come first. Knows no page; the office, the store and the
 * clock are arguments. What gets no answer stays as it is and is asked again; nothing counts as sent without a receipt. */

import { deviceOf, introductionOf, tabletName } from "./device.js";
import { offerEverything } from "./leaving.js";
import { answered, asksForFiles, entriesOf, following, isTurn, leave, postponed, prune, pruneFiles, settled } from "./outbox.js";
import { hasArrived, phaseOf } from "./phases.js";
import { faster, lastWhatBroke, nextOf, paceOf, patienceFor, slower } from "./pace.js";

const LOCK = "pendamping-kirim";
const NOT_SIGNED_IN = new Set([401, 403]);
const UNREADABLE = new Set([400, 413, 422]);
/** What the office says of a file that it will never take; everything else may be different the next time. */
export const REFUSALS = new Set([409, 413, 415, 422]);
const STALE_TOKENS = new Set(["bad_csrf", "stale_page"]);
/** A round that waited in vain so often ends: the line is dead, not only thin. */
const MOST_TIMEOUTS = 2;

/** Where a round ended: everything was asked, no network, the office does not know who asks, or somebody else is signed in.
 * @typedef {"done" | "offline" | "signed_out" | "other_user"} Ending */

class Stop extends Error {
  constructor(ending) {
    super(ending);
    this.ending = ending;
  }
}

/** The line broke, or was too thin for what went out in the time that was given to it. */
class NoAnswer extends Stop {
  constructor(error) {
    super("offline");
    this.isTimeout = error?.name === "TimeoutError";
  }
}

/** One tab or worker at a time sends. The others find nothing to do, or wait for their turn where somebody waits for them.
 * @param {{waits?: boolean, locks?: LockManager}} turn
 * @returns {Promise<{ending: Ending} | null>} null: another one is at it */
export function drainAlone(work, { waits = false, locks = globalThis.navigator?.locks } = {}) {
  if (!locks) return drain(work);
  if (waits) return locks.request(LOCK, () => drain(work));
  return locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? drain(work) : null));
}

/** Send what waits and can be sent.
 * @param {{store: object, office: object, user: string, now: () => number, isAsked?: boolean}} work
 *   isAsked: a person pressed the button; do not wait for the next turn
 * @returns {Promise<{ending: Ending, session: object | null}>} */
export async function drain({ store, office, user, now, isAsked = false }) {
  const line = { store, office, user, now, isAsked, session: null, skewMs: 0, timeouts: 0 };
  let ending = "done";
  try {
    await greet(line);
    if (line.session.leaving) await offerEverything(store, user);
    else await introduce(line);
    await offerAgain(line, line.session);
    await settleAll(line);
    await sendRecords(line);
    await settleAll(line);
    await freeRawFiles(line);
    await sendAttachments(line);
    await settleAll(line);
    await prune(store, now(), line.skewMs);
    await pruneFiles(store, user, now(), line.skewMs);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    ending = error.ending;
  }
  return { ending, session: line.session };
}

/** Ask who is signed in here and for a fresh token, and say how much waits: the office notices a tablet that falls silent. */
async function greet(line) {
  const answer = await asked(async () => line.office.session(await waitingFor(line)));
  if (NOT_SIGNED_IN.has(answer.status)) throw new Stop("signed_out");
  if (answer.status !== 200 || !answer.body.csrf_token) throw new Stop("offline");
  if (answer.body.user !== line.user) throw new Stop("other_user");
  line.session = answer.body;
  line.skewMs = Date.parse(answer.body.server_time) - line.now() || 0;
  await line.store.update("meta", contactName(line.user), (row) => ({
    ...row,
    name: contactName(line.user),
    at: new Date(line.now()).toISOString(),
    server_time: answer.body.server_time,
    skew_ms: line.skewMs,
  }));
}

async function waitingFor({ store, user }) {
  return (await entriesOf(store, user)).filter((entry) => !hasArrived(entry)).length;
}

/** Tell the office once in each session which tablet this is. A tablet that it will not know goes on without. */
async function introduce(line) {
  const device = await deviceOf(line.store, line.user);
  if (line.session.device === device.id || !line.office.registerDevice) return;
  const said = await introductionOf(device, tabletName());
  const { status, body } = await asked(() => line.office.registerDevice(device.id, said, line.session.csrf_token));
  const isRevoked = status === 403 && body.code === "device_revoked"; // from now on it only hands in
  // what the office has counted is said anew: until now of this person, from now on of this tablet
  if (isRevoked || status === 200 || status === 201) await greet(line);
}

/** When this person's tablet last heard from the office. */
export const contactName = (user) => `contact ${user}`;
/** When the office last took something of this person's from here: pages kept before that do not show it. */
export const sentName = (user) => `sent ${user}`;
const countName = (user) => `receipts ${user}`;

/** An office that knows less than it has confirmed was put back from a copy: offer everything again, photos too, those
 * of records that still wait among them. It may happen in the midst of a round, while a tablet sleeps. Of a tablet that is not
 * registered in a session all of its person's records are counted: the two counts say nothing of each other. */
async function offerAgain(line, { epoch, receipts }) {
  const known = await line.store.get("meta", countName(line.user));
  const of = line.session.device ?? null;
  const hasFewer = known?.of === of && receipts < known.receipts;
  if (known && (known.epoch !== epoch || hasFewer)) {
    for (const entry of await entriesOf(line.store, line.user)) {
      if (entry.received_at || entry.held_at || isKeptBeside(entry)) await line.store.update("outbox", entry.number, (row) => row && offered(row));
      for (const id of entry.attachments) {
        await line.store.update("attachments", id, (row) => (row?.state === "sent" ? { ...row, state: "waiting" } : undefined));
      }
    }
  }
  await line.store.write([{ in: "meta", put: { name: countName(line.user), epoch, receipts, of } }]);
}

/** Of two versions the office keeps both, as long as it remembers. */
const isKeptBeside = (entry) => phaseOf(entry) === "conflict";

function offered(row) {
  const anew = { ...row, received_at: null, held_at: null, lacking: null, next_at: 0 };
  if (isKeptBeside(row)) return { ...anew, state: "waiting", problem: null };
  return row.received_at ? { ...anew, state: "waiting", is_again: true } : anew;
}

/** Photos that were never made smaller, for lack of room or of the program for it, go as they are once their record is frozen for
 * good: no page will do it any more. */
async function freeRawFiles(line) {
  const isForGood = (entry) => hasArrived(entry) || ["held", "conflict"].includes(phaseOf(entry));
  const named = new Set((await entriesOf(line.store, line.user)).filter(isForGood).flatMap((entry) => entry.attachments));
  for (const { id, state } of await line.store.all("attachments")) {
    if (state !== "raw" || !named.has(id)) continue;
    await line.store.update("attachments", id, (row) => (row?.state === "raw" ? { ...row, state: "waiting" } : undefined));
  }
}

/** One after the other: a thin line carries ten no faster. One that the office refuses stops nobody else. */
async function sendAttachments(line) {
  const waiting = (await line.store.all("attachments")).filter((each) => each.user === line.user && each.state === "waiting");
  for (const each of lastWhatBroke(waiting)) {
    if (!line.isAsked && !isTurn(each, line.now())) continue;
    const kept = await line.store.get("blobs", each.id);
    if (!kept) {
      await line.store.update("attachments", each.id, (row) => row && { ...row, state: "lost" }); // never said to be sent
      continue;
    }
    const change = (next) => line.store.update("attachments", each.id, (row) => row && next(row));
    const patience = patienceFor(kept.blob.size, await paceOf(line.store));
    try {
      const answer = await withToken(line, (token) => line.office.sendAttachment(each.id, kept.blob, token, patience));
      await change((row) => ({ ...afterSending(row, answer, kept.blob.size, line.now()), breaks: 0 }));
      if (answer.status < 500) await faster(line.store);
    } catch (error) {
      await brokeOff(line, error, change);
    }
  }
}

/** @returns {object} the attachment's row: sent, refused with the office's words, or to be tried again */
function afterSending(row, { status, body }, size, now) {
  if (isReceiptFor(row.id, size, { status, body })) return { ...row, state: "sent", problem: null };
  if (!REFUSALS.has(status)) return postponed({ ...row, tries: row.tries ?? 0 }, now);
  return { ...row, state: "refused", problem: body.detail ?? body.code ?? `${status}` };
}

/** A page that a network puts between (a hotel's, a provider's) answers 200 to everything; only the office names the file. */
export function isReceiptFor(id, size, { status, body }) {
  return (status === 200 || status === 201) && body.id === id && body.byte_size === size;
}

async function sendRecords(line) {
  const attachments = await attachmentsIn(line);
  const isOpen = (entry) => !entry.received_at || asksForFiles(entry, attachments);
  const isDue = (entry) => entry.state === "waiting" && isOpen(entry) && (line.isAsked || isTurn(entry, line.now()));
  let due = (await entriesOf(line.store, line.user)).filter(isDue);
  while (due.length) {
    const batch = nextOf(due, await paceOf(line.store), sizeOf);
    try {
      await sendBatch(line, await leaving(line, batch));
    } catch (error) {
      await brokeOff(line, error, batch.length === 1 ? (change) => write(line, batch[0], change) : null);
      if (batch.length > 1) continue; // a smaller one
    }
    due = due.filter((entry) => !batch.includes(entry));
  }
}

/** No answer came. What went out alone waits its turn behind everything else from now on; where it only took too long, the others are
 * tried all the same. @param {((change: (row: object) => object) => Promise<unknown>) | null} changeLone @throws {Stop} the round ends here */
async function brokeOff(line, error, changeLone) {
  if (!(error instanceof NoAnswer)) throw error;
  await slower(line.store);
  await changeLone?.((row) => ({ ...(error.isTimeout ? postponed({ ...row, tries: row.tries ?? 0 }, line.now()) : row), breaks: (row.breaks ?? 0) + 1 }));
  line.timeouts += 1;
  if (!error.isTimeout || line.timeouts >= MOST_TIMEOUTS) throw error;
}

/** What goes out now is noted first: from then on it may have arrived, and is not taken back any more. */
async function leaving(line, batch) {
  const left = [];
  for (const entry of batch) left.push(await leave(line.store, entry, line.now()));
  return left.filter(Boolean);
}

/** A batch that cannot be taken as a whole is sent in halves, so that one bad record is found and the rest go through. */
async function sendBatch(line, batch) {
  if (!batch.length) return undefined;
  const left = (await waitingFor(line)) - batch.filter((entry) => !entry.received_at).length; // once these are taken
  const patience = patienceFor(batch.reduce((sum, entry) => sum + sizeOf(entry), 0), await paceOf(line.store));
  const answer = await withToken(line, (token) => line.office.sendRecords(batch.map(asSent), token, left, patience));
  if (answer.status === 200 && Array.isArray(answer.body.results)) return takeResults(line, batch, answer.body);
  if (!UNREADABLE.has(answer.status)) return postpone(line, batch);
  if (batch.length > 1) {
    const half = Math.ceil(batch.length / 2);
    await sendBatch(line, batch.slice(0, half));
    return sendBatch(line, batch.slice(half));
  }
  const code = answer.body.code ?? `${answer.status}`;
  const errors = [{ path: "", code, message: answer.body.detail ?? "" }];
  return write(line, batch[0], (row) => answered(row, { outcome: "rejected", errors }, line.now()));
}

const sizeOf = (entry) => JSON.stringify(asSent(entry)).length;

const asSent = ({ v, kind, id, base_sha256, body }) => ({ v, kind, id, base_sha256, body });

async function takeResults(line, batch, { results, epoch, receipts }) {
  await faster(line.store);
  const unread = [...results];
  for (const entry of batch) {
    const place = unread.findIndex((each) => each?.id === entry.id);
    const result = place < 0 ? null : unread.splice(place, 1)[0];
    for (const id of result?.missing ?? []) await sendOnceMore(line, id); // before it counts as received
    await write(line, entry, (row) => answered(row, result, line.now()));
  }
  if (results.some((each) => each?.received_at)) await line.store.write([{ in: "meta", put: { name: sentName(line.user), at: new Date(line.now()).toISOString() } }]);
  if (epoch !== undefined && receipts !== undefined) await offerAgain(line, { epoch, receipts });
}

/** The office has not got a file that it once confirmed: it was put back from a copy while its visit was still a draft. */
function sendOnceMore(line, id) {
  const isOurs = (row) => row?.user === line.user && row.state === "sent";
  return line.store.update("attachments", id, (row) => (isOurs(row) ? { ...row, state: "waiting" } : undefined));
}

/** The office, or what stands before it, could not take the batch: perhaps because it came too slowly, or was too much. */
async function postpone(line, batch) {
  await slower(line.store);
  for (const entry of batch) await write(line, entry, (row) => postponed(row, line.now()));
}

function write(line, entry, change) {
  return line.store.update("outbox", entry.number, (row) => (row?.sha256 === entry.sha256 ? change(row) : undefined));
}

async function attachmentsIn({ store }) {
  return new Map((await store.all("attachments")).map((each) => [each.id, each]));
}

async function settleAll(line) {
  const attachments = await attachmentsIn(line);
  const entries = await entriesOf(line.store, line.user);
  for (const entry of entries) {
    const next = (row) => following(settled(row, attachments, line.now(), line.skewMs), entries);
    if (next(entry) !== entry) await write(line, entry, next);
  }
}

/** A token that has gone stale is fetched anew, once; whoever is signed out keeps everything and signs in. */
async function withToken(line, send) {
  let answer = await asked(() => send(line.session.csrf_token));
  if (answer.status === 400 && STALE_TOKENS.has(answer.body.code)) {
    await greet(line);
    answer = await asked(() => send(line.session.csrf_token));
  }
  if (NOT_SIGNED_IN.has(answer.status)) throw new Stop("signed_out");
  return answer;
}

/** A line that breaks says nothing about what arrived. @throws {NoAnswer} */
async function asked(call) {
  try {
    return await call();
  } catch (error) {
    throw new NoAnswer(error);
  }
}
