/** The office's door as the tablet sees it. Every call answers `{status, body}`; no answer at all is an exception. */

import { contentDigest } from "./ids.js";

const PATIENCE_MS = 60_000;
const WAITING = "X-Pendamping-Waiting";

/** @param {typeof fetch} fetch */
export function officeOver(fetch) {
  async function ask(address, options = {}) {
    const answer = await fetch(address, {
      credentials: "same-origin",
      cache: "no-store",
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...options,
    });
    const isJson = (answer.headers.get("Content-Type") ?? "").includes("json");
    return { status: answer.status, body: isJson ? await answer.json() : {} };
  }

  return {
    /** @param {number} [waiting] how many records this person's tablet holds that the office has not got */
    session: (waiting) => ask("/api/v1/session", waiting === undefined ? {} : { headers: { [WAITING]: String(waiting) } }),
    registerDevice: (id, said, token) =>
      ask(`/api/v1/devices/${id}`, {
        method: "PUT",
        headers: { "Content-Type": "application/json", "X-CSRF-Token": token, "X-CSRFToken": token },
        body: JSON.stringify(said),
      }),
    sendRecords: (records, token, waiting) =>
      ask("/api/v1/records", {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRF-Token": token, "X-CSRFToken": token, [WAITING]: String(waiting) },
        body: JSON.stringify({ records }),
      }),
    comparison: (id) => ask(`/api/v1/records/${id}/comparison`),
    async sendAttachment(id, blob, token) {
      const headers = { "X-CSRF-Token": token, "X-CSRFToken": token, "Content-Type": blob.type || "application/octet-stream" };
      const digest = await contentDigest(blob);
      if (digest) headers["Content-Digest"] = digest;
      return ask(`/api/v1/attachments/${id}`, { method: "PUT", headers, body: blob });
    },
  };
}
