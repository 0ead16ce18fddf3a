/** What every page gets: relative dates, menus that close by themselves, printing, the mark for being offline,
 * and no form sent twice by a double tap. Nothing here is needed to use a page. */

import { locale } from "./locale.js";

const DAY_MS = 86_400_000;

/** "9 hari yang lalu" instead of the date; the date stays one hover away. */
function writeRelativeDates(root = document) {
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const now = new Date();
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  for (const time of root.querySelectorAll("time[data-relative]")) {
    const [year, month, day] = time.dateTime.slice(0, 10).split("-").map(Number);
    const days = Math.round((Date.UTC(year, month - 1, day) - today) / DAY_MS);
    if (!Number.isFinite(days)) continue;
    time.title = time.textContent.trim();
    time.textContent = Math.abs(days) < 60 ? words.format(days, "day") : words.format(Math.round(days / 30.4), "month");
  }
}

/** A menu closes when something else is pressed or reached by the keyboard, and with Escape. */
function closeMenus() {
  const openMenus = () => document.querySelectorAll("details[data-menu][open]");
  const closeAllBut = (target) => {
    for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false;
  };
  document.addEventListener("click", (event) => closeAllBut(event.target));
  document.addEventListener("focusin", (event) => closeAllBut(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

function offerPrinting() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

/** Folded parts belong on paper too. */
function unfoldForPrint() {
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details[data-print-open]:not([open])")];
    for (const each of folded) each.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const each of folded) each.open = false;
  });
}

/** A link to something inside a folded part unfolds it. */
function unfoldForLinks() {
  const unfold = () => {
    const place = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    let folded = place?.closest("details:not([open])");
    if (!folded) return;
    for (; folded; folded = folded.parentElement.closest("details:not([open])")) folded.open = true;
    place.scrollIntoView();
  };
  window.addEventListener("hashchange", unfold);
  unfold();
}

function showConnection() {
  const marks = document.querySelectorAll("[data-offline]");
  const show = () => marks.forEach((mark) => (mark.hidden = navigator.onLine));
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
}

/** A second press while the first is under way would send the same thing again. On the window, for there every other listener
 * has been heard: a form that one of them took over was not sent, and may still be. */
function sendOnce() {
  const sent = new WeakSet();
  window.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    if (sent.has(event.target)) event.preventDefault();
    sent.add(event.target);
  });
  // coming back by the Back button shows the page as it was left: let it send again
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.forms) sent.delete(form);
  });
}

function leadToErrors() {
  document.querySelector("[data-error-summary]")?.focus();
}

writeRelativeDates();
closeMenus();
offerPrinting();
unfoldForPrint();
unfoldForLinks();
showConnection();
sendOnce();
leadToErrors();
