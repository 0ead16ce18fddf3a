/** An IndexedDB for tests of what opens the store by itself: as much of it as static/js/field/store.js uses. Each request
 * answers in a turn of its own; what goes in is copied, as a disk does. */

const KEYS = { meta: "name", drafts: "key", outbox: "number", attachments: "id", blobs: "id" };

/** @returns {{open: () => object, rows: Object<string, Map>}} */
export function memoryDatabase() {
  const rows = Object.fromEntries(Object.keys(KEYS).map((name) => [name, new Map()]));
  let last = 0;

  const request = (work) => {
    const asked = {};
    queueMicrotask(() => {
      asked.result = work();
      asked.onsuccess?.();
    });
    return asked;
  };

  const put = (name, row) => {
    const number = name === "outbox" && row.number === undefined ? { number: (last += 1) } : {};
    const kept = { ...structuredClone(row), ...number };
    rows[name].set(kept[KEYS[name]], kept);
  };

  const objectStore = (name) => ({
    get: (key) => request(() => structuredClone(rows[name].get(key))),
    getAll: () => request(() => [...rows[name].values()].map((row) => structuredClone(row))),
    put: (row) => put(name, row),
    delete: (key) => rows[name].delete(key),
  });

  const transaction = () => {
    const begun = { objectStore };
    setTimeout(() => begun.oncomplete?.());
    return begun;
  };

  return { rows, open: () => request(() => ({ transaction })) };
}
