/** The visit's form as a tool: steps, live scores, proposals, the review. Without it the form is one long page that works. */

import { clearAnswer, readAnswers, repeatAnswer, settleBetween } from "./answers.js";
import { startClock } from "./clock.js";
import { startDecree } from "./decree.js";
import { startDrafts } from "./drafts.js";
import { finish } from "./finish.js";
import { fillFindings } from "./findings.js";
import { showItem } from "./items.js";
import { openKept } from "./kept.js";
import { namesMet, startPeople } from "./people.js";
import { photosKept, photosSettled, putPhotosBack, startPhotos } from "./photos.js";
import { startPlace } from "./place.js";
import { startProposals } from "./proposals.js";
import { fillReview } from "./review.js";
import { showCounts, showScores } from "./scores.js";
import { startSignature } from "./signature.js";
import { startSteps } from "./steps.js";

const LAST_STEP = "periksa";
const EVIDENCE_STEP = "bukti";
const FINDINGS_STEP = "temuan";

const form = document.getElementById("visit-form");
const said = form.querySelector("[data-said]");
const announcer = form.querySelector("[data-announce]");
const { instruments } = JSON.parse(document.getElementById("scoring-sheet").textContent);
const sheets = new Map(instruments.map((sheet) => [sheet.code, sheet]));
const rules = new Map(instruments.flatMap((sheet) => sheet.items).map((item) => [item.id, item]));
const kept = await openKept(form); // before anything reads the form: what the tablet knows of the visit is put back
const state = { answers: readAnswers(form), poor: new Set() };
let isDirty = false;
let isSettled = false;
let isPosting = null;
const drafts = startDrafts(form, kept);

function noteChange(strokes) {
  isDirty = true;
  drafts.note(strokes);
}

function showTotals() {
  showScores(form, sheets, state.answers);
  showCounts(form, state.answers);
}

function showAnswer(item) {
  showItem(item, rules.get(item.id), state);
  showTotals();
}

function onChange({ target }) {
  noteChange();
  const item = target.closest("[data-item]");
  if (!item) return;
  if (target.name.startsWith("answers-")) settleBetween(item, target);
  showAnswer(item);
}

/** A number counts while it is typed; choices and dates say for themselves when they are done. */
function onInput(event) {
  noteChange();
  if (event.target.matches("[name$='-value']:not([type])")) onChange(event);
}

function onClick(event) {
  const button = event.target.closest("[data-clear], [data-same]");
  const item = button?.closest("[data-item]");
  if (!item) return;
  if (button.dataset.same !== undefined) repeatAnswer(item, button.dataset.same, button.dataset.sameNote);
  else clearAnswer(item);
  noteChange();
  item.querySelector("[name$='-value']:checked, [name$='-value']").focus();
  showAnswer(item);
}

/** Enter in a field must not send a visit half-way. */
function onKey(event) {
  const isField = event.target.matches("input:not([type='radio'], [type='checkbox'])");
  if (event.key === "Enter" && isField) event.preventDefault();
}

/** Photos and the signature are safe on the tablet; the visit goes into the outbox and from there to the office. */
async function post() {
  said.textContent = said.dataset.textSaving;
  drafts.stop();
  await Promise.allSettled([photosKept(), signature.kept()]);
  isDirty = false;
  await finish(form, kept, sendAsEver);
}

/** Photos and the signature go first: what is saved must not name what is still on its way. */
async function settleAndSend() {
  said.textContent = said.dataset.textPhotos;
  await Promise.allSettled([photosSettled(form), signature.settled()]);
  await kept.leaveByPage();
  await new Promise((resolve) => setTimeout(resolve)); // a form that is still being submitted takes no second request
  isSettled = true;
  form.requestSubmit(form.querySelector("[data-save]"));
}

/** The form as a form: the office answers with the stored visit, or with the page and each fault at its place. */
function sendAsEver() {
  form.setAttribute("data-sends-itself", "");
  return settleAndSend();
}

function onSubmit(event) {
  if (kept.canPost) {
    event.preventDefault();
    if (!isPosting) isPosting = post().catch(() => sendAsEver()); // no room on the tablet: the office may still take it
    return;
  }
  if (!navigator.onLine) {
    event.preventDefault();
    said.textContent = said.dataset.textOffline;
    return;
  }
  if (!isSettled) {
    event.preventDefault();
    settleAndSend();
    return;
  }
  drafts.stop();
  document.getElementById("written-at").value ||= new Date().toISOString(); // sent twice, it is still the same visit
  said.textContent = said.dataset.textSaving;
  isDirty = false;
}

startProposals(form, (decision) => {
  announcer.textContent = announcer.dataset[decision === "agreed" ? "textAgreed" : "textDeclined"];
});
for (const same of form.querySelectorAll("[data-same]")) same.hidden = false;
for (const id of Object.keys(state.answers)) {
  const item = document.getElementById(id);
  item.closest(".others")?.setAttribute("open", ""); // what is answered lies open, due or not
  showItem(item, rules.get(id), state);
}
showTotals();
startPeople(form);
startPhotos(form, kept, noteChange);
const signature = startSignature(form, { kept, changed: noteChange, suggestedName: () => namesMet(form)[0] ?? "" });
startPlace(form);
startClock(form);
startDecree(form, rules, (field) => showAnswer(field.closest("[data-item]")));
form.addEventListener("change", onChange);
form.addEventListener("input", onInput);
form.addEventListener("click", onClick);
form.addEventListener("keydown", onKey);
form.addEventListener("submit", onSubmit);
window.addEventListener("beforeunload", (event) => {
  if (isDirty && !drafts.isKept()) event.preventDefault();
});
startSteps(form, (step) => {
  said.textContent = "";
  if (step.id === FINDINGS_STEP) fillFindings(form, state);
  if (step.id === EVIDENCE_STEP) requestAnimationFrame(signature.resize);
  if (step.id === LAST_STEP) fillReview(form, state);
});
document.body.classList.add("is-stepped");
await putPhotosBack(form, kept, noteChange);
if (kept.draft) drafts.note(); // what only the tablet knew goes to the office too
form.dataset.ready = "";
