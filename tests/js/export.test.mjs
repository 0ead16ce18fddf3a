import assert from "node:assert/strict";
import { test } from "node:test";

import { LineCount, fileName, shareOf } from "../../pendamping/static/js/export_progress.js";

const bytes = (text) => new TextEncoder().encode(text);

test("rows are counted however the file is cut, the head not among them", () => {
  const file = bytes('\ufeffKode,Catatan\r\n1,"dua\nbaris"\r\n2,\r\n3,x\r\n');

  for (const cut of [1, 2, 3, 7, file.length]) {
    const lines = new LineCount();
    for (let from = 0; from < file.length; from += cut) lines.add(file.subarray(from, from + cut));
    assert.equal(lines.rows, 3);
  }
  assert.equal(new LineCount().rows, 0);
});

test("the bar waits before its end, and says nothing where nobody knows", () => {
  assert.equal(shareOf({ rows: 5, bytes: 0 }, { rows: 10, bytes: 0 }), 0.5);
  assert.equal(shareOf({ rows: 12, bytes: 0 }, { rows: 10, bytes: 0 }), 0.99);
  assert.equal(shareOf({ rows: 0, bytes: 30 }, { rows: 0, bytes: 40 }), 0.75);
  assert.equal(shareOf({ rows: 3, bytes: 9 }, { rows: 0, bytes: NaN }), null);
});

test("the file is called what the server calls it", () => {
  assert.equal(fileName('attachment; filename="jawaban-2026-11-26.csv"'), "jawaban-2026-11-26.csv");
  assert.equal(fileName("attachment; filename=jawaban.xlsx"), "jawaban.xlsx");
  assert.equal(fileName("attachment"), "ekspor");
});
