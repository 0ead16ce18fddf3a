import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";

import { copyOf } from "../../pendamping/static/js/field/copy.js";
import { deviceOf, introductionOf, signatureOf, tabletName } from "../../pendamping/static/js/field/device.js";
import { keep, keepFile } from "../../pendamping/static/js/field/drafts.js";
import { isHandedIn, offerEverything, wipe } from "../../pendamping/static/js/field/leaving.js";
import { answered, entriesOf, freeze, post } from "../../pendamping/static/js/field/outbox.js";
import { dropPagesOf } from "../../pendamping/static/js/field/pack.js";
import { phaseOf } from "../../pendamping/static/js/field/phases.js";
import { drain } from "../../pendamping/static/js/field/sync.js";
import { memoryStore } from "./memory.mjs";
import { Office, sha256 } from "./office.mjs";

const NOW = Date.parse("2026-04-14T00:10:00Z");
const SAID = { outcome: "later", received_at: "2026-04-14T00:10:01Z", errors: [{ path: "", code: "in_quarantine", message: "Menunggu dinas." }] };

async function tabletWith(...ids) {
  const store = memoryStore();
  for (const id of ids) await post(store, await freeze({ user: "ani", kind: "visit", id, body: { notes: id } }, { sha256, now: NOW }));
  return store;
}

test("what the agency has yet to decide is safe, but neither sent nor asked for all the time", async () => {
  const entry = await freeze({ user: "ani", kind: "visit", id: "a", body: {} }, { sha256, now: NOW });

  const held = answered(entry, { ...SAID, sha256: entry.sha256 }, NOW);
  const other = answered(entry, { ...SAID, sha256: "0".repeat(64) }, NOW);

  assert.deepEqual([held.state, held.held_at, held.held_words, held.next_at - NOW], ["waiting", SAID.received_at, "Menunggu dinas.", 3_600_000]);
  assert.equal(other.held_at, undefined);
});

test("a tablet has one key, signs with it, and gives only the public half away", async () => {
  const store = { ...memoryStore() };
  const rows = new Map();
  store.get = async (_, key) => rows.get(key);
  store.update = async (_, key, change) => rows.set(key, change(rows.get(key))).get(key);

  const device = await deviceOf(store, "ani", webcrypto.subtle);
  const signature = await signatureOf(device, "isi", webcrypto.subtle);
  const said = await introductionOf(device, tabletName({ userAgent: "Android Chrome" }), webcrypto.subtle);

  const bytes = Uint8Array.from(atob(signature), (each) => each.charCodeAt(0));
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  assert.equal(await webcrypto.subtle.verify(algorithm, device.keys.publicKey, bytes, new TextEncoder().encode("isi")), true);
  assert.equal((await deviceOf(store, "ani", webcrypto.subtle)).id, device.id);
  assert.deepEqual([said.name, device.keys.privateKey.extractable], ["Android · Chrome", false]);
  await assert.rejects(webcrypto.subtle.exportKey("pkcs8", device.keys.privateKey));
});

test("without a secure page a copy is written all the same, unsigned", async () => {
  const store = await tabletWith("a");
  await store.write([{ in: "meta", put: { name: "device ani", id: "d", keys: null } }]);

  const copy = await copyOf(store, "ani", NOW);

  assert.deepEqual([copy.version, copy.device, copy.signature], [2, "d", null]);
  assert.deepEqual(JSON.parse(copy.queue).records.map(({ id }) => id), ["a"]);
});

test("whoever has left hands in everything, also what was to be put right, and only then is the tablet emptied", async () => {
  const store = await tabletWith("a", "b", "c");
  await store.write([{ in: "meta", put: { name: "device ani", id: "d", keys: null } }]);
  await keepFile(store, { id: "photo", user: "budi", record: "x", blob: new Blob(["x"]) });
  const [, , third] = await entriesOf(store, "ani");
  await store.update("outbox", third.number, (row) => ({ ...row, state: "needs_attention", problem: { code: "rejected", errors: [] } }));
  const office = new Office();
  const session = office.session.bind(office);
  office.session = async () => {
    const answer = await session();
    return { ...answer, body: { ...answer.body, leaving: { why: "account_closed", until: "2026-06-13T00:00:00Z", then: "wipe" } } };
  };
  office.answers = { a: SAID, b: SAID };

  assert.equal(await isHandedIn(store, "ani"), false);
  await drain({ store, office, user: "ani", now: () => NOW });
  office.answers.c = { outcome: "rejected", errors: [{ path: "", code: "returned", message: "Bukan." }] };
  assert.equal(await isHandedIn(store, "ani"), true);
  await wipe(store, "ani");

  assert.deepEqual([await entriesOf(store, "ani"), await store.all("drafts")], [[], []]);
  assert.equal((await store.all("attachments")).length, 1); // somebody else's stays
  await offerEverything(store, "ani");
});

/** An office at which this person has left. */
function officeOfALeaver(answers) {
  const office = Object.assign(new Office(), { answers });
  const session = office.session.bind(office);
  office.session = async () => {
    const answer = await session();
    return { ...answer, body: { ...answer.body, leaving: { why: "account_closed", until: "2026-06-13T00:00:00Z", then: "wipe" } } };
  };
  return office;
}

test("a photo that the office will never take, or that another tablet holds, keeps no leaver's tablet from being emptied", async () => {
  const store = memoryStore();
  const visit = async (id, photos) => post(store, await freeze({ user: "ani", kind: "visit", id, body: { photos }, attachments: photos }, { sha256, now: NOW }));
  await visit("a", ["refused"]);
  await visit("b", ["elsewhere"]);
  await keepFile(store, { id: "refused", user: "ani", record: "a", blob: new Blob(["x"]) });
  const office = officeOfALeaver({ refused: { status: 415, body: { code: "not_a_picture" } } });

  await drain({ store, office, user: "ani", now: () => NOW });
  const first = await isHandedIn(store, "ani");
  await drain({ store, office, user: "ani", now: () => NOW });

  assert.deepEqual([first, await isHandedIn(store, "ani")], [true, true]);
});

test("a leaver's photo that waits keeps the tablet as it is, that of a draft goes with the draft", async () => {
  const store = memoryStore();
  await post(store, await freeze({ user: "ani", kind: "visit", id: "a", body: {}, attachments: ["raw"] }, { sha256, now: NOW }));
  await keepFile(store, { id: "raw", user: "ani", record: "a", blob: new Blob(["x"]), state: "raw" });
  await keep(store, { user: "ani", id: "d", kind: "visit", page: "/k", fields: [["photos", "begun"]] }, 0, NOW);
  await keepFile(store, { id: "begun", user: "ani", record: "d", blob: new Blob(["x"]), state: "raw" });
  const office = officeOfALeaver({ a: SAID, raw: { status: 503, body: {} } });

  await drain({ store, office, user: "ani", now: () => NOW });
  const during = await isHandedIn(store, "ani");
  office.answers = { a: SAID };
  await drain({ store, office, user: "ani", now: () => NOW, isAsked: true });

  assert.deepEqual([during, await isHandedIn(store, "ani"), [...office.files.keys()]], [false, true, ["raw"]]);
});

test("what a leaver wrote over a record that is gone is handed in too", async () => {
  const store = memoryStore();
  const entry = await freeze({ user: "ani", kind: "schedule", id: "p", base_sha256: "b".repeat(64), body: {} }, { sha256, now: NOW });
  await post(store, { ...entry, state: "needs_attention", lacks_base: true, problem: { code: "base_refused", errors: [] } });
  const office = officeOfALeaver({ p: SAID });

  await drain({ store, office, user: "ani", now: () => NOW });

  assert.equal(await isHandedIn(store, "ani"), true);
});

test("how far a record has come is said by all of its entry together", () => {
  const phase = (more) => phaseOf({ state: "waiting", received_at: null, problem: null, ...more });
  const stopped = (code, errors = []) => phase({ state: "needs_attention", problem: { code, errors }, held_at: "x" });

  assert.deepEqual([phase({}), phase({ held_at: "x" }), phase({ held_at: "x", received_at: "y" }), phase({ state: "sent", received_at: "y" })], ["waiting", "held", "photos", "sent"]);
  assert.deepEqual(["photo_refused", "conflict", "base_refused", "rejected", "other_bytes"].map((code) => stopped(code)), ["photo_refused", "conflict", "base_refused", "refused", "refused"]);
  assert.deepEqual([stopped("rejected", [{ code: "returned" }]), phase({ state: "needs_attention" })], ["given_back", "refused"]);
});

test("of a tablet that two people use only the leaver's pages go", async () => {
  const names = new Set(["pages-ani", "pins-ani", "pages-budi", "pins-budi", "static-b1"]);

  await dropPagesOf("ani", { delete: async (name) => names.delete(name) });

  assert.deepEqual([...names], ["pages-budi", "pins-budi", "static-b1"]);
});

test("the office is told once which tablet this is; one that was revoked goes on to hand in", async () => {
  const store = memoryStore();
  await store.write([{ in: "meta", put: { name: "device ani", id: "d", keys: null } }]);
  const office = new Office();
  const told = [];
  office.registerDevice = async (...said) => {
    told.push(said);
    if (told.length > 1) return { status: 403, body: { code: "device_revoked" } };
    office.device = said[0];
    return { status: 201, body: {} };
  };

  const first = await drain({ store, office, user: "ani", now: () => NOW });
  office.device = null; // somebody has signed in anew
  await drain({ store, office, user: "ani", now: () => NOW });

  assert.equal(first.session.device, "d");
  assert.deepEqual([told[0][0], told[0][2], office.calls.filter((call) => call === "session").length], ["d", "t1", 4]);
});
