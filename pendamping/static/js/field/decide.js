/** The sheet on which somebody decides between two versions: "punya saya", "punya kantor", or both. */

import { officeOver } from "./api.js";
import { recordBeside, recordsThatWin } from "./conflict.js";
import { sha256Of } from "./ids.js";
import { freeze } from "./outbox.js";

const office = officeOver((...request) => fetch(...request));

/** Show what differs and let a person choose.
 * @param {object} store @param {import("./outbox.js").Entry} entry
 * @returns {Promise<"decided" | "left" | "unknown">} unknown: without the office nothing can be compared */
export async function decide(store, entry) {
  const found = await comparisonOf(entry);
  if (!found) return "unknown";
  const sheet = sheetFor(entry, found);
  document.body.append(sheet);
  const answer = await answered(sheet);
  const records = answer ? recordsOf(answer, entry, found, sheet) : null;
  sheet.remove();
  if (!records) return "left";
  await replace(store, entry, records);
  return "decided";
}

/** What was decided takes the place of what met the office's version, once: of two tabs the first decides.
 * @param {object[]} records each to be frozen */
export async function replace(store, entry, records) {
  const frozen = await Promise.all(records.map((record) => freeze(record, { sha256: sha256Of, now: Date.now() })));
  const isAsCompared = (row) => row?.state === entry.state && row.sha256 === entry.sha256;
  const changes = [{ in: "outbox", drop: entry.number }, ...frozen.map((put) => ({ in: "outbox", put }))];
  return store.follow(["outbox"], entry.number, (row) => (isAsCompared(row) ? changes : []));
}

async function comparisonOf(entry) {
  try {
    const { status, body } = await office.comparison(entry.id, entry.sha256);
    return status === 200 ? body : null;
  } catch {
    return null;
  }
}

function sheetFor(entry, found) {
  const sheet = document.getElementById("conflict-sheet").content.firstElementChild.cloneNode(true);
  sheet.querySelector("[data-about]").textContent = entry.title;
  const rows = sheet.querySelector("[data-rows]");
  const canWin = (row) => row.can_win && !found.is_closed;
  rows.append(...found.rows.map((row, number) => rowFor(row, number, canWin(row))));
  const isOpen = found.rows.some(canWin);
  sheet.querySelector("[data-closed]").hidden = isOpen;
  sheet.querySelector("[data-mine]").hidden = !isOpen;
  sheet.querySelector("[data-choose]").hidden = !isOpen;
  sheet.querySelector("[data-both]").hidden = !found.can_keep_both;
  return sheet;
}

function rowFor(row, number, canWin) {
  const shown = document.getElementById("conflict-row").content.firstElementChild.cloneNode(true);
  const { textNothing } = document.getElementById("conflict-row").dataset;
  shown.querySelector("[data-label]").textContent = row.label;
  for (const [side, words] of [["mine", row.mine], ["office", row.office]]) {
    const choice = shown.querySelector(`input[value=${side}]`);
    choice.name = `row-${number}`;
    choice.hidden = choice.disabled = !canWin;
    shown.querySelector(`[data-${side}-words]`).textContent = words || textNothing;
  }
  shown.dataset.canWin = canWin;
  shown.querySelector("[data-cannot]").hidden = canWin;
  return shown;
}

function answered(sheet) {
  return new Promise((resolve) => {
    const form = sheet.querySelector("form");
    const end = (answer) => {
      sheet.close();
      resolve(answer);
    };
    sheet.addEventListener("cancel", () => resolve(null));
    sheet.querySelector("[data-leave]").addEventListener("click", () => end(null));
    for (const name of ["mine", "theirs", "both"]) sheet.querySelector(`[data-${name}]`).addEventListener("click", () => end(name));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      end("chosen");
    });
    sheet.showModal();
  });
}

function recordsOf(answer, entry, found, sheet) {
  if (answer === "theirs") return [];
  if (answer === "both") return [recordBeside(entry)];
  const isMine = (_row, number) => answer === "mine" || sheet.querySelector(`input[name=row-${number}][value=mine]`).checked;
  const open = found.rows.map((row, number) => ({ ...row, isChosen: row.can_win && isMine(row, number) }));
  return recordsThatWin(entry, found, open.filter((row) => row.isChosen), sheet.dataset.reason);
}
