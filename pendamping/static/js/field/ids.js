/** Ids and fingerprints, made on the tablet. */

/** Ids need no https: pages of an office without a certificate lack `crypto.randomUUID`. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = hexOf(bytes);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** SHA-256 of a text's UTF-8 bytes, 64 hex digits. Only on pages served over https or from this very machine. */
export async function sha256Of(text) {
  return hexOf(await digest(new TextEncoder().encode(text)));
}

/** `Content-Digest` of a file (RFC 9530); null where the page is not secure and no digest can be made.
 * @param {Blob} blob @returns {Promise<string | null>} */
export async function contentDigest(blob) {
  if (!crypto.subtle) return null;
  const bytes = await digest(await blob.arrayBuffer());
  return `sha-256=:${btoa(String.fromCharCode(...bytes))}:`;
}

async function digest(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

function hexOf(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
