import assert from "node:assert/strict";
import { test } from "node:test";

import { keepFile, noteFile } from "../../pendamping/static/js/field/drafts.js";
import { answered, elsewhere, entriesOf, freeze, goWithoutFiles, post, reopen } from "../../pendamping/static/js/field/outbox.js";
import { drain, drainAlone } from "../../pendamping/static/js/field/sync.js";
import { memoryStore } from "./memory.mjs";
import { Office, sha256 } from "./office.mjs";

const NOW = Date.parse("2026-04-14T00:10:00Z");

function tablet(office = new Office()) {
  const store = memoryStore();
  const clock = { at: NOW };
  const work = { store, office, user: "ani", now: () => clock.at };
  return {
    store,
    office,
    clock,
    send: (more = {}) => drain({ ...work, ...more }),
    alone: (turn) => drainAlone(work, turn),
    async write(id, { attachments = [], user = "ani", body = { notes: id, photos: attachments } } = {}) {
      for (const each of attachments) await keepFile(store, { id: each, user, record: id, blob: new Blob([each]) });
      await post(store, await freeze({ user, kind: "visit", id, body, attachments }, { sha256, now: clock.at }));
    },
    states: async (user = "ani") => Object.fromEntries((await entriesOf(store, user)).map(({ id, state }) => [id, state])),
    entry: async (id) => (await entriesOf(store, "ani")).find((each) => each.id === id),
  };
}

const bound = (office) => ({ session: (waiting) => office.session(waiting), sendAttachment: (...sent) => office.sendAttachment(...sent) });

test("a record is sent once its receipt names its own bytes", async () => {
  const { write, send, states, office, entry } = tablet();
  await write("a");

  const { ending } = await send();

  assert.equal(ending, "done");
  assert.deepEqual(await states(), { a: "sent" });
  assert.equal(office.stored.get("a"), (await entry("a")).body);
});

test("the office is told how much waits, and how much is left", async () => {
  const { write, send, office } = tablet();
  await write("a");
  await write("b", { user: "budi" });
  await write("c");

  await send();
  await send();

  assert.deepEqual(office.told, [2, 0, 0]);
});

test("an answer that names other bytes is no receipt", async () => {
  const { write, send, office, entry } = tablet();
  office.answers.a = { outcome: "created", sha256: "0".repeat(64) };
  await write("a");

  await send();

  assert.equal((await entry("a")).state, "needs_attention");
  assert.equal((await entry("a")).problem.code, "other_bytes");
});

for (const when of ["before", "after"]) {
  for (const call of ["session", "records", "attachment"]) {
    test(`a line that breaks ${when} ${call} means nothing: it is asked again and stored once`, async () => {
      const { write, send, states, office } = tablet();
      await write("a", { attachments: ["photo"] });
      office.breakLine(call, when);

      const { ending } = await send();
      const during = await states();
      await send({ isAsked: true });

      assert.equal(ending, "offline");
      assert.deepEqual(during, { a: "waiting" });
      assert.deepEqual(await states(), { a: "sent" });
      assert.equal(office.stored.size, 1);
      assert.equal(office.files.size, 1);
    });
  }
}

test("a record waits for its photos before it counts as sent", async () => {
  const { write, send, entry, office } = tablet();
  await write("a", { attachments: ["photo"] });
  office.answers.photo = { status: 503, body: {} };

  await send();
  const during = await entry("a");
  delete office.answers.photo;
  await send({ isAsked: true });

  assert.equal(during.state, "waiting");
  assert.ok(during.received_at);
  assert.equal((await entry("a")).state, "sent");
});

test("a photo that is refused stops neither the other photos nor the records", async () => {
  const { write, send, states, office } = tablet();
  await write("a", { attachments: ["bad"] });
  await write("b", { attachments: ["good"] });
  office.answers.bad = { status: 415, body: { detail: "bukan foto" } };

  await send();

  assert.deepEqual(await states(), { a: "needs_attention", b: "sent" });
  assert.deepEqual([...office.stored.keys()], ["a", "b"]);
});

test("a photo that was never made smaller goes as it is once its visit is with the office, and before that nothing is sent", async () => {
  const { write, send, store, states, office } = tablet();
  await write("a", { attachments: ["photo"] });
  await noteFile(store, "photo", "raw");
  await keepFile(store, { id: "of a draft", user: "ani", record: "d", blob: new Blob(["x"]), state: "raw" });
  office.answers.photo = { status: 503, body: {} };

  await send();
  const during = await states();
  delete office.answers.photo;
  await send({ isAsked: true });

  assert.deepEqual([during, await states()], [{ a: "waiting" }, { a: "sent" }]);
  assert.deepEqual([...office.files.keys()], ["photo"]);
});

test("a photo of a visit that may still be put right stays with its form", async () => {
  const { write, send, store, office } = tablet();
  await write("a", { attachments: ["photo"] });
  await noteFile(store, "photo", "raw");
  office.answers.a = { outcome: "rejected" };

  await send();

  assert.deepEqual([[...office.files.keys()], (await store.get("attachments", "photo")).state], [[], "raw"]);
});

/** A visit that was begun on another tablet, which still holds its photo. */
async function continued() {
  const all = tablet();
  await all.write("a", { body: { notes: "a", photos: ["there"] } });
  const [{ number }] = await entriesOf(all.store, "ani");
  await all.store.update("outbox", number, (row) => ({ ...row, attachments: ["there"] }));
  return all;
}

test("a visit whose photo another tablet holds is not sent before that has come, and asks now and then", async () => {
  const { send, store, states, entry, office, clock } = await continued();
  const asked = () => office.calls.filter((call) => call === "records").length;

  await send();
  await send();
  const during = [await states(), elsewhere(await entry("a"), new Map()), asked()];
  office.files.set("there", new Blob(["x"]));
  clock.at += 3_600_000;
  await send();

  assert.deepEqual(during, [{ a: "waiting" }, 1, 1]);
  assert.deepEqual([await states(), office.told.at(-1), asked()], [{ a: "sent" }, 0, 2]);
  assert.equal(elsewhere(await entry("a"), new Map((await store.all("attachments")).map((row) => [row.id, row]))), 0);
});

test("a visit can go on without the photo that nobody sends", async () => {
  const { send, store, states, entry } = await continued();
  await send();

  await goWithoutFiles(store, await entry("a"));
  await send();

  assert.deepEqual(await states(), { a: "sent" });
});

test("an office that does not say what it lacks is asked again, and nothing is called sent", async () => {
  const { send, states, office, clock } = await continued();
  const records = office.sendRecords.bind(office);
  office.sendRecords = async (...sent) => {
    const answer = await records(...sent);
    for (const each of answer.body.results) delete each.missing;
    return answer;
  };

  await send();
  await send();
  const during = [await states(), office.calls.filter((call) => call === "records").length];
  office.files.set("there", new Blob(["x"]));
  office.sendRecords = records;
  clock.at += 3_600_000;
  await send();

  assert.deepEqual([during, await states()], [[{ a: "waiting" }, 1], { a: "sent" }]);
});

test("a photo whose bytes the browser has lost is not sent", async () => {
  const { write, send, store, states, entry, office } = tablet();
  await write("a", { attachments: ["photo"] });
  await store.write([{ in: "blobs", drop: "photo" }]);

  await send();
  await send({ isAsked: true });

  const rows = new Map((await store.all("attachments")).map((row) => [row.id, row]));
  assert.deepEqual([await states(), elsewhere(await entry("a"), rows), office.files.size], [{ a: "waiting" }, 1, 0]);
});

test("a photo that came while its visit was a draft, and was lost when the office was put back, is sent once more", async () => {
  const { write, send, store, states, office } = tablet();
  await write("a", { attachments: ["photo"] });
  await noteFile(store, "photo", "sent"); // by the form, before the office was put back

  await send();

  assert.deepEqual([await states(), [...office.files.keys()]], [{ a: "sent" }, ["photo"]]);
});

test("what an older build called sent without its photo waits again", async () => {
  const { write, send, store, states, office } = tablet();
  for (const [id, photo] of [["a", "raw"], ["b", "gone"], ["c", "there"]]) await write(id, { attachments: [photo] });
  await send();
  for (const { number } of await entriesOf(store, "ani")) {
    await store.update("outbox", number, ({ lacking: _, ...row }) => ({ ...row, next_at: 0 }));
  }
  await noteFile(store, "raw", "raw");
  await store.write([{ in: "attachments", drop: "gone" }, { in: "blobs", drop: "gone" }, { in: "attachments", drop: "there" }]);
  office.files.clear();
  office.files.set("there", new Blob(["x"]));

  await send();

  assert.deepEqual([await states(), [...office.files.keys()].sort()], [{ a: "sent", b: "waiting", c: "sent" }, ["raw", "there"]]);
});

test("a record that is refused or in conflict stops nobody else and says why", async () => {
  const { write, send, states, entry, office } = tablet();
  office.answers.a = { outcome: "rejected", errors: [{ path: "visited_on", code: "visit_in_future", message: "Belum tiba." }] };
  office.answers.b = { outcome: "conflict" };
  for (const id of ["a", "b", "c"]) await write(id);

  await send();

  assert.deepEqual(await states(), { a: "needs_attention", b: "needs_attention", c: "sent" });
  assert.equal((await entry("a")).problem.errors[0].code, "visit_in_future");
});

/** Changes of one plan, each written over the one before; the office knows what the first was written over. */
async function changesOfAPlan(...ids) {
  const all = tablet();
  all.office.versions = new Set(["page"]);
  let base = "page";
  for (const id of ids) {
    const entry = await freeze({ user: "ani", kind: "schedule", about: "p", id, base_sha256: base, body: { id }, draft: { id } }, { sha256, now: NOW });
    await post(all.store, entry);
    base = entry.sha256;
  }
  return { ...all, codes: async () => Object.fromEntries((await entriesOf(all.store, "ani")).map(({ id, state, problem }) => [id, problem?.code ?? state])) };
}

test("what was written over a refused record is stopped with it, and nothing waits for ever", async () => {
  const { send, codes, office } = await changesOfAPlan("move", "agenda", "again");
  office.answers.move = { outcome: "rejected", errors: [{ path: "starts", code: "plans_overlap", message: "Bertabrakan." }] };

  await send();

  assert.deepEqual(await codes(), { move: "rejected", agenda: "base_refused", again: "base_refused" });
});

test("what an older build left waiting over a record that was opened again is stopped, and can be opened itself", async () => {
  const { send, store, entry, codes, office } = await changesOfAPlan("move", "agenda");
  await store.write([{ in: "outbox", drop: (await entry("move")).number }]);

  await send();
  const during = await codes();
  const isOpened = await reopen(store, await entry("agenda"), NOW);

  assert.deepEqual([during, isOpened, office.stored.size], [{ agenda: "base_refused" }, true, 0]);
});

test("a record is opened again and what was written over it stopped, whatever was known of it before", async () => {
  const { store, entry, codes } = await changesOfAPlan("move", "agenda");
  const { number } = await entry("move");
  await store.update("outbox", number, (row) => ({ ...row, state: "needs_attention", problem: { code: "rejected", errors: [] } }));

  await reopen(store, await entry("move"), NOW); // no round came in between

  assert.deepEqual(await codes(), { agenda: "base_refused" });
});

test("a record whose base goes on after all goes on with it", async () => {
  const { send, codes, office } = await changesOfAPlan("move", "agenda");
  office.answers.move = { outcome: "conflict" };
  await send();
  const during = await codes();
  delete office.answers.move;
  office.epoch = "e2"; // put back from a copy, it takes what it had in conflict before

  await send();

  assert.deepEqual([during, await codes()], [{ move: "conflict", agenda: "base_refused" }, { move: "sent", agenda: "sent" }]);
});

test("of two answers the one that came last counts: what was stopped meanwhile is sent, and what was denied is asked again", async () => {
  const { write, send, states, store, entry } = tablet();
  for (const id of ["a", "b"]) await write(id);
  const [{ number }, { number: other }] = await entriesOf(store, "ani");
  const stored = async (id) => ({ outcome: "created", sha256: (await entry(id)).sha256, received_at: "2026-04-14T00:00:01Z", missing: [] });
  await store.update("outbox", number, (row) => ({ ...row, state: "needs_attention", problem: { code: "base_refused", errors: [] } }));
  const created = await stored("a");
  await store.update("outbox", number, (row) => answered(row, created, NOW));
  const sent = await stored("b");
  await store.update("outbox", other, (row) => ({ ...answered(row, sent, NOW), state: "sent" }));
  await store.update("outbox", other, (row) => answered(row, { outcome: "later" }, NOW));
  const during = await states();

  await send({ isAsked: true });

  assert.deepEqual([during, await states()], [{ a: "waiting", b: "waiting" }, { a: "sent", b: "sent" }]);
});

test("a record whose base waits for the agency's word waits too", async () => {
  const { send, codes, office, entry } = await changesOfAPlan("move", "agenda");
  const { sha256: hash } = await entry("move");
  office.answers.move = { outcome: "later", sha256: hash, received_at: "2026-04-14T00:00:01Z", errors: [{ path: "", code: "in_quarantine", message: "Menunggu dinas." }] };

  await send();

  assert.deepEqual(await codes(), { move: "waiting", agenda: "waiting" });
});

test("what the office takes later waits longer each time, and at once when somebody asks", async () => {
  const { write, send, entry, office, clock } = tablet();
  office.answers.a = { outcome: "later" };
  await write("a");

  await send();
  const first = (await entry("a")).next_at - clock.at;
  await send();
  const asked = office.calls.filter((call) => call === "records").length;
  clock.at += first;
  await send();

  assert.equal(asked, 1);
  assert.ok((await entry("a")).next_at - clock.at > first);
  delete office.answers.a;
  await send({ isAsked: true });
  assert.equal((await entry("a")).state, "sent");
});

test("a batch that is too large goes in halves; one that stays too large is said", async () => {
  const { write, send, states, office } = tablet();
  for (const id of ["a", "b", "c", "d", "e"]) await write(id);
  office.tooMany = 2;

  await send();

  assert.deepEqual(new Set(Object.values(await states())), new Set(["sent"]));
});

test("more than fifty records go in batches, in order", async () => {
  const { write, send, office } = tablet();
  for (let number = 0; number < 120; number += 1) await write(`r${number}`);

  await send();

  assert.equal(office.calls.filter((call) => call === "records").length, 3);
  assert.deepEqual([...office.stored.keys()], Array.from({ length: 120 }, (_, number) => `r${number}`));
});

const tooLate = () => new DOMException("the time is over", "TimeoutError");
const LONG = "x".repeat(20_000);

/** An office over a line that carries no more than so many bytes in the time that an answer is waited for. */
function thinLine(office, { bytes, breaks = tooLate }) {
  const { sendRecords, sendAttachment } = office;
  const tried = [];
  office.sendRecords = (records, ...rest) => {
    tried.push(records.map(({ id }) => id));
    if (JSON.stringify(records).length > bytes) throw breaks();
    return sendRecords.call(office, records, ...rest);
  };
  office.sendAttachment = (id, blob, ...rest) => {
    tried.push(id);
    if (blob.size > bytes) throw breaks();
    return sendAttachment.call(office, id, blob, ...rest);
  };
  return tried;
}

for (const [name, breaks] of [["too late", tooLate], ["never", () => new TypeError("the line broke")]]) {
  test(`a line that answers ${name} above some bytes is learned, and everything goes through in order`, async () => {
    const { write, send, states, office, clock } = tablet();
    thinLine(office, { bytes: 30_000, breaks });
    const ids = Array.from({ length: 30 }, (_, number) => `r${number}`);
    for (const id of ids) await write(id, { body: { notes: LONG } });

    for (let round = 0; round < 25; round += 1) {
      await send();
      clock.at += 30_000;
    }

    assert.deepEqual([...office.stored.keys()], ids);
    assert.deepEqual(new Set(Object.values(await states())), new Set(["sent"]));
  });
}

test("no batch is larger than a thin line carries in a moment", async () => {
  const { write, send, office } = tablet();
  const tried = thinLine(office, { bytes: Infinity });
  for (let number = 0; number < 12; number += 1) await write(`r${number}`, { body: { notes: LONG } });

  await send();

  assert.ok(tried.every((ids) => ids.length <= 4));
  assert.equal(office.stored.size, 12);
});

for (const isAsked of [false, true]) {
  test(`what no line carries holds up nothing else${isAsked ? ", also where somebody presses the button" : ""}`, async () => {
    const { write, send, states, office, clock } = tablet();
    const tried = thinLine(office, { bytes: 5_000 });
    await write("large", { body: { notes: LONG } });
    await write("photo", { attachments: ["a-photo"] });
    for (let number = 0; number < 5; number += 1) await write(`r${number}`, { attachments: [`p${number}`] });

    for (let round = 0; round < 10; round += 1) {
      await send({ isAsked });
      clock.at += 30_000;
    }

    const { large, ...others } = await states();
    assert.deepEqual([large, new Set(Object.values(others))], ["waiting", new Set(["sent"])]);
    assert.ok(tried.filter((ids) => ids.includes("large")).length < 14);
  });
}

test("a photo that took too long lets the others pass, and is given more time when the line is found to be slow", async () => {
  const { write, send, store, states, office, clock } = tablet();
  await write("a", { attachments: ["large"] });
  await keepFile(store, { id: "large", user: "ani", record: "a", blob: new Blob(["x".repeat(200_000)]) });
  await write("b", { attachments: ["small"] });
  const given = [];
  const { sendAttachment } = office;
  office.sendAttachment = (id, blob, token, patience) => {
    given.push([id, patience]);
    if (patience < blob.size) throw tooLate(); // a kilobyte a second
    return sendAttachment.call(office, id, blob, token);
  };

  await send();
  const during = await states();
  for (let round = 0; round < 10; round += 1) {
    clock.at += 300_000;
    await send();
  }

  assert.deepEqual([during, await states()], [{ a: "waiting", b: "sent" }, { a: "sent", b: "sent" }]);
  const patience = given.filter(([id]) => id === "large").map(([, ms]) => ms);
  assert.ok(patience.at(-1) > patience[0]);
});

test("a dead line is not waited for again and again in one round", async () => {
  const { write, send, office } = tablet();
  const tried = thinLine(office, { bytes: 0 });
  for (let number = 0; number < 200; number += 1) await write(`r${number}`);

  const { ending } = await send();

  assert.deepEqual([ending, tried.length], ["offline", 2]);
});

test("a token that went stale is fetched anew and the record goes through", async () => {
  const { write, send, states, office } = tablet();
  await write("a");
  const fresh = office.session.bind(office);
  let asked = 0;
  office.session = async () => {
    const answer = await fresh();
    asked += 1;
    return asked === 1 ? { ...answer, body: { ...answer.body, csrf_token: "old" } } : answer;
  };

  await send();

  assert.deepEqual(await states(), { a: "sent" });
});

test("without a session everything is kept, and sent after signing in", async () => {
  const { write, send, states, office } = tablet();
  await write("a", { attachments: ["photo"] });
  office.user = null;

  const { ending } = await send();
  const during = await states();
  office.user = "ani";
  await send({ isAsked: true });

  assert.equal(ending, "signed_out");
  assert.deepEqual(during, { a: "waiting" });
  assert.deepEqual(await states(), { a: "sent" });
});

test("another person's session sends nothing of mine", async () => {
  const { write, send, states, office } = tablet();
  await write("a");
  office.user = "budi";

  const { ending } = await send();

  assert.equal(ending, "other_user");
  assert.deepEqual(await states(), { a: "waiting" });
  assert.equal(office.stored.size, 0);
});

test("only the author's records leave a tablet that two people use", async () => {
  const { write, send, states } = tablet();
  await write("a");
  await write("b", { user: "budi" });

  await send();

  assert.deepEqual(await states("ani"), { a: "sent" });
  assert.deepEqual(await states("budi"), { b: "waiting" });
});

test("an office that was put back from a copy is offered everything again, photos too", async () => {
  const { write, send, states, office } = tablet();
  await write("a", { attachments: ["photo"] });
  await write("b");
  await send();
  office.stored.delete("b");
  office.files.clear();

  await send();

  assert.deepEqual(await states(), { a: "sent", b: "sent" });
  assert.deepEqual([...office.stored.keys()].sort(), ["a", "b"]);
  assert.deepEqual([...office.files.keys()], ["photo"]);
});

test("another epoch means another database: everything is offered again", async () => {
  const { write, send, office, states } = tablet();
  await write("a");
  await send();
  office.stored = new Map();
  office.epoch = "e2";

  await send();

  assert.ok(office.stored.has("a"));
  assert.deepEqual(await states(), { a: "sent" });
});

test("an office put back in the midst of a round is noticed by its answer, and has photos that came before their record once more", async () => {
  const { write, send, office, states } = tablet();
  await write("a");
  await send();
  await write("b", { attachments: ["photo"] });
  office.answers.b = { outcome: "later" };
  await send(); // the photo came, its record is to come again
  await write("c");
  delete office.answers.b;
  const restored = (records, ...rest) => {
    office.stored.clear();
    office.files.clear();
    office.epoch = "e2";
    return Office.prototype.sendRecords.call(office, records, ...rest);
  };

  await send({ isAsked: true, office: { ...bound(office), sendRecords: restored } });
  await send({ isAsked: true });

  assert.deepEqual(await states(), { a: "sent", b: "sent", c: "sent" });
  assert.deepEqual([...office.stored.keys()].sort(), ["a", "b", "c"]);
  assert.deepEqual([...office.files.keys()], ["photo"]);
});

test("whoever signs in anew on one of two tablets is not asked for everything once more", async () => {
  const { write, send, office } = tablet();
  office.elsewhere = 3;
  office.registerDevice = async (id) => {
    office.device = id;
    return { status: 200, body: {} };
  };
  await write("a", { attachments: ["photo"] });
  await send();

  for (const _again of [1, 2]) {
    office.device = null;
    await send();
    await send();
  }

  assert.deepEqual(office.calls.filter((call) => call !== "session"), ["records", "attachment"]);
});

test("an office that knows less in the midst of a round is offered everything again", async () => {
  const { write, send, office, states } = tablet();
  for (const id of ["a", "b", "c"]) await write(id);
  await send();
  await write("d");
  const restored = (...sent) => {
    office.stored.delete("a");
    office.stored.delete("b");
    return Office.prototype.sendRecords.apply(office, sent);
  };

  await send({ office: { ...bound(office), sendRecords: restored } });
  await send();

  assert.deepEqual([...office.stored.keys()].sort(), ["a", "b", "c", "d"]);
  assert.deepEqual(new Set(Object.values(await states())), new Set(["sent"]));
});

test("a count that an older build kept says nothing of this tablet, another epoch does", async () => {
  const { write, send, office, store } = tablet();
  await write("a");
  await send();
  await store.write([{ in: "meta", put: { name: "receipts ani", epoch: "e1", receipts: 6 } }]);

  await send();
  const during = office.calls.filter((call) => call === "records").length;
  await store.write([{ in: "meta", put: { name: "receipts ani", epoch: "e0", receipts: 6 } }]);
  await send();

  assert.deepEqual([during, office.calls.filter((call) => call === "records").length], [1, 2]);
});

test("of two versions the office kept both: one that was put back from a copy is offered the other one again", async () => {
  const { write, send, office, states, entry } = tablet();
  office.answers.a = { outcome: "conflict" };
  await write("a");
  await send();
  const during = await entry("a");
  delete office.answers.a;
  office.epoch = "e2";

  await send();

  assert.equal(during.problem.code, "conflict");
  assert.deepEqual(await states(), { a: "sent" });
  assert.equal((await entry("a")).problem, null);
});

test("while one tab sends, another finds nothing to do", async () => {
  const { write, alone, office } = tablet();
  await write("a");
  const locks = { request: (_name, _options, work) => work(null) };

  const round = await alone({ locks });

  assert.equal(round, null);
  assert.equal(office.calls.length, 0);
});

const DAY_MS = 86_400_000;

test("receipts are kept for ninety days and then go with their photos", async () => {
  const { write, send, states, store, office, clock } = tablet();
  office.clock = () => clock.at + 3_600_000;
  await write("a", { attachments: ["photo"] });
  await send();
  clock.at += 89 * DAY_MS;
  await send();
  const during = await states();
  clock.at += 2 * DAY_MS;
  await send();

  assert.deepEqual(during, { a: "sent" });
  assert.deepEqual(await states(), {});
  assert.deepEqual(await store.all("blobs"), []);
});

for (const [whose, jump] of [["the tablet's", (tablet) => (tablet.clock.at += 400 * DAY_MS)], ["the office's", ({ office }) => (office.clock = () => NOW + 400 * DAY_MS)]]) {
  test(`${whose} clock that jumps takes no receipt, which an office that was put back still needs`, async () => {
    const all = tablet();
    const { write, send, states, office, clock } = all;
    await write("a");
    await send();
    jump(all);
    await send();
    clock.at = NOW + 1_000;
    office.clock = () => NOW;
    office.epoch = "e2";
    office.stored.clear();

    await send();

    assert.deepEqual([await states(), [...office.stored.keys()]], [{ a: "sent" }, ["a"]]);
  });
}

test("a receipt of an older build goes only once the office's own hour of it is long ago", async () => {
  const { write, send, states, store, office, clock } = tablet();
  office.clock = () => clock.at;
  await write("a");
  await send();
  const [{ number }] = await entriesOf(store, "ani");
  await store.update("outbox", number, ({ confirmed_at: _, ...row }) => ({ ...row, sent_at: "2019-01-01T00:00:00Z" }));
  await send();
  const during = await states();
  clock.at += 91 * DAY_MS;

  await send();

  assert.deepEqual([during, await states()], [{ a: "sent" }, {}]);
});

test("files that nothing names any more are sent first, and go as late as receipts do; a draft's stay", async () => {
  const { write, send, store, office, clock } = tablet();
  office.clock = () => clock.at;
  office.answers = { a: { outcome: "conflict" }, given_up: { status: 503, body: {} } };
  await write("a", { attachments: ["given_up"] });
  await keepFile(store, { id: "of a draft", user: "ani", record: "d", blob: new Blob(["x"]), state: "sent" });
  await store.write([{ in: "drafts", put: { key: "ani d", user: "ani", id: "d", fields: [["photos", "of a draft"]] } }]);
  await send();
  await store.write([{ in: "outbox", drop: (await entriesOf(store, "ani"))[0].number }]); // "punya kantor"
  office.answers = {};
  await send({ isAsked: true });
  clock.at += 89 * DAY_MS;
  await send();
  const during = (await store.all("blobs")).map(({ id }) => id);
  clock.at += 2 * DAY_MS;

  await send();

  assert.deepEqual([[...office.files.keys()], during], [["given_up"], ["given_up", "of a draft"]]);
  assert.deepEqual([await store.all("blobs"), await store.all("attachments")].map((rows) => rows.map(({ id }) => id)), [["of a draft"], ["of a draft"]]);
});

test("what was put off by a clock that was years ahead is sent when that is right again", async () => {
  const { write, send, states, office, clock } = tablet();
  clock.at += 3650 * DAY_MS;
  await write("a");
  await write("b", { attachments: ["photo"] });
  office.answers = { a: { outcome: "later" }, photo: { status: 503, body: {} } };
  await send();
  office.answers = {};
  clock.at = NOW;

  await send();

  assert.deepEqual(await states(), { a: "sent", b: "sent" });
});

test("over a thousand broken lines nothing is lost, doubled or falsely sent", async () => {
  const { write, send, office, store, clock } = tablet();
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const pick = (list) => list[Math.floor(random() * list.length)];
  const written = [];
  for (let round = 0; round < 1000; round += 1) {
    if (random() < 0.5) {
      const id = `r${round}`;
      await write(id, { attachments: random() < 0.3 ? [`p${round}`] : [] });
      written.push(id);
    }
    if (random() < 0.7) office.breakLine(pick(["session", "records", "attachment"]), pick(["before", "after"]));
    await send({ isAsked: random() < 0.5 });
    clock.at += random() * 60_000;
    for (const entry of await entriesOf(store, "ani")) {
      if (entry.state === "sent") assert.equal(office.stored.get(entry.id), entry.body);
    }
  }
  office.faults = [];
  await send({ isAsked: true });

  const entries = await entriesOf(store, "ani");
  assert.deepEqual(entries.map((entry) => entry.id), written);
  assert.ok(entries.every((entry) => entry.state === "sent"));
  assert.deepEqual(new Set(office.stored.keys()), new Set(written));
});

test("a network that answers everything itself is no office", async () => {
  const { write, send, states, office } = tablet();
  await write("a", { attachments: ["photo"] });
  office.answers.photo = { status: 200, body: {} };
  const records = office.sendRecords.bind(office);
  office.sendRecords = async () => ({ status: 200, body: {} });

  await send();
  const before = await states();
  office.sendRecords = records;
  await send({ isAsked: true });
  const between = await states();
  delete office.answers.photo;
  await send({ isAsked: true });

  assert.deepEqual([before, between], [{ a: "waiting" }, { a: "waiting" }]);
  assert.deepEqual(await states(), { a: "sent" });
});

test("who may not send any more keeps everything", async () => {
  const { write, send, states, office } = tablet();
  await write("a");
  office.sendRecords = async () => ({ status: 403, body: { code: "password_must_change" } });

  const { ending } = await send();

  assert.equal(ending, "signed_out");
  assert.deepEqual(await states(), { a: "waiting" });
});
