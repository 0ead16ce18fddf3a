/** The office's door as the tablet sees it. Every call answers `{status, body}`; no answer at all is an exception. */

import { contentDigest } from "./ids.js";

const PATIENCE_MS = 60_000;
const WAITING = "X-Pendamping-Waiting";

/** @param {typeof fetch} fetch */
export function officeOver(fetch) {
  async function ask(address, options = {}, patienceMs = PATIENCE_MS) {
    const answer = await fetch(address, {
      credentials: "same-origin",
      cache: "no-store",
      redirect: "manual",
      signal: AbortSignal.timeout(patienceMs),
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
    /** @param {number} [patienceMs] how long an answer is waited for */
    sendRecords(records, token, waiting, patienceMs) {
      const headers = { "Content-Type": "application/json", "X-CSRF-Token": token, "X-CSRFToken": token, [WAITING]: String(waiting) };
      return ask("/api/v1/records", { method: "POST", headers, body: JSON.stringify({ records }) }, patienceMs);
    },
    comparison: (id, sha256) => ask(`/api/v1/records/${id}/comparison?sha256=${sha256}`),
    async sendAttachment(id, blob, token, patienceMs) {
      const headers = { "X-CSRF-Token": token, "X-CSRFToken": token, "Content-Type": blob.type || "application/octet-stream" };
      const digest = await contentDigest(blob);
      if (digest) headers["Content-Digest"] = digest;
      return ask(`/api/v1/attachments/${id}`, { method: "PUT", headers, body: blob }, patienceMs);
    },
  };
}
