/** How far a record has come, from all that its entry says. Pure.
 *
 * waiting        the office has not got it
 * held           it has these bytes, and somebody there has to decide
 * photos         it has the record, and not yet every photo
 * sent           it has all of it
 * photo_refused  it has the record, and will not take a photo
 * conflict       it keeps another version, and this one beside it
 * base_refused   it did not take what this was written over
 * given_back     somebody there has given it back
 * refused        it will not take it as it is
 *
 * @typedef {"waiting" | "held" | "photos" | "sent" | "photo_refused" | "conflict" | "base_refused" | "given_back" | "refused"} Phase */

const OWN = new Set(["photo_refused", "conflict", "base_refused"]);
const HAS_RECORD = new Set(["photos", "sent", "photo_refused"]);
const UNSENT = new Set(["waiting", "held"]);

/** @param {import("./outbox.js").Entry} entry @returns {Phase} */
export function phaseOf({ state, received_at: receivedAt, held_at: heldAt, problem }) {
  if (state === "sent") return "sent";
  if (state === "waiting") return receivedAt ? "photos" : heldAt ? "held" : "waiting";
  if (OWN.has(problem?.code)) return problem.code;
  return (problem?.errors ?? []).some(({ code }) => code === "returned") ? "given_back" : "refused";
}

/** The office has the record, if perhaps not every photo. */
export const hasArrived = (entry) => HAS_RECORD.has(phaseOf(entry));

/** It waits, and what it says does not count yet. */
export const isUnsent = (entry) => UNSENT.has(phaseOf(entry));
