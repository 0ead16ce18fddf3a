/** A kept page speaks of the day on which it was made. Whoever reads it on another day is told so, and shown that day's visits
 * where the page knows them. */

import { locale } from "../locale.js";
import { officeDate } from "./days.js";

const UTC = { timeZone: "UTC" };

/** "Selasa, 14 April 2026". Pure but for the language. */
export const dayWords = (date) => new Intl.DateTimeFormat(locale, { dateStyle: "full", ...UTC }).format(new Date(`${date}T00:00:00Z`));

/** Which of the days that a page knows to show, and whether it may be called today. Pure.
 * @param {string[]} days dates, the page's own first @returns {{day: string, isToday: boolean}} */
export function dayToShow(days, today) {
  return days.includes(today) ? { day: today, isToday: true } : { day: days[0], isToday: false };
}

/** @param {string | null} keptAt null: fresh from the office, and right as it is */
export function tellTheDay(keptAt, now) {
  if (!keptAt) return;
  const today = officeDate(now);
  tellHome(today);
  tellSchedule(today);
}

function tellHome(today) {
  const sections = [...document.querySelectorAll("[data-day]")];
  if (!sections.length || sections[0].dataset.day === today) return;
  const { day, isToday } = dayToShow(sections.map((each) => each.dataset.day), today);
  for (const section of sections) section.hidden = section.dataset.day !== day;
  if (!isToday) {
    const heading = sections[0].querySelector("h2");
    heading.textContent = heading.dataset.textOther.replace("{date}", dayWords(day));
  }
  for (const written of document.querySelectorAll("[data-of-day]")) {
    written.dateTime = today;
    written.textContent = dayWords(today);
  }
  for (const gone of document.querySelectorAll("[data-of-that-day]")) gone.hidden = true;
  const month = document.querySelector("[data-month]");
  if (month && month.dataset.month !== today.slice(0, 7)) {
    const words = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", ...UTC }).format(new Date(`${month.dataset.month}-01T00:00:00Z`));
    month.textContent = month.dataset.textOther.replace("{month}", words);
  }
}

/** The mark "Hari ini" goes to the day that it is, or away. */
function tellSchedule(today) {
  const marked = document.querySelector(".day--today");
  const day = document.querySelector(`.day .day__date[datetime="${today}"]`)?.closest(".day");
  if (!marked || marked === day) return;
  const mark = marked.querySelector(".day__today");
  marked.classList.remove("day--today");
  marked.removeAttribute("id");
  mark?.remove();
  if (!day) return;
  day.classList.add("day--today");
  day.id = "hari-ini";
  if (mark) day.querySelector(".day__words").append(mark);
}
