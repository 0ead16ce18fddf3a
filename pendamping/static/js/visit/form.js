/** The visit's form as a tool: steps, live scores, proposals, the review. Without it the form is one long page that works. */

import { clearAnswer, readAnswers, settleBetween } from "./answers.js";
import { startClock } from "./clock.js";
import { startDecree } from "./decree.js";
import { showItem } from "./items.js";
import { startPeople } from "./people.js";
import { startPlace } from "./place.js";
import { startProposals } from "./proposals.js";
import { fillReview } from "./review.js";
import { showCounts, showScores } from "./scores.js";
import { startSteps } from "./steps.js";

const LAST_STEP = "periksa";

const form = document.getElementById("visit-form");
const said = form.querySelector("[data-said]");
const announcer = form.querySelector("[data-announce]");
const { instruments } = JSON.parse(document.getElementById("scoring-sheet").textContent);
const sheets = new Map(instruments.map((sheet) => [sheet.code, sheet]));
const rules = new Map(instruments.flatMap((sheet) => sheet.items).map((item) => [item.id, item]));
const state = { answers: readAnswers(form), poor: new Set() };
let isDirty = false;

function showTotals() {
  showScores(form, sheets, state.answers);
  showCounts(form, state.answers);
}

function showAnswer(item) {
  showItem(item, rules.get(item.id), state);
  showTotals();
}

function onChange({ target }) {
  isDirty = true;
  const item = target.closest("[data-item]");
  if (!item) return;
  if (target.name.startsWith("answers-")) settleBetween(item, target);
  showAnswer(item);
}

/** A number counts while it is typed; choices and dates say for themselves when they are done. */
function onInput(event) {
  if (event.target.matches("[name$='-value']:not([type])")) onChange(event);
}

function onClick(event) {
  const item = event.target.closest("[data-clear]")?.closest("[data-item]");
  if (!item) return;
  clearAnswer(item);
  item.querySelector("[name$='-value']").focus();
  showAnswer(item);
}

/** Enter in a field must not send a visit half-way. */
function onKey(event) {
  const isField = event.target.matches("input:not([type='radio'], [type='checkbox'])");
  if (event.key === "Enter" && isField) event.preventDefault();
}

function onSubmit(event) {
  if (!navigator.onLine) {
    event.preventDefault();
    said.textContent = said.dataset.textOffline;
    return;
  }
  document.getElementById("written-at").value ||= new Date().toISOString(); // sent twice, it is still the same visit
  said.textContent = said.dataset.textSaving;
  isDirty = false;
}

startProposals(form, (decision) => {
  announcer.textContent = announcer.dataset[decision === "agreed" ? "textAgreed" : "textDeclined"];
});
for (const id of Object.keys(state.answers)) showItem(document.getElementById(id), rules.get(id), state);
showTotals();
startPeople(form);
startPlace(form);
startClock(form);
startDecree(form, rules, (field) => showAnswer(field.closest("[data-item]")));
form.addEventListener("change", onChange);
form.addEventListener("input", onInput);
form.addEventListener("click", onClick);
form.addEventListener("keydown", onKey);
form.addEventListener("submit", onSubmit);
window.addEventListener("beforeunload", (event) => {
  if (isDirty) event.preventDefault();
});
startSteps(form, (step) => {
  said.textContent = "";
  if (step.id === LAST_STEP) fillReview(form, state);
});
document.body.classList.add("is-stepped");
