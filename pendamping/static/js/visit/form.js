/** The visit's form as a tool: steps, live scores, proposals, the review. Without it the form is one long page that works. */

import { clearAnswer, readAnswer, readAnswers, settleBetween } from "./answers.js";
import { startPeople } from "./people.js";
import { startClock } from "./clock.js";
import { startDecree } from "./decree.js";
import { startPlace } from "./place.js";
import { offer, startProposals } from "./proposals.js";
import { fillReview } from "./review.js";
import { isGood, isPoor, scoreInstrument } from "./scoring.js";
import { startSteps } from "./steps.js";

const CLAIM = "klaim";
const LAST_STEP = "periksa";
const DECREE = "decree_on";
const DAY_MS = 86_400_000;

const form = document.getElementById("visit-form");
const { instruments } = JSON.parse(document.getElementById("scoring-sheet").textContent);
const said = form.querySelector("[data-said]");
const { lang } = document.documentElement;
const number = new Intl.NumberFormat(lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

const sheets = new Map(instruments.map((sheet) => [sheet.code, sheet]));
const rules = new Map(instruments.flatMap((sheet) => sheet.items).map((item) => [item.id, item]));

const state = { answers: readAnswers(form), poor: new Set(), scores: new Map() };
let isDirty = false;

/** Everything about one item that depends on its answer. */
function showItem(item) {
  const answer = readAnswer(item);
  const isAnswered = answer.value !== "";
  if (isAnswered) state.answers[item.id] = answer;
  else delete state.answers[item.id];

  const rule = rules.get(item.id);
  const needsAction = isPoor(rule, answer);
  if (needsAction) state.poor.add(item.id);
  else state.poor.delete(item.id);

  item.classList.toggle("is-answered", isAnswered);
  item.classList.toggle("is-na", answer.value === "na");
  if (isAnswered) addOnce(item, ".item__foot", "clear-answer");
  if (answer.value === "na" && !answer.note) item.querySelector("[data-note]").open = true;
  warn(item, rule.critical && isGood(rule, answer) && answer.proof === CLAIM);
  offer(item, needsAction);
}

function addOnce(item, place, templateId) {
  if (item.querySelector("[data-clear]")) return;
  item.querySelector(place).append(document.getElementById(templateId).content.cloneNode(true));
}

/** A good answer to a critical item that is only a claim does not count yet. */
function warn(item, isNeeded) {
  const shown = item.querySelector(".item__warning");
  if (!isNeeded) shown?.remove();
  else if (!shown) item.querySelector(".proof").append(document.getElementById("claim-warning").content.cloneNode(true));
}

/** The score before and, once something is answered in this visit, the score as it would be now. */
function showScores() {
  for (const box of form.querySelectorAll("[data-instrument]")) {
    const sheet = sheets.get(box.dataset.instrument);
    const { value, band, provisional } = scoreInstrument(sheet, state.answers);
    const isMoving = value !== null && sheet.items.some((item) => item.id in state.answers);
    const head = box.querySelector("[data-live-score]");
    head.querySelector("[data-score-now]").hidden = !isMoving;
    head.querySelector("[data-score-caption]").hidden = !isMoving;
    if (isMoving) {
      head.querySelector("[data-score-now]").classList.toggle("is-down", value < Number(box.dataset.scoreBefore || 0));
      const words = [bandWords(sheet.bands, band), provisional ? form.dataset.textProvisional : ""];
      head.querySelector("[data-score-value]").textContent = number.format(value);
      head.querySelector("[data-score-band]").textContent = words.filter(Boolean).join(" · ");
    }
    state.scores.set(box.dataset.instrument, head);
  }
}

function bandWords(bands, code) {
  const band = bands.find((each) => each.code === code);
  return (lang === "en" && band.name_en) || band.name_id;
}

function showCounts() {
  for (const step of form.querySelectorAll("[data-instrument] [data-step]")) {
    const items = [...step.querySelectorAll("[data-item]")];
    const answered = items.filter((item) => state.answers[item.id]).length;
    const words = form.dataset.textCounter.replace("{answered}", answered).replace("{total}", items.length);
    form.querySelector(`[data-counter='${step.id}']`).textContent = words;
    form.querySelector(`[data-progress='${step.id}']`).value = answered;
    const count = document.querySelector(`[data-count='${step.id}']`);
    count.textContent = `${answered}/${items.length}`;
    count.classList.toggle("is-complete", answered === items.length);
  }
}

/** Dates that count from one the register does not know yet can be scored as soon as somebody types it. */
function countFrom(decreeOn) {
  const start = Date.parse(`${decreeOn}T00:00:00Z`);
  for (const { rule } of rules.values()) {
    if (!rule.within) continue;
    const last = new Date(start + rule.within.days * DAY_MS);
    rule.limits = Number.isNaN(start) ? null : [[last.toISOString().slice(0, 10), rule.within.value]];
  }
}

function onAnswer(event) {
  isDirty = true;
  if (event.target.name === DECREE) countFrom(event.target.value);
  const item = event.target.closest("[data-item]");
  if (!item) return;
  if (event.target.name?.startsWith("answers-")) settleBetween(item, event.target);
  showItem(item);
  showScores();
  showCounts();
}

function onClear(event) {
  const button = event.target.closest("[data-clear]");
  if (!button) return;
  const item = button.closest("[data-item]");
  clearAnswer(item);
  button.remove();
  item.querySelector("[name$='-value']").focus();
  onAnswer({ target: item });
}

/** Enter in a field must not send a visit half-way. */
function onEnter(event) {
  const isField = event.target.matches("input:not([type='radio'], [type='checkbox'])");
  if (event.key === "Enter" && isField) event.preventDefault();
}

function onSave(event) {
  if (!navigator.onLine) {
    event.preventDefault();
    said.textContent = said.dataset.textOffline;
    return;
  }
  document.getElementById("written-at").value ||= new Date().toISOString(); // sent twice, it is still the same visit
  said.textContent = said.dataset.textSaving;
  isDirty = false;
}

function onLeave(event) {
  if (isDirty) event.preventDefault();
}

const announcer = form.querySelector("[data-announce]");
startProposals(form, (decision) => {
  announcer.textContent = announcer.dataset[decision === "agreed" ? "textAgreed" : "textDeclined"];
});
countFrom(form.elements[DECREE]?.value);
for (const item of form.querySelectorAll("[data-item]")) {
  const isTouched = item.id in state.answers;
  if (isTouched) showItem(item);
}
showScores();
showCounts();
startPeople(form);
startPlace(form);
startClock(form);
startDecree(form, rules, (field) => onAnswer({ target: field }));
form.addEventListener("change", onAnswer);
form.addEventListener("input", (event) => {
  // a number counts while it is typed; choices and dates say so themselves
  if (event.target.matches("[name$='-value'][inputmode], [name$='-value']:not([type])")) onAnswer(event);
});
form.addEventListener("click", onClear);
form.addEventListener("keydown", onEnter);
form.addEventListener("submit", onSave);
window.addEventListener("beforeunload", onLeave);

startSteps(form, (step) => {
  said.textContent = "";
  if (step.id === LAST_STEP) fillReview(form, state);
});
document.body.classList.add("is-stepped");
