/** The scores as they move and how much of each section is answered. */

import { locale } from "../locale.js";
import { scoreInstrument } from "./scoring.js";

/** The score before and, once something is answered in this visit, the score as it would be now.
 * @param {Map<string, object>} sheets the instruments of the scoring sheet, by code */
export function showScores(form, sheets, answers) {
  for (const box of form.querySelectorAll("[data-instrument]")) {
    const sheet = sheets.get(box.dataset.instrument);
    const { value, band, provisional } = scoreInstrument(sheet, answers);
    const isMoving = value !== null && sheet.items.some((item) => item.id in answers);
    const part = (name) => box.querySelector(`[data-score-${name}]`);
    part("now").hidden = !isMoving;
    part("caption").hidden = !isMoving;
    if (!isMoving) continue;
    const words = [bandWords(sheet.bands, band), provisional ? form.dataset.textProvisional : ""];
    part("value").textContent = oneDecimal(value);
    part("band").textContent = words.filter(Boolean).join(" · ");
    const before = Number(box.dataset.scoreBefore || value); // the first score is neither up nor down
    part("now").classList.toggle("is-up", value > before);
    part("now").classList.toggle("is-down", value < before);
  }
}

/** "3 dari 9 terjawab" of what is asked today above each section, its bar, and "3/9" in the list of steps. */
export function showCounts(form, answers) {
  for (const { all, counter, bar, count } of sectionsOf(form)) {
    const items = all.filter((item) => isAsked(item) || item.id in answers);
    const answered = items.filter((item) => item.id in answers).length;
    counter.textContent = form.dataset.textCounter.replace("{answered}", answered).replace("{total}", items.length);
    [bar.max, bar.value] = [Math.max(items.length, 1), items.length ? answered : 1];
    count.textContent = items.length ? `${answered}/${items.length}` : "";
    count.hidden = items.length === 0;
    count.classList.toggle("is-complete", answered === items.length);
  }
}

/** Looked up once: a form has some nine thousand elements, and each answer counts anew. */
const sections = new WeakMap();

function sectionsOf(form) {
  if (!sections.has(form)) {
    const byName = (name) => new Map([...document.querySelectorAll(`[data-${name}]`)].map((each) => [each.dataset[name], each]));
    const [counters, bars, counts] = ["counter", "progress", "count"].map(byName);
    const steps = [...form.querySelectorAll("[data-instrument] [data-step]")];
    const found = steps.map((step) => ({
      all: [...step.querySelectorAll("[data-item]")],
      counter: counters.get(step.id),
      bar: bars.get(step.id),
      count: counts.get(step.id),
    }));
    sections.set(form, found);
  }
  return sections.get(form);
}

/** Whether an item is opened today: due, or left open by a draft; all others lie one tap away. */
export function isAsked(item) {
  return item.closest(".others") === null;
}

function bandWords(bands, code) {
  const band = bands.find((each) => each.code === code);
  return (document.documentElement.lang === "en" && band.name_en) || band.name_id;
}

function oneDecimal(value) {
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return new Intl.NumberFormat(locale, digits).format(value);
}
