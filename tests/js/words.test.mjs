import assert from "node:assert/strict";
import { test } from "node:test";

import { daysBetween, later, officeDate } from "../../pendamping/static/js/field/days.js";

// these two modules stand on a page; the little of it that they touch when they are loaded
globalThis.document = { documentElement: { lang: "id", dataset: {} }, body: { dataset: { fieldUser: "ani" } } };
const { checksOf } = await import("../../pendamping/static/js/field/ready.js");
const { pillOf, whenOf, wordsOfWaiting } = await import("../../pendamping/static/js/field/status.js");

const calm = { waiting: 0, attention: 0, sent: 0, isOnline: true, isSending: false, ending: "done" };
const NOW = Date.parse("2026-04-14T00:10:00Z");
const ready = { isSecure: true, freshAt: "2026-04-14T00:00:00Z", now: NOW, isPersistent: true, room: 1e9, skewMs: 900, sessionEnds: NOW + 30 * 86_400_000, areFormsInForce: true };
const states = (known) => Object.fromEntries(checksOf({ ...ready, ...known }).map(({ name, state }) => [name, state]));

test("the pill says the most pressing thing", () => {
  const said = (state) => pillOf({ ...calm, ...state })?.say ?? null;

  assert.equal(said({}), null);
  assert.equal(said({ sent: 3 }), "sent");
  assert.equal(said({ waiting: 2, sent: 3 }), "waiting");
  assert.equal(said({ waiting: 2, isSending: true }), "sending");
  assert.equal(said({ waiting: 2, ending: "signed_out" }), "signIn");
  assert.equal(said({ waiting: 2, attention: 1 }), "attention");
  assert.equal(said({ isOnline: false }), "offline");
  assert.equal(said({ isOnline: false, waiting: 2, attention: 1 }), "offlineWaiting");
});

test("a moment is said by the office's clock", () => {
  assert.equal(whenOf("2026-04-14T00:10:00Z"), "14 April 08.10");
});

test("what waits is said by kind, and photos that follow apart", () => {
  const texts = { textVisit: "{count} kunjungan", textSchedule: "{count} rencana", textOther: "{count} lain", textPhotos: "{count} foto", textAttention: "{count} salah" };
  const entry = (more) => ({ kind: "visit", state: "waiting", received_at: null, attachments: [], ...more });
  const attachments = new Map([["p", { state: "waiting" }], ["q", { state: "sent" }]]);
  const entries = [entry(), entry({ kind: "schedule" }), entry({ received_at: "x", attachments: ["p", "q"] }), entry({ state: "needs_attention" })];

  assert.deepEqual(wordsOfWaiting(entries, attachments, texts), ["1 kunjungan", "1 rencana", "1 foto", "1 salah"]);
});

test("a tablet that is ready says so, and without https it says the one thing that matters", () => {
  assert.deepEqual(new Set(Object.values(states({}))), new Set(["good"]));
  assert.deepEqual(states({ isSecure: false }), { insecure: "wrong" });
});

test("what is not ready is said as it is", () => {
  assert.equal(states({ freshAt: null }).noPages, "wrong");
  assert.equal(states({ freshAt: "2026-04-13T00:00:00Z" }).oldPages, "soon");
  assert.equal(states({ isPersistent: false }).notPersistent, "soon");
  assert.equal(states({ room: 1e6 }).noRoom, "wrong");
  assert.equal(states({ skewMs: -3_600_000 }).wrongClock, "wrong");
  assert.equal(states({ skewMs: null }).noClock, "soon");
  assert.equal(states({ sessionEnds: NOW + 86_400_000 }).shortSession, "soon");
});

test("days are the office's", () => {
  assert.equal(officeDate("2026-04-13T16:30:00Z"), "2026-04-14");
  assert.equal(daysBetween("2026-02-27", "2026-03-02"), 3);
  assert.equal(later("2026-12-30", 3), "2027-01-02");
  assert.equal(later("", 3), "");
});

const { dayToShow, dayWords } = await import("../../pendamping/static/js/field/today.js");

test("a kept page shows the day that it is, where it knows it, and never calls another one today", () => {
  const days = ["2026-04-14", "2026-04-15", "2026-04-16"];

  assert.deepEqual(dayToShow(days, "2026-04-14"), { day: "2026-04-14", isToday: true });
  assert.deepEqual(dayToShow(days, "2026-04-16"), { day: "2026-04-16", isToday: true });
  assert.deepEqual(dayToShow(days, "2026-04-17"), { day: "2026-04-14", isToday: false });
  assert.deepEqual(dayToShow(days, "2026-04-13"), { day: "2026-04-14", isToday: false });
  assert.equal(dayWords("2026-04-14"), "Selasa, 14 April 2026");
});
