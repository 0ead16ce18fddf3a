/** "Simpan salinan": everything that was written and not yet confirmed, in one file that somebody can carry to the office. */

import { deviceOf, signatureOf } from "./device.js";
import { draftsOf } from "./drafts.js";
import { entriesOf, leave } from "./outbox.js";

const FORMAT = "pendamping-antrean";

/** @returns {Promise<object>} `queue`: records word for word, drafts, and the files that they name as base64, all of it one text that
 *   this tablet signs */
export async function copyOf(store, user, now) {
  // what lies in a file may reach the office by it: nothing of it is taken back any more
  for (const entry of await entriesOf(store, user)) await leave(store, entry, now);
  const records = await entriesOf(store, user);
  const drafts = await draftsOf(store, user);
  const wanted = new Set(records.filter((entry) => entry.state !== "sent").flatMap((entry) => entry.attachments));
  for (const draft of drafts) for (const [, value] of draft.fields) wanted.add(value);
  const files = [];
  for (const row of await store.all("attachments")) {
    if (row.user !== user || !wanted.has(row.id)) continue;
    const { blob } = (await store.get("blobs", row.id)) ?? {};
    if (blob) files.push({ id: row.id, record: row.record, type: blob.type, base64: await base64Of(blob) });
  }
  const queue = JSON.stringify({ user, made_at: new Date(now).toISOString(), records, drafts, files });
  const device = await deviceOf(store, user);
  return { format: FORMAT, version: 2, queue, device: device.id, signature: await signatureOf(device, queue) };
}

export async function saveCopy(store, user) {
  const now = Date.now();
  const copy = await copyOf(store, user, now);
  const blob = new Blob([JSON.stringify(copy)], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `pengiriman-${new Date(now).toISOString().slice(0, 16).replace(/[:T]/g, "-")}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function base64Of(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let first = 0; first < bytes.length; first += 0x8000) text += String.fromCharCode(...bytes.subarray(first, first + 0x8000));
  return btoa(text);
}
