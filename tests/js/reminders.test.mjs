import assert from "node:assert/strict";
import { test } from "node:test";

import { openReminder, placeOf, showReminder, wordsOf } from "../../pendamping/static/js/worker/reminders.js";

const ORIGIN = "http://localhost";

/** A service worker's scope with just what reminders need; says what was shown and opened. */
function scope(open = []) {
  const seen = { shown: [], opened: [], focused: 0 };
  const clients = open.map((url) => ({ url, focus: () => (seen.focused += 1) }));
  return {
    seen,
    location: { origin: ORIGIN },
    registration: { showNotification: async (title, options) => seen.shown.push({ title, ...options }) },
    clients: { matchAll: async () => clients, openWindow: async (url) => seen.opened.push(url) },
  };
}

test("a push shows what it says", async () => {
  const it = scope();
  const data = { json: () => ({ title: "2 pengingat", body: "• Kunjungan", url: `${ORIGIN}/jadwal/1`, tag: "pengingat-1" }) };

  await showReminder(it, { data });

  assert.deepEqual(it.seen.shown, [{ title: "2 pengingat", body: "• Kunjungan", tag: "pengingat-1", data: { url: "/jadwal/1" } }]);
});

test("a push without readable words still leads to the reminders", () => {
  assert.equal(wordsOf(null).url, "/pemberitahuan");
});

test("a push leads nowhere outside of the product", () => {
  assert.equal(placeOf("https://evil.example/x", ORIGIN), "/pemberitahuan");
});

test("a tap goes to the page that is open already, or opens it", async () => {
  const notification = { close() {}, data: { url: "/pemberitahuan#hari" } };
  const there = scope([`${ORIGIN}/pemberitahuan`]);
  const elsewhere = scope([`${ORIGIN}/jadwal`]);

  await openReminder(there, { notification });
  await openReminder(elsewhere, { notification });

  assert.equal(there.seen.focused, 1);
  assert.deepEqual(elsewhere.seen.opened, ["/pemberitahuan#hari"]);
});
