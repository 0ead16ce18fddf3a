/** Reads and clears the answers of the visit's form. An item's fields are named answers-<item>-value, -proof and -note;
 * several fields may share a name (a date and its tick box "Belum"): the last one that says something counts. */

const CLAIM = "klaim";
const NOT_APPLICABLE = "na";

/** @typedef {{value: string, proof: string, note: string}} Answer */

/** What is answered at one item, as it would be sent.
 * @param {HTMLElement} item @returns {Answer} */
export function readAnswer(item) {
  const answer = { value: "", proof: CLAIM, note: "" };
  for (const field of fieldsOf(item)) {
    const given = isChoice(field) && !field.checked ? "" : field.value.trim();
    if (given) answer[partOf(field)] = given;
  }
  return answer;
}

/** Every answered item of the form.
 * @param {HTMLFormElement} form @returns {Object<string, Answer>} */
export function readAnswers(form) {
  const answers = {};
  for (const item of form.querySelectorAll("[data-item]")) {
    const answer = readAnswer(item);
    if (answer.value) answers[item.id] = answer;
  }
  return answers;
}

/** Takes an answer back: no value, a claim again; the note stays, for words are dearer than taps. */
export function clearAnswer(item) {
  for (const field of fieldsOf(item)) {
    if (partOf(field) === "value") empty(field);
    if (partOf(field) === "proof") field.checked = field.value === CLAIM;
  }
}

/** Answers as last time: the value, and for N/A its reason; the proof is for whoever looks today.
 * @param {HTMLElement} item @param {string} value canonical, as it was stored @param {string} note */
export function repeatAnswer(item, value, note) {
  const fields = [...fieldsOf(item)];
  const values = fields.filter((field) => partOf(field) === "value");
  const choice = values.find((field) => isChoice(field) && field.value === value);
  for (const field of values) if (field.type !== "radio") empty(field);
  if (choice) choice.checked = true;
  else values.find((field) => !isChoice(field)).value = value.replace(".", ",");
  const words = fields.find((field) => partOf(field) === "note");
  if (value === NOT_APPLICABLE && !words.value.trim()) words.value = note;
}

/** A number or date and the tick boxes that stand instead of it exclude each other: the field just used wins. */
export function settleBetween(item, used) {
  if (partOf(used) !== "value" || used.type === "radio") return;
  const isGiven = isChoice(used) ? used.checked : used.value.trim() !== "";
  if (!isGiven) return;
  for (const field of fieldsOf(item)) {
    if (partOf(field) === "value" && field !== used) empty(field);
  }
}

function fieldsOf(item) {
  return item.querySelectorAll("[name^='answers-']");
}

function partOf(field) {
  return field.name.slice(field.name.lastIndexOf("-") + 1);
}

function isChoice(field) {
  return field.type === "radio" || field.type === "checkbox";
}

function empty(field) {
  if (isChoice(field)) field.checked = false;
  else field.value = "";
}
