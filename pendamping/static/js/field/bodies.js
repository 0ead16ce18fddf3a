/** What a finished form says, as the office takes it: one document for each kind of record. */

import { nest } from "./nested.js";

const ANSWERS = "answers-";
const PEOPLE = "people_met-";
const LISTS = ["purposes", "photos", "photo", "items"];

/** The last value that says something counts: a date and its tick box "Belum" share one name. */
function said(pairs) {
  return pairs.filter(([, value]) => value !== "");
}

/** @typedef {[string, string][]} Pairs
 * @typedef {object} About
 * @property {string} cooperative   @property {string} [visit]   @property {string} [action]   @property {() => string} newId
 * @property {object | null} [over] the version that is changed   @property {string} [writtenOver] its text, where it came with a page
 * @property {Pairs} [shown] what the form said when it was opened
 * @type {Object<string, (pairs: Pairs, about: About) => {body: object, attachments: string[]}>} */
export const BODIES = { visit, schedule, correction, action, action_update: actionUpdate };

function visit(pairs, { cooperative, newId }) {
  const form = nest(said(pairs), LISTS);
  const answers = answersOf(form.answers ?? {});
  const body = {
    cooperative,
    visited_on: form.visited_on ?? null,
    started: form.started ?? null,
    ended: form.ended ?? null,
    mode: form.mode ?? null,
    purposes: form.purposes ?? [],
    people_met: (form.people_met ?? []).map(({ name = "", role = "" }) => ({ name, role })),
    notes: form.notes ?? "",
    place: placeOf(form.place),
    written_at: form.written_at ?? null,
    instruments: form.instruments ?? {},
    answers,
    actions: actionsOf(form.actions ?? [], newId),
    photos: form.photos ?? [],
    signature: form.signature ?? null,
    signed_by: form.signed_by ?? "",
  };
  for (const name of ["decree_on", "planned_visit"]) if (form[name]) body[name] = form[name];
  const ofItems = Object.values(answers).flatMap((answer) => answer.photos ?? []);
  return { body, attachments: [...body.photos, ...ofItems, body.signature].filter(Boolean) };
}

/** Items that nobody touched carry a proof all the same, for its field always says something: they are left out. */
function answersOf(fields) {
  const answers = {};
  for (const [item, { value = "", proof = "", note = "", photo = [] }] of Object.entries(fields)) {
    if (!value && !note && !photo.length) continue;
    answers[item] = { value, proof, note };
    if (photo.length) answers[item].photos = photo;
  }
  return answers;
}

function placeOf(place) {
  if (!place?.lat || !place.lon) return null;
  return { lat: Number(place.lat), lon: Number(place.lon), accuracy_m: place.accuracy_m ? Number(place.accuracy_m) : null };
}

/** Proposals count when they were agreed to, actions of one's own as soon as they have a title. */
function actionsOf(rows, newId) {
  const counted = rows.filter(({ item, agreed, title }) => (item ? agreed : agreed || title));
  return counted.map(({ id, item, title = "", owner_role = "", due_on = null, joins }) => ({
    id: id ?? newId(),
    item: item ?? null,
    title,
    owner_role,
    due_on,
    ...(item && joins && { joins }),
  }));
}

/** Of a correction only what its form says otherwise than it did when it was opened; what it does not name stays as it is
 * stored. Where nobody knows how it was opened, all of it. */
function correction(pairs, { visit: id, shown }) {
  if (!shown) return { body: { visit: id, ...nest(said(pairs), LISTS) }, attachments: [] };
  const before = partsOf(shown);
  const changed = [...partsOf(pairs)].filter(([part, own]) => part === "reason" || JSON.stringify(own) !== JSON.stringify(before.get(part)));
  return { body: { visit: id, ...nest(changed.flatMap(([, own]) => own), LISTS) }, attachments: [] };
}

/** What belongs together, by its name: an item's answer, the people met, every other field by itself. Of a name that is
 * given several times what says something counts; people without a name are none. */
function partsOf(pairs) {
  const given = new Map();
  for (const [name, value] of pairs) given.set(name, [...(given.get(name) ?? []), value]);
  const parts = new Map();
  for (const [name, values] of given) {
    const spoken = values.filter((value) => value !== "");
    const counted = spoken.length || name.startsWith(PEOPLE) ? spoken : [""];
    parts.set(partOf(name), [...(parts.get(partOf(name)) ?? []), ...counted.map((value) => [name, value])]);
  }
  return parts;
}

function partOf(name) {
  if (name.startsWith(PEOPLE)) return PEOPLE;
  return name.startsWith(ANSWERS) ? name.slice(0, name.lastIndexOf("-")) : name;
}

/** A new plan, or what becomes of one: moved, about something else, cancelled. */
function schedule(pairs, { over, writtenOver }) {
  const form = nest(over ? pairs : said(pairs));
  if (!over) {
    const { cooperative = "", planned_on = null, starts = null, mode = null, agenda = "" } = form;
    return { body: { cooperative, planned_on, starts, mode, agenda }, attachments: [] };
  }
  const { moved_because: _moved, written_over: _over, ...body } = over;
  if (form.to_on !== undefined) Object.assign(body, { planned_on: form.to_on, starts: form.to_starts || null, moved_because: form.reason ?? "" });
  if (form.agenda !== undefined) body.agenda = form.agenda;
  if (form.because !== undefined) body.cancelled_because = form.because;
  if (writtenOver) body.written_over = writtenOver;
  return { body, attachments: [] };
}

/** An action thought of apart from a visit's form: everything that its form says. */
function action(pairs, { cooperative, visit = null }) {
  const { id: _id, cooperative: _named, ...rest } = nest(said(pairs), LISTS);
  return { body: { cooperative, visit, ...rest }, attachments: [] };
}

/** A step of an action: how it goes, that it is given up, until when it is to be done now. */
function actionUpdate(pairs, { action: about }) {
  const { id: _id, action: named, ...rest } = nest(said(pairs), LISTS);
  return { body: { action: about ?? named, ...rest }, attachments: [] };
}
