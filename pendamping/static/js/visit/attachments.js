/** Sends one file apart from the form; the server answers what it made of it. */

const DIGEST = "SHA-256";

/** A refusal by the server, with the sentence it gives for it. */
export class Refused extends Error {}

/** @param {Blob} blob @param {string} token the form's
 * @returns {Promise<string>} the id under which the file is stored
 * @throws {Refused} the file is not taken; any other error: no answer came, try again with the same id */
export async function send(blob, id, token) {
  const headers = { "X-CSRFToken": token, "Content-Type": blob.type || "application/octet-stream" };
  const digest = await digestOf(blob);
  if (digest) headers["Content-Digest"] = `sha-256=:${digest}:`;
  const answer = await fetch(`/api/v1/attachments/${id}`, { method: "PUT", headers, body: blob });
  if (answer.ok) return id;
  if (answer.status >= 500) throw new Error(`${answer.status}`);
  const problem = await answer.json().catch(() => ({}));
  throw new Refused(problem.detail ?? `${answer.status}`);
}

/** Ids need no https: pages of an office without a certificate lack `crypto.randomUUID`. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

async function digestOf(blob) {
  if (!crypto.subtle) return null;
  const digest = new Uint8Array(await crypto.subtle.digest(DIGEST, await blob.arrayBuffer()));
  return btoa(String.fromCharCode(...digest));
}
