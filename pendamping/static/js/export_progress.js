/** How far a file has come. Nothing here knows the page. */

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const ALMOST = 0.99;

/** Counts the rows of a CSV as it comes, the head not among them. A note of several lines counts as several rows: it is
 * for a bar, and the bar waits before its end. */
export class LineCount {
  #lines = 0;
  #last = 0;

  /** @param {Uint8Array} chunk */
  add(chunk) {
    for (let place = chunk.indexOf(NEWLINE); place !== -1; place = chunk.indexOf(NEWLINE, place + 1)) {
      if ((place ? chunk[place - 1] : this.#last) === CARRIAGE_RETURN) this.#lines += 1;
    }
    if (chunk.length) this.#last = chunk[chunk.length - 1];
  }

  get rows() {
    return Math.max(0, this.#lines - 1);
  }
}

/** The part that has come, 0 to 0.99: only the end of the answer is the end. null where nobody knows.
 * @param {{rows: number, bytes: number}} come
 * @param {{rows: number, bytes: number}} total  0 where it is not known */
export function shareOf(come, total) {
  if (total.rows > 0) return Math.min(ALMOST, come.rows / total.rows);
  if (total.bytes > 0) return Math.min(ALMOST, come.bytes / total.bytes);
  return null;
}

/** @param {string} disposition  a Content-Disposition of ours */
export function fileName(disposition) {
  return /filename="?([^";]+)"?/.exec(disposition)?.[1] ?? "ekspor";
}
