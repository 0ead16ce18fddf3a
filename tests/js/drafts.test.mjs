import assert from "node:assert/strict";
import { test } from "node:test";

import { copyOf } from "../../pendamping/static/js/field/copy.js";
import { ChangedElsewhere, draftOf, draftsOf, drop, isAhead, keep, keepFile, noteAtOffice } from "../../pendamping/static/js/field/drafts.js";
import { entriesOf, freeze, post, reopen } from "../../pendamping/static/js/field/outbox.js";
import { memoryStore } from "./memory.mjs";
import { sha256 } from "./office.mjs";

const NOW = Date.parse("2026-04-14T00:10:00Z");
const draft = (more = {}) => ({ user: "ani", id: "v1", kind: "visit", page: "/k", fields: [["notes", "a"]], office_revision: 0, is_at_office: false, ...more });

test("a draft that another tab has written since is not overwritten", async () => {
  const store = memoryStore();
  const first = await keep(store, draft(), 0, NOW);
  await keep(store, draft({ fields: [["notes", "tab dua"]] }), first.change, NOW);

  await assert.rejects(keep(store, draft({ fields: [["notes", "tab satu"]] }), first.change, NOW), ChangedElsewhere);

  assert.deepEqual((await draftOf(store, "ani", "v1")).fields, [["notes", "tab dua"]]);
});

test("the tablet is ahead until the office has the very change that was written last", async () => {
  const store = memoryStore();
  const { change } = await keep(store, draft(), 0, NOW);
  await noteAtOffice(store, "ani", "v1", { change, revision: 4 });
  const known = await draftOf(store, "ani", "v1");
  await keep(store, draft({ office_revision: 4 }), change, NOW);

  assert.equal(isAhead(known, 4), false);
  assert.equal(isAhead(known, 0), true);
  assert.equal(isAhead(await draftOf(store, "ani", "v1"), 4), true);
  assert.equal(isAhead(undefined, 0), false);
});

test("nobody sees another person's drafts", async () => {
  const store = memoryStore();
  await keep(store, draft(), 0, NOW);

  assert.deepEqual(await draftsOf(store, "budi"), []);
  assert.equal(await draftOf(store, "budi", "v1"), undefined);
});

test("a finished visit leaves the drafts and enters the outbox in one step, and comes back to be put right", async () => {
  const store = memoryStore();
  const kept = await keep(store, draft(), 0, NOW);
  await post(store, await freeze({ user: "ani", kind: "visit", id: "v1", body: { notes: "a" }, draft: draft() }, { sha256, now: NOW }), kept.key);
  const [entry] = await entriesOf(store, "ani");

  assert.deepEqual(await draftsOf(store, "ani"), []);
  assert.equal(entry.body, '{"notes":"a"}');
  await reopen(store, { ...entry, problem: { code: "rejected", errors: [] } }, NOW);
  const [again] = await draftsOf(store, "ani");
  assert.equal(again.id, "v1");
  assert.equal(again.problem.code, "rejected");
  assert.deepEqual(await entriesOf(store, "ani"), []);
});

test("a draft that is thrown away leaves the photos that a record names", async () => {
  const store = memoryStore();
  await keep(store, draft(), 0, NOW);
  for (const id of ["own", "shared"]) await keepFile(store, { id, user: "ani", record: "v1", blob: new Blob([id]) });
  await post(store, await freeze({ user: "ani", kind: "visit", id: "v2", body: {}, attachments: ["shared"] }, { sha256, now: NOW }));

  await drop(store, "ani", "v1");

  assert.deepEqual((await store.all("blobs")).map(({ id }) => id), ["shared"]);
});

test("a copy of the queue holds records word for word and the files they name, and nobody else's", async () => {
  const store = memoryStore();
  await keepFile(store, { id: "p1", user: "ani", record: "v1", blob: new Blob(["foto"], { type: "image/jpeg" }) });
  await post(store, await freeze({ user: "ani", kind: "visit", id: "v1", body: { a: 1 }, attachments: ["p1"] }, { sha256, now: NOW }));
  await post(store, await freeze({ user: "budi", kind: "visit", id: "v2", body: {} }, { sha256, now: NOW }));

  const copy = await copyOf(store, "ani", NOW);
  const queue = JSON.parse(copy.queue);

  assert.deepEqual(queue.records.map(({ id, body }) => [id, body]), [["v1", '{"a":1}']]);
  assert.deepEqual(queue.files, [{ id: "p1", record: "v1", type: "image/jpeg", base64: btoa("foto") }]);
});
