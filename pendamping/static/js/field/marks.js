/** Beside each thing on a page: what waits for it on this tablet. `data-record-mark` names the thing. */

import { locale } from "../locale.js";
import { wordOf } from "./words.js";

const SHOWN_NOTE = 60;

/** @param {import("./outbox.js").Entry[]} entries oldest first; of several about one thing the last is shown */
export function showMarks(entries) {
  for (const old of document.querySelectorAll("[data-waiting-mark]")) old.remove();
  const template = document.getElementById("waiting-mark");
  const last = new Map();
  for (const entry of entries) if (entry.about && entry.state !== "sent") last.set(entry.about, entry);
  for (const place of document.querySelectorAll("[data-record-mark]")) {
    const entry = last.get(place.dataset.recordMark);
    if (!entry) continue;
    const mark = template.content.firstElementChild.cloneNode(true);
    mark.querySelector("[data-words]").textContent = markOf(entry, template.dataset);
    place.append(mark);
  }
}

/** "Pindah ke 21 April, belum terkirim". Pure but for the language.
 * @param {import("./outbox.js").Entry} entry @param {Object<string, string>} texts */
function markOf({ kind, part, state, body }, texts) {
  if (state === "needs_attention") return texts.textAttention;
  const { planned_on: day, starts, note = "", due_on: due } = JSON.parse(body);
  if (kind === "action_update" && due) return texts.textDue.replace("{when}", whenPlanned(due));
  if (kind === "action_update" && !note) return texts.textOther;
  const words = texts[wordOf(part || kind)] ?? texts[wordOf(kind)] ?? texts.textOther;
  const short = note.length > SHOWN_NOTE ? `${note.slice(0, SHOWN_NOTE)} …` : note;
  return words.replace("{when}", day ? whenPlanned(day, starts) : "").replace("{note}", () => short);
}

/** "21 April 10.00": the office's date, whatever the tablet's time zone. */
function whenPlanned(day, starts) {
  const date = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));
  return starts ? `${date} ${starts.replace(":", ".")}` : date;
}
