/** What the line to the office carries, as this tablet has found it: how much goes out at once, and how long an answer is waited for.
 * A thin line is learned from what got no answer; it is trusted again step by step. Bytes a second; the tablet's, whoever is at it. */

const NAME = "pace";
const FASTEST = 8_000;
const SLOWEST = 25;
const GROWTH = 1.25;
const BATCH_S = 12;
const BATCH = 50;
const PATIENCE_MS = 60_000;
const LONGEST_PATIENCE_MS = 900_000;
/** Slower than that nothing is waited for. */
const WAITED_FOR = 1_000;

export async function paceOf(store) {
  return (await store.get("meta", NAME))?.bytes_per_s ?? FASTEST;
}

/** Nothing came back. */
export const slower = (store) => changed(store, (pace) => Math.max(pace / 2, SLOWEST));

/** An answer came. */
export const faster = (store) => changed(store, (pace) => Math.min(pace * GROWTH, FASTEST));

function changed(store, change) {
  return store.update("meta", NAME, (row) => ({ name: NAME, bytes_per_s: change(row?.bytes_per_s ?? FASTEST) }));
}

/** How long an answer to so many bytes is waited for. */
export function patienceFor(bytes, pace) {
  return Math.min(PATIENCE_MS + (1000 * bytes) / Math.max(pace, WAITED_FOR), LONGEST_PATIENCE_MS);
}

/** What goes out next of what is due: in order, no more than the line carries in a moment. What broke it by itself goes last, and alone.
 * @template {{breaks?: number}} Due @param {Due[]} due @param {(each: Due) => number} sizeOf in bytes
 * @returns {Due[]} */
export function nextOf(due, pace, sizeOf) {
  const batch = [];
  let bytes = 0;
  for (const each of lastWhatBroke(due)) {
    bytes += sizeOf(each);
    const isFull = batch.length === BATCH || bytes > pace * BATCH_S || each.breaks || batch[0]?.breaks;
    if (batch.length && isFull) break;
    batch.push(each);
  }
  return batch;
}

export function lastWhatBroke(rows) {
  return [...rows].sort((one, other) => (one.breaks ?? 0) - (other.breaks ?? 0));
}
