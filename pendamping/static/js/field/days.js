/** Days by the office's calendar. Pure. */

export const OFFICE_TZ = "Asia/Makassar";
const DAY_MS = 86_400_000;

/** "2026-04-14": the office's date at an instant. */
export function officeDate(instant) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: OFFICE_TZ }).format(new Date(instant));
}

/** How many days one date lies after another. */
export function daysBetween(from, to) {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

/** @returns {string} the date so many days later; anything that is no date as it is */
export function later(date, days) {
  const at = Date.parse(date);
  return Number.isNaN(at) ? date : new Date(at + days * DAY_MS).toISOString().slice(0, 10);
}
