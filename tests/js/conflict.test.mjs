import assert from "node:assert/strict";
import { test } from "node:test";

import { replace } from "../../pendamping/static/js/field/decide.js";
import { recordBeside, recordsThatWin } from "../../pendamping/static/js/field/conflict.js";
import { memoryStore } from "./memory.mjs";

const BODY = {
  cooperative: "64.71.03.1006",
  started: null,
  notes: "Punya saya",
  answers: { "KL-01": { value: "no", proof: "diamati", note: "", photos: ["p1"] } },
  actions: [{ id: "a1", item: null, title: "Rapat", owner_role: "pengurus", due_on: "2026-05-01" }],
};
const VISIT = { user: "ani", kind: "visit", id: "v1", cooperative: BODY.cooperative, title: "Graha", page: "/f", body: JSON.stringify(BODY), attachments: ["p1"], draft: { id: "v1", fields: [] } };
const row = (...names) => ({ names, label: "", mine: "", office: "", can_win: true });
const FOUND = { kind: "visit", about: "v1", base_sha256: "b".repeat(64), written_over: null, rows: [], actions: BODY.actions };

test("what wins of a visit is a correction over the office's very version, and actions follow by themselves", () => {
  const [correction, action] = recordsThatWin(VISIT, FOUND, [row("notes"), row("started"), row("answers.KL-01"), row("actions")], "Dipilih.");

  assert.deepEqual(correction.body, { visit: "v1", reason: "Dipilih.", notes: "Punya saya", started: "", answers: { "KL-01": { value: "no", proof: "diamati", note: "" } } });
  assert.deepEqual([correction.kind, correction.base_sha256, correction.about], ["correction", FOUND.base_sha256, "v1"]);
  assert.notEqual(correction.id, "v1");
  assert.deepEqual(correction.draft.fields.find(([name]) => name === "answers-KL-01-value"), ["answers-KL-01-value", "no"]);
  assert.deepEqual([action.kind, action.id, action.body.visit, action.body.title], ["action", "a1", "v1", "Rapat"]);
});

test("where nothing of mine is chosen nothing is sent", () => {
  assert.deepEqual(recordsThatWin(VISIT, FOUND, [], "Dipilih."), []);
});

test("a correction that met another keeps its own reason", () => {
  const entry = { ...VISIT, kind: "correction", id: "c1", body: JSON.stringify({ visit: "v1", reason: "Terlupa.", notes: "Saya" }) };

  const [again, ...others] = recordsThatWin(entry, { ...FOUND, kind: "correction", actions: [] }, [row("notes")], "Dipilih.");

  assert.deepEqual([again.body, others], [{ visit: "v1", reason: "Terlupa.", notes: "Saya" }, []]);
});

test("a plan of mine goes over the office's, and what was not chosen stays the office's", () => {
  const stands = { cooperative: "64", planned_on: "2026-04-20", starts: null, mode: "tatap_muka", agenda: "Kantor" };
  const written_over = JSON.stringify(stands);
  const entry = { ...VISIT, kind: "schedule", id: "p1", body: JSON.stringify({ ...stands, planned_on: "2026-04-22", agenda: "Saya", moved_because: "Rapat", written_over: "old" }) };
  const found = { kind: "schedule", about: "p1", base_sha256: "c".repeat(64), written_over, rows: [], actions: [] };

  const [plan] = recordsThatWin(entry, found, [row("planned_on", "starts", "moved_because")], "");

  assert.deepEqual(plan.body, { ...stands, planned_on: "2026-04-22", moved_because: "Rapat", written_over });
  assert.deepEqual([plan.id, plan.base_sha256], ["p1", found.base_sha256]);
});

test("kept beside, it is a thing of its own in all its parts", () => {
  const beside = recordBeside(VISIT);

  assert.notEqual(beside.id, "v1");
  assert.notEqual(beside.body.actions[0].id, "a1");
  assert.deepEqual([beside.base_sha256, beside.attachments, beside.body.notes], [null, ["p1"], "Punya saya"]);
  assert.deepEqual([beside.body.beside, beside.draft.beside, beside.draft.id], ["v1", "v1", beside.id]);
});

test("a plan kept beside is a new one, to be put right on the page of new ones, and no version of the other", () => {
  const body = { cooperative: "64", planned_on: "2026-04-22", starts: "10:00", mode: "tatap_muka", agenda: "Saya", moved_because: "Rapat", written_over: "old" };
  const draft = { id: "d1", record_id: "p1", part: "move", base: "b", over: "old", page: "/jadwal/p1", fields: [["to_on", "2026-04-22"]] };
  const entry = { ...VISIT, kind: "schedule", id: "p1", about: "p1", part: "move", page: "/jadwal/p1", attachments: [], body: JSON.stringify(body), draft };

  const plan = recordBeside(entry);

  assert.deepEqual(plan.body, { cooperative: "64", planned_on: "2026-04-22", starts: "10:00", mode: "tatap_muka", agenda: "Saya", beside: "p1" });
  assert.deepEqual([plan.about, plan.part, plan.page, plan.draft.page, plan.draft.base, plan.draft.record_id], [undefined, "", "/jadwal/baru", "/jadwal/baru", null, plan.id]);
  assert.deepEqual(plan.draft.fields.find(([name]) => name === "planned_on"), ["planned_on", "2026-04-22"]);
});

test("an action kept beside names no hours", () => {
  const entry = { ...VISIT, kind: "action", id: "a1", about: "v1", attachments: [], body: JSON.stringify({ title: "Rapat" }) };

  assert.deepEqual([recordBeside(entry).body, recordBeside(entry).about], [{ title: "Rapat" }, "v1"]);
});

test("two tabs that decide about one record decide once", async () => {
  const store = memoryStore();
  await store.write([{ in: "outbox", put: { ...VISIT, sha256: "s", state: "needs_attention" } }]);
  const [entry] = await store.all("outbox");

  const written = await Promise.all([replace(store, entry, [recordBeside(entry)]), replace(store, entry, [recordBeside(entry)])]);

  assert.deepEqual(written, [true, false]);
  assert.deepEqual((await store.all("outbox")).map(({ state, body }) => [state, JSON.parse(body).beside]), [["waiting", "v1"]]);
});
