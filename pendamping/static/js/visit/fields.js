/** The fields of the visit's form as pairs, and pairs back into the form. */

import { writeInto } from "../field/controls.js";
import { growPeople } from "./people.js";

const NOT_KEPT = new Set(["csrf_token", "draft_revision", "photo_files"]);
const NOT_WRITTEN = new Set([...NOT_KEPT, "id"]);
const PHOTO = /^(photos|answers-.+-photo)$/;

/** [name, value] of every field that says something. @returns {[string, string][]} */
export function fieldsOf(form) {
  const pairs = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NOT_KEPT.has(name));
  return pairs.filter(([, value]) => value !== "");
}

/** The versions that the page asks by. */
export function versionsOf(form) {
  return [...form.querySelectorAll("[name^='instruments-']")].map((field) => [field.name, field.value]);
}

/** Write what was kept into the form, instead of what stands there. Photos are pictures: `photosIn` names them.
 * @param {[string, string][]} pairs */
export function writeFields(form, pairs) {
  const rows = rowsOfThisPage(form, pairs);
  growPeople(form, 1 + Math.max(-1, ...rows.map(([name]) => Number(/^people_met-(\d+)-/.exec(name)?.[1] ?? -1))));
  const numbers = new Set(rows.map(([name]) => actionOf(name)).filter(Boolean));
  // a proposal that was not on offer was not kept: it stays as the page has it
  const isKept = (name) => isWritten(name) && (actionOf(name) === null || numbers.has(actionOf(name)));
  writeInto([...form.elements].filter((each) => each.name && isKept(each.name)), rows);
}

const actionOf = (name) => /^actions-(\d+)-/.exec(name)?.[1] ?? null;

/** @returns {[string, string][]} name of the place and id of each photo that was kept */
export function photosIn(pairs) {
  return pairs.filter(([name]) => PHOTO.test(name));
}

const isWritten = (name) => !NOT_WRITTEN.has(name) && !name.startsWith("instruments-") && !PHOTO.test(name);

/** Actions are numbered anew by each page; a proposal is known by its item, the others by their order. */
function rowsOfThisPage(form, pairs) {
  const items = new Map(pairs.filter(([name]) => /^actions-\d+-item$/.test(name)).map(([name, item]) => [name.split("-")[1], item]));
  const ofItem = new Map([...form.querySelectorAll("[name^='actions-'][name$='-item']")].map((field) => [field.value, field.name.split("-")[1]]));
  const free = [...form.querySelectorAll("[data-free-action] [name$='-title']")].map((field) => field.name.split("-")[1]);
  const numbers = new Map();
  for (const [name] of pairs) {
    const [first, number] = name.split("-");
    if (first !== "actions" || numbers.has(number)) continue;
    numbers.set(number, items.has(number) ? ofItem.get(items.get(number)) : free.shift());
  }
  return pairs.flatMap(([name, value]) => {
    const [first, number, part] = name.split("-");
    if (first !== "actions") return [[name, value]];
    return numbers.get(number) === undefined ? [] : [[`actions-${numbers.get(number)}-${part}`, value]];
  });
}
