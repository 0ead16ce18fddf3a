/** Fills the last step from the form: everything once more before it is saved. */

import { locale } from "../locale.js";
import { peopleMet } from "./people.js";
import { countPhotos } from "./photos.js";
import { placeAccuracy } from "./place.js";
import { isAsked } from "./scores.js";
import { agreedAction, longDate, wordsOf } from "./proposals.js";

/** @param {HTMLFormElement} form
 * @param {{answers: object, poor: Set<string>}} state what form.js keeps up to date */
export function fillReview(form, state) {
  const target = form.querySelector("[data-review]");
  const review = document.querySelector("#review");
  const page = review.content.cloneNode(true);
  const part = (name) => page.querySelector(`[data-fill='${name}']`);
  const items = [...form.querySelectorAll("[data-item]")];

  fillHeader(form, part, review.dataset);
  part("instruments").append(...[...form.querySelectorAll("[data-instrument]")].map((each) => instrumentRow(each, state.answers)));
  fillUnanswered(part("unanswered"), items, state.answers);
  fillReasons(part("reasons"), items, state.answers);
  fillPoor(part("poor"), items, state.poor);
  fillActions(part, form, items);

  target.replaceChildren(page);
  target.hidden = false;
  form.querySelector("[data-review-without-script]").hidden = true;
}

function fillHeader(form, part, texts) {
  const value = (name) => form.elements[name]?.value ?? "";
  const chosen = (name) =>
    [...form.querySelectorAll(`[name='${name}']:checked`)].map((each) => each.closest("label").textContent.trim()).join(", ");
  const clock = [value("started"), value("ended")].filter(Boolean).map(clockTime).join("–");
  const metres = placeAccuracy(form);
  const facts = {
    when: [value("visited_on") && longDate(value("visited_on")), clock].filter(Boolean).join(", "),
    mode: chosen("mode"),
    purposes: chosen("purposes"),
    people: peopleMet(form).join("\n"),
    place: metres === null ? texts.textNoPlace : texts.textPlace.replace("{metres}", metres),
    photos: photosInWords(form, texts),
    signature: value("signature") && value("signed_by"),
  };
  for (const [name, words] of Object.entries(facts)) {
    part(name).textContent = words || texts.textNothing;
    part(name).classList.toggle("muted", !words);
  }
}

function photosInWords(form, texts) {
  const { sent, unsent } = countPhotos(form);
  const words = [sent && texts.textPhotos.replace("{count}", sent), unsent && texts.textUnsent.replace("{count}", unsent)];
  return words.filter(Boolean).join(", ");
}

/** "09.30" from "09:30", as the reader's language writes it. */
function clockTime(text) {
  const style = { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "UTC" };
  return new Intl.DateTimeFormat(locale, style).format(new Date(`1970-01-01T${text}Z`));
}

function instrumentRow(instrument, answers) {
  const row = copyOf("review-instrument");
  const items = [...instrument.querySelectorAll("[data-item]")].filter((item) => isAsked(item) || answers[item.id]);
  const answered = items.filter((item) => answers[item.id]).length;
  const words = row.dataset.textCounter.replace("{answered}", answered).replace("{total}", items.length);
  fill(row, "title", instrument.querySelector("h2").textContent.trim());
  fill(row, "counter", words);
  const score = instrument.querySelector("[data-live-score]").cloneNode(true);
  row.querySelector("[data-fill='score']").append(...score.childNodes);
  return row;
}

function fillUnanswered(target, items, answers) {
  const unanswered = items.filter((item) => isAsked(item) && !answers[item.id]);
  target.hidden = unanswered.length === 0;
  target.querySelector("[data-words]").textContent = target.dataset.text.replace("{count}", unanswered.length);
  if (unanswered.length) target.querySelector("a").href = `#${unanswered[0].id}`;
}

function fillReasons(target, items, answers) {
  const unexplained = items.filter((item) => answers[item.id]?.value === "na" && !answers[item.id].note);
  target.hidden = unexplained.length === 0;
  target.querySelector("ul").append(...unexplained.map((item) => link(copyOf("review-reason"), item)));
}

function fillPoor(target, items, poor) {
  const found = items.filter((item) => poor.has(item.id));
  target.hidden = found.length === 0;
  for (const item of found) {
    const row = link(copyOf("review-poor"), item);
    const isAgreed = agreedAction(item) !== null;
    row.querySelector("[data-agreed]").hidden = !isAgreed;
    row.querySelector("[data-not-agreed]").hidden = isAgreed;
    target.querySelector("ul").append(row);
  }
}

function fillActions(part, form, items) {
  const free = [...form.querySelectorAll("[data-free-action]")].map(wordsOf).filter((action) => action.title);
  const agreed = [...items.map(agreedAction).filter(Boolean), ...free];
  part("no-actions").hidden = agreed.length > 0;
  for (const action of agreed) {
    const row = copyOf("review-action");
    fill(row, "title", action.title);
    fill(row, "meta", action.meta);
    part("actions").append(row);
  }
}

function copyOf(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

function fill(row, name, words) {
  row.querySelector(`[data-fill='${name}']`).textContent = words;
}

function link(row, item) {
  const place = row.querySelector("a");
  place.href = `#${item.id}`;
  place.textContent = `${item.id} · ${item.dataset.label}`;
  return row;
}
