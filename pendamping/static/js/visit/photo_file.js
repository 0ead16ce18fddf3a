/** A photo's file, safe on the tablet first and then as small as it is needed. */

export const AT_MOST_BYTES = 15 * 1024 * 1024;
const LONGEST_SIDE = 1600;
const QUALITY = 0.8;
const SMALL_ENOUGH = 400_000;
const SCALABLE = ["image/jpeg", "image/png", "image/webp"];

/** Keep a photo as it came, then the smaller one in its place. Where that does not go, the photo stays as it came and is sent like
 * that: what the tablet keeps and what is sent under an id must be the same bytes.
 * @param {{keepFile: Function, noteFile: Function}} kept the tablet's own store @param {() => void} onSafe the first of it is done
 * @param {(file: Blob) => Promise<Blob>} [shrink]
 * @returns {Promise<{blob: Blob, isSafe: boolean}>} what is to be sent, and whether the tablet has it */
export async function keepSmall(kept, id, file, onSafe, shrink = shrunk) {
  try {
    await kept.keepFile(id, file, "raw");
  } catch {
    return { blob: file, isSafe: false }; // no room on the tablet: it can still be sent from the page
  }
  onSafe();
  try {
    const blob = await shrink(file);
    await kept.keepFile(id, blob);
    return { blob, isSafe: true };
  } catch {
    await kept.noteFile(id, "waiting").catch(() => null); // else the outbox frees it once the visit is finished
    return { blob: file, isSafe: true };
  }
}

/** A photo as it is needed: at most 1600 pixels; what the browser cannot read, such as HEIC, goes as it is. */
async function shrunk(file) {
  if (!SCALABLE.includes(file.type) || file.size <= SMALL_ENOUGH) return file;
  await import("../../vendor/compressor.min.js"); // no module of its own: it leaves its one name behind
  return new Promise((resolve) => {
    new globalThis.Compressor(file, {
      quality: QUALITY,
      maxWidth: LONGEST_SIDE,
      maxHeight: LONGEST_SIDE,
      mimeType: "image/jpeg",
      retainExif: true, // when it was taken is part of the evidence
      success: resolve,
      error: () => resolve(file),
    });
  });
}
