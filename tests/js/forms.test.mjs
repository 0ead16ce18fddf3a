import assert from "node:assert/strict";
import { test } from "node:test";

import { BODIES } from "../../pendamping/static/js/field/bodies.js";
import { flatten, nest } from "../../pendamping/static/js/field/nested.js";

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
