/** The action that a poor answer offers, as a card inside the item: take it, change it, or not now.
 * The decision lives in the tick box "agreed" of the proposal's own fields, which also work without script. */

import { locale } from "../locale.js";

/** @typedef {"open" | "agreed" | "declined"} Decision */

/** @param {(words: "agreed" | "declined") => void} say tells a screen reader what was decided */
export function startProposals(form, say) {
  for (const item of form.querySelectorAll("[data-item]")) offer(item, false);
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-decide], [data-edit]");
    const item = button?.closest("[data-item]");
    if (!item) return;
    if (button.dataset.decide) {
      decide(item, button.dataset.decide);
      if (button.dataset.decide !== "open") say(button.dataset.decide);
    } else edit(item);
  });
  form.addEventListener("input", (event) => {
    if (event.target.closest("[data-proposal]")) tell(event.target.closest("[data-item]"));
  });
}

/** Shows or hides an item's proposal; what is hidden is not sent. What was agreed stays until somebody takes it out. */
export function offer(item, isPoor) {
  const parts = partsOf(item);
  const isWanted = isPoor || parts.agreed.checked;
  parts.box.hidden = !isWanted;
  parts.fields.disabled = !isWanted;
  if (isWanted && !parts.card) addCard(parts);
  tell(item);
}

/** The agreed action of an item, or null. @returns {{title: string, meta: string} | null} */
export function agreedAction(item) {
  const parts = partsOf(item);
  return !parts.fields.disabled && parts.agreed.checked ? wordsOf(parts.fields) : null;
}

/** Title and "who, until when" of a set of action fields. */
export function wordsOf(fields) {
  const owner = fields.querySelector("[name$='-owner_role']");
  const due = fields.querySelector("[name$='-due_on']").value;
  const pattern = document.querySelector("#proposal-card").content.firstElementChild.dataset.textMeta;
  return {
    title: fields.querySelector("[name$='-title']").value.trim(),
    meta: pattern.replace("{owner}", owner.selectedOptions[0]?.text ?? "").replace("{due}", longDate(due)),
  };
}

/** "14 April 2026" from "2026-04-14"; anything else as it is. */
export function longDate(iso) {
  const day = new Date(`${iso}T00:00:00Z`);
  if (Number.isNaN(day.valueOf())) return iso;
  const style = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(locale, style).format(day);
}

function partsOf(item) {
  const box = item.querySelector("[data-proposal]");
  return {
    box,
    fields: box.querySelector("fieldset"),
    agreed: box.querySelector("[name$='-agreed']"),
    card: item.querySelector(".proposal-card"),
  };
}

function addCard(parts) {
  parts.box.before(document.querySelector("#proposal-card").content.cloneNode(true));
}

function decide(item, decision) {
  const parts = partsOf(item);
  parts.agreed.checked = decision === "agreed";
  item.dataset.decision = decision;
  parts.box.open = false;
  tell(item);
  parts.card.querySelector("[data-state]:not([hidden])").focus();
  parts.agreed.dispatchEvent(new Event("change", { bubbles: true }));
}

function edit(item) {
  const parts = partsOf(item);
  parts.box.open = !parts.box.open;
  tell(item);
  if (parts.box.open) parts.fields.querySelector("[name$='-title']").focus();
}

function tell(item) {
  const { box, fields, agreed, card } = partsOf(item);
  if (!card) return;
  const decision = agreed.checked ? "agreed" : item.dataset.decision === "declined" ? "declined" : "open";
  const { title, meta } = wordsOf(fields);
  card.hidden = box.hidden;
  card.classList.toggle("is-agreed", decision === "agreed");
  card.classList.toggle("is-declined", decision === "declined");
  for (const state of card.querySelectorAll("[data-state]")) state.hidden = state.dataset.state !== decision;
  for (const each of card.querySelectorAll("[data-title]")) each.textContent = title;
  for (const each of card.querySelectorAll("[data-meta]")) each.textContent = meta;
  for (const each of card.querySelectorAll("[data-edit]")) each.setAttribute("aria-expanded", String(box.open));
}
