/** A store for tests: the same four doors as static/js/field/store.js, over plain maps. What goes in is copied, as a disk does. */

const KEYS = { meta: "name", drafts: "key", outbox: "number", attachments: "id", blobs: "id" };

export function memoryStore() {
  const rows = Object.fromEntries(Object.keys(KEYS).map((name) => [name, new Map()]));
  let last = 0;
  const copy = (row) => (row === undefined ? undefined : structuredClone(row));

  function put(name, row) {
    const key = KEYS[name];
    const number = name === "outbox" && row.number === undefined ? { number: (last += 1) } : {};
    const kept = { ...copy(row), ...number };
    rows[name].set(kept[key], kept);
  }

  return {
    get: async (name, key) => copy(rows[name].get(key)),
    all: async (name) => [...rows[name].values()].map(copy),
    async write(changes) {
      for (const { in: name, put: row, drop } of changes) {
        if (row) put(name, row);
        else rows[name].delete(drop);
      }
    },
    async follow([name], key, follows) {
      const changes = follows(copy(rows[name].get(key)));
      await this.write(changes);
      return changes.length > 0;
    },
    async update(name, key, change) {
      const changed = change(copy(rows[name].get(key)));
      if (changed) put(name, changed);
      return changed;
    },
  };
}
