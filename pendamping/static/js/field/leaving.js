/** For whoever has left: once everything that was written here is at the office, the tablet forgets it. No page, no network. */

import { deviceName } from "./device.js";
import { entriesOf } from "./outbox.js";
import { phaseOf } from "./phases.js";

const MENDABLE = new Set(["refused", "conflict", "base_refused"]);
const UNHANDED = new Set(["waiting", ...MENDABLE]);

/** What lies under "Perlu diperbaiki" cannot be mended by somebody who has left: it is handed in as it is. */
export async function offerEverything(store, user) {
  for (const entry of await entriesOf(store, user)) {
    if (!MENDABLE.has(phaseOf(entry))) continue;
    await store.update("outbox", entry.number, (row) => row && { ...row, state: "waiting", problem: null, lacks_base: false, next_at: 0 });
  }
}

/** Whether the office has every record of this person, and every file of them that it takes and this tablet has. */
export async function isHandedIn(store, user) {
  const entries = await entriesOf(store, user);
  const named = new Set(entries.flatMap((entry) => entry.attachments));
  const isOnItsWay = ({ id, state }) => named.has(id) && (state === "waiting" || state === "raw");
  return !entries.some((entry) => UNHANDED.has(phaseOf(entry))) && !(await store.all("attachments")).some(isOnItsWay);
}

/** Everything of this person goes, what was begun and never finished among it. */
export async function wipe(store, user) {
  const own = (rows) => rows.filter((row) => row.user === user);
  const files = own(await store.all("attachments"));
  await store.write([
    ...own(await store.all("outbox")).map((row) => ({ in: "outbox", drop: row.number })),
    ...own(await store.all("drafts")).map((row) => ({ in: "drafts", drop: row.key })),
    ...files.flatMap((row) => [{ in: "attachments", drop: row.id }, { in: "blobs", drop: row.id }]),
    ...[`contact ${user}`, `receipts ${user}`, `sent ${user}`, deviceName(user)].map((name) => ({ in: "meta", drop: name })),
  ]);
}
