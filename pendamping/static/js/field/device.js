/** This person's place on this tablet: an id and a key pair, made here. The private half cannot be taken out of the browser's store;
 * what it signs was written on this tablet, whoever carries it to the office. Without https there is no key, and copies are unsigned. */

import { newId } from "./ids.js";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };

export const deviceName = (user) => `device ${user}`;

/** @returns {Promise<{id: string, keys: CryptoKeyPair | null}>} the same one every time */
export async function deviceOf(store, user, subtle = globalThis.crypto?.subtle) {
  const known = await store.get("meta", deviceName(user));
  if (known) return known;
  const keys = subtle ? await subtle.generateKey(ALGORITHM, false, ["sign", "verify"]).catch(() => null) : null;
  // two tabs at once: the first one's stays
  return store.update("meta", deviceName(user), (row) => row ?? { name: deviceName(user), id: newId(), keys });
}

/** What the office is told of it. */
export async function introductionOf(device, name, subtle = globalThis.crypto?.subtle) {
  const spki = device.keys ? await subtle.exportKey("spki", device.keys.publicKey) : null;
  return { name, public_key: spki ? base64(spki) : null };
}

/** @returns {Promise<string | null>} the signature of a text's UTF-8 bytes, base64; null where there is no key */
export async function signatureOf(device, text, subtle = globalThis.crypto?.subtle) {
  if (!device.keys) return null;
  return base64(await subtle.sign(SIGNING, device.keys.privateKey, new TextEncoder().encode(text)));
}

/** "Android · Chrome": enough for people to tell their tablets apart. */
export function tabletName({ userAgentData, userAgent = "" } = globalThis.navigator ?? {}) {
  const system = userAgentData?.platform || /Android|iPad|iPhone|Windows|Macintosh|Linux/.exec(userAgent)?.[0] || "Tablet";
  const browser = userAgentData?.brands?.at(-1)?.brand || /Firefox|Edg|Chrome|Safari/.exec(userAgent)?.[0] || "";
  return [system, browser].filter(Boolean).join(" · ").slice(0, 80);
}

function base64(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer)));
}
