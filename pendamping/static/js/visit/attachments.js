/** Sends one file apart from the form; the server answers what it made of it. */

import { contentDigest } from "../field/ids.js";
import { REFUSALS, isReceiptFor } from "../field/sync.js";
import { withToken } from "../field/token.js";

/** A refusal by the server, with the sentence it gives for it. */
export class Refused extends Error {}

/** @param {Blob} blob @param {HTMLFormElement} form whose token goes along
 * @returns {Promise<string>} the id under which the file is stored
 * @throws {Refused} the file is not taken; any other error: no answer came, try again with the same id */
export async function send(blob, id, form) {
  const digest = await contentDigest(blob);
  const answer = await withToken(form, (token) => {
    const headers = { "X-CSRFToken": token, "Content-Type": blob.type || "application/octet-stream" };
    if (digest) headers["Content-Digest"] = digest;
    return fetch(`/api/v1/attachments/${id}`, { method: "PUT", headers, body: blob });
  });
  const body = await answer.json().catch(() => ({}));
  if (isReceiptFor(id, blob.size, { status: answer.status, body })) return id;
  if (!REFUSALS.has(answer.status)) throw new Error(`${answer.status}`);
  throw new Refused(body.detail ?? `${answer.status}`);
}
