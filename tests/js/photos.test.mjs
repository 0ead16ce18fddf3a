import assert from "node:assert/strict";
import { test } from "node:test";

import { keepFile, noteFile } from "../../pendamping/static/js/field/drafts.js";
import { keepSmall } from "../../pendamping/static/js/visit/photo_file.js";
import { memoryStore } from "./memory.mjs";

const LARGE = new Blob(["large"]);
const SMALL = new Blob(["s"]);

/** The tablet's store, which is full from the write on that is named. */
function keptOn(store, { fullFrom = Infinity } = {}) {
  let writes = 0;
  const unlessFull = (write) => async (...said) => {
    writes += 1;
    if (writes >= fullFrom) throw new DOMException("no room", "QuotaExceededError");
    return write(...said);
  };
  return {
    keepFile: unlessFull((id, blob, state) => keepFile(store, { id, user: "ani", record: "v", blob, state })),
    noteFile: (id, state) => noteFile(store, id, state),
  };
}

const onTablet = async (store) => [await (await store.get("blobs", "p"))?.blob.text(), (await store.get("attachments", "p"))?.state];

test("a photo is on the tablet before it is made smaller, and then small", async () => {
  const store = memoryStore();
  let during;

  const kept = await keepSmall(keptOn(store), "p", LARGE, () => {}, async () => {
    during = await onTablet(store);
    return SMALL;
  });

  assert.deepEqual([during, await onTablet(store)], [["large", "raw"], ["s", "waiting"]]);
  assert.deepEqual(kept, { blob: SMALL, isSafe: true });
});

test("where the smaller one finds no room, the photo that is kept is the one that is sent", async () => {
  const store = memoryStore();

  const kept = await keepSmall(keptOn(store, { fullFrom: 2 }), "p", LARGE, () => {}, async () => SMALL);

  assert.deepEqual([kept, await onTablet(store)], [{ blob: LARGE, isSafe: true }, ["large", "waiting"]]);
});

test("where the program that makes it smaller cannot be loaded, it goes as it is", async () => {
  const store = memoryStore();

  const kept = await keepSmall(keptOn(store), "p", LARGE, () => {}, () => Promise.reject(new TypeError("no network")));

  assert.deepEqual([kept, await onTablet(store)], [{ blob: LARGE, isSafe: true }, ["large", "waiting"]]);
});

test("where there is no room at all it can be sent from the page, and nothing says that the tablet has it", async () => {
  const store = memoryStore();

  const kept = await keepSmall(keptOn(store, { fullFrom: 1 }), "p", LARGE, () => assert.fail("it is not safe"), async () => SMALL);

  assert.deepEqual([kept, await onTablet(store)], [{ blob: LARGE, isSafe: false }, [undefined, undefined]]);
});
