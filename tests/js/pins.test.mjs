/** The page that a draft was begun on: asked for until the worker has it. */

import assert from "node:assert/strict";
import { test } from "node:test";

const pauses = [];
const paused = [];
globalThis.setTimeout = (work, ms, ...rest) => {
  if (rest.length) return; // the patience with a worker that stays silent: these answer
  pauses.push(ms);
  paused.push(work);
};
let answers = [];
const asked = [];
const controller = {
  postMessage(words, [port]) {
    asked.push(words);
    port.postMessage({ type: "pinned", isPinned: answers.shift() });
    port.close();
  },
};
const serviceWorker = { controller: null };
globalThis.isSecureContext = true;
globalThis.indexedDB = {};
Object.defineProperty(globalThis, "navigator", { value: { serviceWorker }, configurable: true });
globalThis.MessageChannel = class {
  port1 = {};
  port2 = { postMessage: (data) => queueMicrotask(() => this.port1.onmessage({ data })), close() {} };
};

const { pinPage } = await import("../../pendamping/static/js/field/tablet.js");

/** Every pause passes at once, until nothing waits any more. */
async function settled() {
  for (let turns = 0; turns < 20; turns += 1) {
    await new Promise(setImmediate);
    paused.shift()?.();
  }
}

async function pinned(...said) {
  asked.length = 0;
  answers = said;
  serviceWorker.controller = controller;
  await pinPage("/f", "d1", ["v"]);
  await settled();
  return asked.length;
}

test("a page that could not be kept at once is asked for again, a few times and less and less often", async () => {
  assert.equal(await pinned(null, null, true), 3);
  assert.equal(await pinned(null, null, null, null, null, null), 5);
  assert.deepEqual(asked[0], { type: "pin", path: "/f", id: "d1", versions: ["v"] });
  assert.deepEqual(pauses.toSorted((one, other) => one - other).at(-1), 1_800_000);
});

test("one that is kept, or that nobody can keep any more, is not", async () => {
  assert.equal(await pinned(true), 1);
  assert.equal(await pinned(false), 1);
});

test("a worker that is still on its way is asked once it is there", async () => {
  asked.length = 0;
  answers = [true];
  serviceWorker.controller = null;

  await pinPage("/f", "d1");
  serviceWorker.controller = controller;
  await settled();

  assert.equal(asked.length, 1);
});
