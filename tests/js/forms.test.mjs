import assert from "node:assert/strict";
import { test } from "node:test";

import { BODIES } from "../../pendamping/static/js/field/bodies.js";
import { freeze } from "../../pendamping/static/js/field/outbox.js";
import { flatten, nest } from "../../pendamping/static/js/field/nested.js";
import { sha256 } from "./office.mjs";

globalThis.document = { documentElement: { lang: "en", dataset: {} }, body: { dataset: {} } }; // of the page, read when the module is loaded
const { draftFor, keptWhen, newerThanPage } = await import("../../pendamping/static/js/field/record_form.js");

const newId = () => "made-here";
const VISIT = [
  ["id", "v1"],
  ["visited_on", "2026-04-14"],
  ["started", "09:30"],
  ["ended", ""],
  ["mode", "tatap_muka"],
  ["purposes", "pemeriksaan"],
  ["people_met-0-name", "Siti Aminah"],
  ["people_met-0-role", "Bendahara"],
  ["people_met-4-name", "Rusdi"],
  ["place-lat", "-1.2401"],
  ["place-lon", "116.8702"],
  ["place-accuracy_m", "14"],
  ["instruments-KL", "abc"],
  ["answers-KL-01-value", "no"],
  ["answers-KL-01-proof", "dokumen_dilihat"],
  ["answers-KL-01-photo", "p2"],
  ["answers-KL-02-proof", "klaim"],
  ["answers-KL-09-value", ""],
  ["answers-KL-09-value", "not_done"],
  ["actions-3-item", "KL-01"],
  ["actions-3-title", "Urus NPWP"],
  ["actions-3-owner_role", "ketua"],
  ["actions-3-due_on", "2026-04-28"],
  ["actions-3-agreed", "y"],
  ["actions-4-item", "KL-02"],
  ["actions-4-title", "Tidak disepakati"],
  ["actions-10-title", "Rapat"],
  ["actions-10-owner_role", "pengurus"],
  ["actions-10-due_on", "2026-05-14"],
  ["photos", "p1"],
  ["signature", "s1"],
  ["signed_by", "Siti Aminah"],
];

test("when a draft was kept is said as people here write English", () => {
  assert.equal(keptWhen("2026-04-14T00:10:00Z"), "14 Apr 2026, 08:10");
});

test("names are paths, and what has a name of its own may hold dashes", () => {
  const nested = nest([["answers-KL-01-value", "yes"], ["place-lat", "1"], ["people_met-10-name", "B"], ["people_met-9-name", "A"], ["purposes", "x"]], ["purposes"]);

  assert.deepEqual(nested, { answers: { "KL-01": { value: "yes" } }, place: { lat: "1" }, people_met: [{ name: "A" }, { name: "B" }], purposes: ["x"] });
});

test("flattening what was nested gives the fields back", () => {
  const pairs = [["a", "1"], ["list", "x"], ["list", "y"], ["answers-KL-01-value", "yes"], ["rows-0-name", "A"], ["rows-1-name", "B"]];

  assert.deepEqual(flatten(nest(pairs, ["list"])), pairs);
  assert.deepEqual(flatten({ nothing: null, some: { thing: 3 } }), [["some-thing", "3"]]);
});

test("a visit's body has the shape of the wire", () => {
  const { body, attachments } = BODIES.visit(VISIT, { cooperative: "64.71.03.1006", newId });

  assert.deepEqual(body, {
    cooperative: "64.71.03.1006",
    visited_on: "2026-04-14",
    started: "09:30",
    ended: null,
    mode: "tatap_muka",
    purposes: ["pemeriksaan"],
    people_met: [{ name: "Siti Aminah", role: "Bendahara" }, { name: "Rusdi", role: "" }],
    notes: "",
    place: { lat: -1.2401, lon: 116.8702, accuracy_m: 14 },
    written_at: null,
    instruments: { KL: "abc" },
    answers: {
      "KL-01": { value: "no", proof: "dokumen_dilihat", note: "", photos: ["p2"] },
      "KL-09": { value: "not_done", proof: "", note: "" },
    },
    actions: [
      { id: "made-here", item: "KL-01", title: "Urus NPWP", owner_role: "ketua", due_on: "2026-04-28" },
      { id: "made-here", item: null, title: "Rapat", owner_role: "pengurus", due_on: "2026-05-14" },
    ],
    photos: ["p1"],
    signature: "s1",
    signed_by: "Siti Aminah",
  });
  assert.deepEqual(attachments, ["p1", "p2", "s1"]);
});

test("a finding that comes to another action says so, an action of one's own never", () => {
  const joins = [["actions-3-joins", "a1"], ["actions-4-agreed", "y"], ["actions-4-joins", ""], ["actions-10-joins", "a1"]];
  const { actions } = BODIES.visit([...VISIT, ...joins], { cooperative: "x", newId }).body;

  assert.deepEqual(actions.map(({ item, joins: other }) => [item, other]), [["KL-01", "a1"], ["KL-02", undefined], [null, undefined]]);
});

test("half a place is none", () => {
  assert.equal(BODIES.visit([["place-lat", "1"]], { cooperative: "x", newId }).body.place, null);
});

test("a plan's body", () => {
  const { body } = BODIES.schedule([["cooperative", "64.71.03.1006"], ["planned_on", "2026-04-20"], ["starts", ""], ["mode", "tatap_muka"], ["agenda", "Buku kas"]], { newId });

  assert.deepEqual(body, { cooperative: "64.71.03.1006", planned_on: "2026-04-20", starts: null, mode: "tatap_muka", agenda: "Buku kas" });
});

test("a correction names its visit and says everything that its form says", () => {
  const pairs = [["visited_on", "2026-04-14"], ["purposes", "pelatihan"], ["answers-KL-01-value", "no"], ["answers-KL-01-photo", "p2"], ["reason", "Terlupa."], ["notes", ""]];

  const { body, attachments } = BODIES.correction(pairs, { visit: "v1", newId });

  assert.deepEqual(body, { visit: "v1", visited_on: "2026-04-14", purposes: ["pelatihan"], answers: { "KL-01": { value: "no", photo: ["p2"] } }, reason: "Terlupa." });
  assert.deepEqual(attachments, []);
});

const SHOWN = { cooperative: "64.71.03.1006", planned_on: "2026-04-20", starts: "09:30", mode: "tatap_muka", agenda: "Buku kas" };

test("a plan that is moved keeps what the form does not speak of, and brings along what its page showed", () => {
  const text = JSON.stringify(SHOWN);
  const about = { newId, over: SHOWN, writtenOver: text };

  const moved = BODIES.schedule([["to_on", "2026-04-22"], ["to_starts", ""], ["reason", "Rapat dinas"]], about).body;
  const cancelled = BODIES.schedule([["because", "Pengurus berhalangan"]], about).body;

  assert.deepEqual(moved, { ...SHOWN, planned_on: "2026-04-22", starts: null, moved_because: "Rapat dinas", written_over: text });
  assert.deepEqual(cancelled, { ...SHOWN, cancelled_because: "Pengurus berhalangan", written_over: text });
});

test("a change over one that still waits goes on from it, without its reason", () => {
  const waiting = { ...SHOWN, planned_on: "2026-04-22", moved_because: "Rapat", written_over: "..." };

  const { body } = BODIES.schedule([["agenda", ""]], { newId, over: waiting });

  assert.deepEqual(body, { ...SHOWN, planned_on: "2026-04-22", agenda: "" });
});

test("an action apart from a visit, and how one goes", () => {
  const action = BODIES.action([["id", "a1"], ["title", "Urus NPWP"], ["owner_role", "ketua"], ["due_on", "2026-05-01"], ["items", "KL-02"], ["done_when", ""], ["agreed", "y"]], { cooperative: "64.71.03.1006", newId });
  const update = BODIES.action_update([["id", "u1"], ["status", "berjalan"], ["note", "Berkas diserahkan"]], { action: "a1", newId });
  const moved = BODIES.action_update([["action", "a1"], ["due_on", "2026-05-09"], ["reason", "Notaris cuti"]], { newId });

  assert.deepEqual(action.body, { cooperative: "64.71.03.1006", visit: null, title: "Urus NPWP", owner_role: "ketua", due_on: "2026-05-01", items: ["KL-02"], agreed: "y" });
  assert.deepEqual(moved.body, { action: "a1", due_on: "2026-05-09", reason: "Notaris cuti" });
  assert.deepEqual(update.body, { action: "a1", status: "berjalan", note: "Berkas diserahkan" });
});

test("the newest record that the page does not know yet is what a form is written over", () => {
  const entry = (number, more) => ({ number, kind: "schedule", about: "p1", state: "waiting", received_at: null, ...more });
  const form = { kind: "schedule", about: "p1", keptAt: "2026-04-14T08:00:00Z" };
  const sentBefore = entry(1, { state: "sent", received_at: "x", sent_at: "2026-04-14T07:00:00Z" });
  const sentSince = entry(2, { state: "sent", received_at: "x", sent_at: "2026-04-14T09:00:00Z" });

  assert.equal(newerThanPage([sentBefore], form), undefined);
  assert.equal(newerThanPage([sentBefore, sentSince], form).number, 2);
  assert.equal(newerThanPage([sentSince], { ...form, keptAt: null }), undefined);
  assert.equal(newerThanPage([sentSince, entry(3)], form).number, 3);
  assert.equal(newerThanPage([entry(4, { state: "needs_attention" }), entry(5, { about: "p2" })], form), undefined);
  assert.equal(newerThanPage([entry(6, { kind: "action_update" })], { ...form, kind: "action_update" }), undefined);
});

test("a form is not written over what was written over a refused record", () => {
  const entry = (number, more) => ({ number, kind: "schedule", about: "p1", state: "waiting", received_at: null, sha256: `h${number}`, base_sha256: `h${number - 1}`, ...more });
  const form = { kind: "schedule", about: "p1", keptAt: null };
  const refused = entry(1, { state: "needs_attention" });

  assert.equal(newerThanPage([refused, entry(2), entry(3)], form), undefined);
  assert.equal(newerThanPage([entry(1), entry(2)], form).number, 2);
  assert.equal(newerThanPage([{ ...refused, received_at: "x" }, entry(2)], form).number, 2); // it is only a photo that was refused
  assert.equal(newerThanPage([entry(1), entry(2, { sha256: "same" }), entry(3, { base_sha256: "same", sha256: "h1" })], form).number, 3);
});

test("a form finds the draft that its address names, else the newest of its own", () => {
  const draft = (id, more) => ({ id, page: "/jadwal/p1", kind: "schedule", part: "move", ...more });
  const drafts = [draft("d3", { part: "cancel" }), draft("d2"), draft("d1"), draft("d0", { page: "/jadwal/p2" })];
  const at = (address) => draftFor(drafts, { page: "/jadwal/p1", kind: "schedule", part: "move", address: new URLSearchParams(address) })?.id;

  assert.equal(at(""), "d2");
  assert.equal(at("draf=d1"), "d1");
  assert.equal(at("draf=d0"), undefined);
  assert.equal(at("koperasi=64.71.03.1006"), undefined);
});

test("of a correction only what was changed is said, what was emptied too, and an answer or the people whole", () => {
  const shown = [["visited_on", "2026-04-14"], ["notes", "Lama"], ["ended", "11:00"], ["purposes", "rapat"], ["people_met-0-name", "Siti"], ["people_met-0-role", "Ketua"], ["people_met-1-name", ""], ["answers-KL-01-value", "yes"], ["answers-KL-01-note", "Ada"], ["answers-KL-02-value", ""], ["answers-KL-02-value", "na"], ["reason", ""]];
  const now = [["visited_on", "2026-04-14"], ["notes", ""], ["ended", "11:30"], ["purposes", "rapat"], ["people_met-0-name", "Siti"], ["people_met-0-role", "Ketua"], ["people_met-1-name", "Budi"], ["answers-KL-01-value", "yes"], ["answers-KL-01-note", ""], ["answers-KL-02-value", ""], ["answers-KL-02-value", "na"], ["reason", "Salah ketik."]];

  const { body } = BODIES.correction(now, { visit: "v1", newId, shown });

  assert.deepEqual(body, {
    visit: "v1",
    notes: "",
    ended: "11:30",
    people_met: [{ name: "Siti", role: "Ketua" }, { name: "Budi" }],
    answers: { "KL-01": { value: "yes", note: "" } },
    reason: "Salah ketik.",
  });
});

test("what is changed, changed back and changed again is three changes, and a thing that is new is itself alone", async () => {
  const hours = [1, 2, 3].map((hour) => Date.parse(`2026-04-14T0${hour}:00:00Z`));
  const over = { planned_on: "2026-04-20", agenda: "A" };
  const moved = () => BODIES.schedule([["to_on", "2026-04-21"], ["to_starts", ""], ["reason", "Hujan"]], { newId, over }).body;
  const corrected = () => BODIES.correction([["notes", "Y"], ["reason", "Salah ketik"]], { visit: "v1", newId, shown: [["notes", "X"], ["reason", ""]] }).body;
  const frozen = (kind, body, base) => Promise.all(hours.map((now) => freeze({ kind, id: "r1", base_sha256: base, body }, { sha256, now })));

  const moves = await frozen("schedule", moved(), "b".repeat(64));
  const corrections = await frozen("correction", corrected(), "b".repeat(64));
  const plans = await frozen("schedule", over, null);

  const hashes = [moves, corrections, plans].map((all) => new Set(all.map((entry) => entry.sha256)).size);
  assert.deepEqual(hashes, [3, 3, 1]);
  assert.deepEqual(JSON.parse(moves[0].body), { ...moved(), written_at: "2026-04-14T01:00:00.000Z" });
});

test("a change over one that still waits names its own hour", async () => {
  const body = BODIES.schedule([["agenda", "B"]], { newId, over: { planned_on: "2026-04-20", agenda: "A", written_at: "2026-04-14T01:00:00.000Z" } }).body;

  const { body: text } = await freeze({ kind: "schedule", id: "p", base_sha256: "b".repeat(64), body }, { sha256, now: Date.parse("2026-04-14T02:00:00Z") });

  assert.equal(JSON.parse(text).written_at, "2026-04-14T02:00:00.000Z");
});
