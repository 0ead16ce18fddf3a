/** For whoever has left: once everything that was written here is at the office, the tablet forgets it. No page, no network. */

import { deviceName } from "./device.js";
import { entriesOf } from "./outbox.js";

const isGivenBack = (entry) => entry.state === "needs_attention" && (entry.problem?.errors ?? []).some(({ code }) => code === "returned");

/** What lies under "Perlu diperbaiki" cannot be mended by somebody who has left: it is handed in as it is. */
export async function offerEverything(store, user) {
  for (const entry of await entriesOf(store, user)) {
    if (entry.state !== "needs_attention" || isGivenBack(entry)) continue;
    await store.update("outbox", entry.number, (row) => row && { ...row, state: "waiting", problem: null, next_at: 0 });
  }
}

/** Whether the office has every record and every file of this person. */
export async function isHandedIn(store, user) {
  const entries = await entriesOf(store, user);
  const files = (await store.all("attachments")).filter((each) => each.user === user);
  const isSafe = (entry) => entry.state === "sent" || Boolean(entry.held_at) || isGivenBack(entry);
  return entries.every(isSafe) && files.every((each) => each.state !== "waiting" && each.state !== "raw");
}

/** Everything of this person goes, what was begun and never finished among it. */
export async function wipe(store, user) {
  const own = (rows) => rows.filter((row) => row.user === user);
  const files = own(await store.all("attachments"));
  await store.write([
    ...own(await store.all("outbox")).map((row) => ({ in: "outbox", drop: row.number })),
    ...own(await store.all("drafts")).map((row) => ({ in: "drafts", drop: row.key })),
    ...files.flatMap((row) => [{ in: "attachments", drop: row.id }, { in: "blobs", drop: row.id }]),
    ...[`contact ${user}`, `receipts ${user}`, deviceName(user)].map((name) => ({ in: "meta", drop: name })),
  ]);
}
