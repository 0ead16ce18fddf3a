/** An office for tests: takes records as the server does, and can be told to fail at any point of the way. */

import { createHash } from "node:crypto";

export const sha256 = async (text) => createHash("sha256").update(text).digest("hex");

export class Office {
  stored = new Map();
  files = new Map();
  calls = [];
  user = "ani";
  token = "t1";
  epoch = "e1";
  answers = {};
  faults = [];
  told = [];
  clock = () => Date.parse("2026-04-14T00:00:00Z");
  /** The tablet of the session, once it is registered; of which alone the office then counts. */
  device = null;
  /** Hashes of versions that the office knows; null: every one. */
  versions = null;
  /** How many records of the person came from other tablets. */
  elsewhere = 0;

  /** The next call named so breaks: before it arrives, or after it was taken in. */
  breakLine(call, when) {
    this.faults.push({ call, when });
  }

  async session(waiting) {
    this.told.push(waiting);
    return this.#over("session", () => ({
      status: this.user ? 200 : 401,
      body: { user: this.user, csrf_token: this.token, server_time: new Date(this.clock()).toISOString(), epoch: this.epoch, receipts: this.#receipts, device: this.device },
    }));
  }

  async sendRecords(records, token, waiting) {
    this.told.push(waiting);
    return this.#over("records", async () => {
      const refusal = this.#refusal(token);
      if (refusal) return refusal;
      if (this.tooMany && records.length > this.tooMany) return { status: 413, body: { code: "body_too_large" } };
      const results = [];
      for (const record of records) results.push(await this.#take(record));
      return { status: 200, body: { results, epoch: this.epoch, receipts: this.#receipts } };
    });
  }

  async sendAttachment(id, blob, token) {
    return this.#over("attachment", async () => {
      const refusal = this.#refusal(token);
      if (refusal) return refusal;
      if (this.answers[id]) return this.answers[id];
      this.files.set(id, blob);
      return { status: 201, body: { id, byte_size: blob.size } };
    });
  }

  get #receipts() {
    return this.stored.size + (this.device ? 0 : this.elsewhere);
  }

  #refusal(token) {
    if (!this.user) return { status: 401, body: { code: "not_signed_in" } };
    return token === this.token ? null : { status: 400, body: { code: "bad_csrf" } };
  }

  async #take({ id, body, base_sha256: base }) {
    const told = this.answers[id] ?? this.#lacksBase(base);
    if (told) return { id, sha256: await sha256(body), received_at: null, errors: [], ...told };
    const known = this.stored.get(id);
    const outcome = known === undefined ? "created" : known === body ? "duplicate" : "conflict";
    if (outcome === "created") this.stored.set(id, body);
    if (outcome === "created") this.versions?.add(await sha256(body));
    return { id, outcome, sha256: await sha256(body), received_at: new Date(this.clock()).toISOString(), revision: 1, errors: [], missing: this.#missing(body) };
  }

  /** Where the test says which versions the office knows. */
  #lacksBase(base) {
    const isMissing = base && this.versions && !this.versions.has(base);
    return isMissing ? { outcome: "later", errors: [{ path: "", code: "base_missing", message: "Menunggu." }] } : undefined;
  }

  #missing(body) {
    return (JSON.parse(body).photos ?? []).filter((id) => !this.files.has(id));
  }

  async #over(call, work) {
    this.calls.push(call);
    const place = this.faults.findIndex((fault) => fault.call === call);
    const fault = place < 0 ? null : this.faults.splice(place, 1)[0];
    if (fault?.when === "before") throw new TypeError("no network");
    const answer = await work();
    if (fault?.when === "after") throw new TypeError("the line broke");
    return answer;
  }
}
