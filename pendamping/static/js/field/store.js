/** What the tablet keeps for itself: a thin layer over IndexedDB. Every write is one transaction that has reached the disk
 * before its promise resolves (`durability: "strict"`), so a flat battery takes at most what was never promised.
 *
 * meta         by name                 who is signed in, what the office said last
 * drafts       by `${user} ${id}`      forms that are still being written
 * outbox       by number               finished records, frozen, in the order in which they were made
 * attachments  by id                   photos and signatures: whose, of which record, sent or not
 * blobs        by id                   their bytes
 *
 * @typedef {{in: string, put?: object, drop?: string | number}} Change one row written or removed
 * @typedef {object} Store
 * @property {(name: string, key: string | number) => Promise<object | undefined>} get
 * @property {(name: string) => Promise<object[]>} all every row, by key
 * @property {(changes: Change[]) => Promise<void>} write all of them or none
 * @property {(name: string, key: string | number, change: (row: object | undefined) => object | undefined) => Promise<object | undefined>} update
 *   read, change and write one row with nobody in between; `undefined` leaves it as it is
 * @property {(names: string[], key: string | number, follows: (row: object | undefined) => Change[]) => Promise<boolean>} follow
 *   read a row of the first table and write what follows from it to any of them, with nobody in between; whether something did */

const NAME = "pendamping";
const VERSION = 1;
const KEYS = {
  meta: { keyPath: "name" },
  drafts: { keyPath: "key" },
  outbox: { keyPath: "number", autoIncrement: true },
  attachments: { keyPath: "id" },
  blobs: { keyPath: "id" },
};

let opened = null;

/** The one store of this page or worker. @returns {Promise<Store>} */
export function openStore(factory = globalThis.indexedDB) {
  opened ??= open(factory).then(storeOver);
  return opened;
}

function open(factory) {
  const request = factory.open(NAME, VERSION);
  request.onupgradeneeded = () => {
    for (const [name, key] of Object.entries(KEYS)) request.result.createObjectStore(name, key);
  };
  return answerOf(request).then((database) => {
    // a newer version in another tab must not wait for this one
    database.onversionchange = () => database.close();
    return database;
  });
}

function storeOver(database) {
  const reading = (name) => database.transaction(name).objectStore(name);
  const writing = (names) => database.transaction(names, "readwrite", { durability: "strict" });

  return {
    get: (name, key) => answerOf(reading(name).get(key)),
    all: (name) => answerOf(reading(name).getAll()),
    write(changes) {
      if (!changes.length) return Promise.resolve();
      const transaction = writing([...new Set(changes.map((each) => each.in))]);
      carryOut(transaction, changes);
      return endOf(transaction);
    },
    async update(name, key, change) {
      const transaction = writing([name]);
      const rows = transaction.objectStore(name);
      const ended = endOf(transaction);
      const changed = change(await answerOf(rows.get(key)));
      if (changed) rows.put(changed);
      await ended;
      return changed;
    },
    async follow(names, key, follows) {
      const transaction = writing(names);
      const ended = endOf(transaction);
      const changes = follows(await answerOf(transaction.objectStore(names[0]).get(key)));
      carryOut(transaction, changes);
      await ended;
      return changes.length > 0;
    },
  };
}

function carryOut(transaction, changes) {
  for (const { in: name, put, drop } of changes) {
    if (put) transaction.objectStore(name).put(put);
    else transaction.objectStore(name).delete(drop);
  }
}

function answerOf(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function endOf(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("the browser gave the write up"));
  });
}
