/** The action that a poor answer offers, as a card inside the item: take it, change it, not now, or have an action that is
 * there already put this item right too. The decision lives in the proposal's own fields: the tick box "agreed", which also
 * works without script, and "joins", which names the other action. */

import { locale } from "../locale.js";

/** @typedef {"open" | "agreed" | "declined" | "joining" | "joined"} Decision */

/** @param {(words: "agreed" | "declined") => void} say tells a screen reader what was decided */
export function startProposals(form, say) {
  const items = [...form.querySelectorAll("[data-item]")];
  for (const item of items) offer(item, false);
  for (const item of items.filter((each) => joined(each) && !targetOf(each))) {
    part(item); // what it was to come to is not on offer any more
    offer(item, false);
  }
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-decide], [data-edit], [data-join]");
    const item = button?.closest("[data-item]");
    if (!item) return;
    const { decide: decision, join } = button.dataset;
    if (decision) {
      decide(item, decision);
      if (decision !== "open") say(decision === "declined" ? "declined" : "agreed");
    } else if (join !== undefined) decide(item, "joining");
    else edit(item);
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
  if (parts.fields.disabled || !parts.agreed.checked) return null;
  return joined(item) ? wordsOfJoined(item) : wordsOf(parts.fields);
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
    joins: box.querySelector("[name$='-joins']"),
    card: item.querySelector(".proposal-card"),
  };
}

/** Whether another action puts the item right too. */
function joined(item) {
  const { agreed, joins } = partsOf(item);
  return agreed.checked && joins.value !== "";
}

/** The actions that an item may come to: those under way, and those that this visit puts into the plan.
 * @returns {{underWay: Target[], ofToday: Target[]}} @typedef {{value: string, title: string}} Target */
function targetsFor(item) {
  const options = [...document.querySelector("#takes-items").content.querySelectorAll("option")];
  const underWay = options.filter((each) => !each.dataset.items.split(" ").includes(item.id)).map((each) => ({ value: each.value, title: each.textContent.trim() }));
  const ofToday = offered(item).filter((each) => each !== item && partsOf(each).agreed.checked && !joined(each));
  return { underWay, ofToday: ofToday.map((each) => ({ value: each.id, title: wordsOf(partsOf(each).fields).title })) };
}

function targetOf(item) {
  const { underWay, ofToday } = targetsFor(item);
  return [...underWay, ...ofToday].find(({ value }) => value === partsOf(item).joins.value);
}

/** Items that come to the action of this one. */
function followersOf(item) {
  return offered(item).filter((each) => joined(each) && partsOf(each).joins.value === item.id);
}

/** Every item of the form that has offered an action by now. */
function offered(item) {
  return [...item.closest("form").querySelectorAll(".proposal-card")].map((card) => card.closest("[data-item]"));
}

function wordsOfJoined(item) {
  const pattern = document.querySelector("#proposal-card").content.firstElementChild.dataset.textJoined;
  return { title: targetOf(item)?.title ?? "", meta: pattern.replace("{item}", item.id) };
}

/** The item stands by itself again, and nothing is decided about it. */
function part(item) {
  const { agreed, joins } = partsOf(item);
  joins.value = "";
  agreed.checked = false;
  item.dataset.decision = "open";
}

function fillChoice(item, select) {
  const { textUnderWay, textOfToday } = document.querySelector("#takes-items").dataset;
  const { underWay, ofToday } = targetsFor(item);
  const groups = [[textUnderWay, underWay], [textOfToday, ofToday]].filter(([, targets]) => targets.length);
  select.replaceChildren(
    ...groups.map(([label, targets]) => {
      const group = Object.assign(document.createElement("optgroup"), { label });
      group.append(...targets.map(({ value, title }) => new Option(title, value)));
      return group;
    }),
  );
}

function addCard(parts) {
  parts.box.before(document.querySelector("#proposal-card").content.cloneNode(true));
}

function decide(item, decision) {
  const parts = partsOf(item);
  const followers = decision === "agreed" ? [] : followersOf(item);
  parts.joins.value = decision === "joined" ? parts.card.querySelector("[data-join-choice]").value : "";
  parts.agreed.checked = decision === "agreed" || decision === "joined";
  item.dataset.decision = decision;
  parts.box.open = false;
  followers.forEach(part);
  if (decision === "joining") fillChoice(item, parts.card.querySelector("[data-join-choice]"));
  offered(item).forEach(tell);
  parts.card.querySelector("[data-state]:not([hidden])").focus();
  parts.agreed.dispatchEvent(new Event("change", { bubbles: true }));
}

function edit(item) {
  const parts = partsOf(item);
  parts.box.open = !parts.box.open;
  tell(item);
  if (parts.box.open) parts.fields.querySelector("[name$='-title']").focus();
}

/** @returns {Decision} */
function decisionOf(item) {
  if (partsOf(item).agreed.checked) return joined(item) ? "joined" : "agreed";
  return ["declined", "joining"].includes(item.dataset.decision) ? item.dataset.decision : "open";
}

function tell(item) {
  const { box, fields, agreed, card } = partsOf(item);
  if (!card) return;
  const decision = decisionOf(item);
  const { title, meta } = decision === "joined" ? wordsOfJoined(item) : wordsOf(fields);
  card.hidden = box.hidden;
  card.classList.toggle("is-agreed", agreed.checked);
  card.classList.toggle("is-declined", decision === "declined");
  for (const state of card.querySelectorAll("[data-state]")) state.hidden = state.dataset.state !== decision;
  for (const each of card.querySelectorAll("[data-title]")) each.textContent = title;
  for (const each of card.querySelectorAll("[data-meta]")) each.textContent = meta;
  const { underWay, ofToday } = targetsFor(item);
  card.querySelector("[data-join]").hidden = underWay.length + ofToday.length === 0 || followersOf(item).length > 0;
  for (const each of card.querySelectorAll("[data-edit]")) each.setAttribute("aria-expanded", String(box.open));
}
