/** Two versions of one thing and what a person makes of them: for each part the tablet's or the office's, or both whole.
 * What comes out is a record that names the office's version, so that the tablet's really takes its place. Pure. */

import { newId } from "./ids.js";
import { flatten } from "./nested.js";

const ANSWER = "answers.";
const HAS_HOURS = new Set(["visit", "schedule"]);
const NEW_PLAN = "/jadwal/baru";

/** @typedef {{names: string[], label: string, mine: string, office: string, can_win: boolean}} Row
 * @typedef {object} Comparison
 * @property {string} kind   @property {string} about   @property {string | null} base_sha256
 * @property {string | null} written_over   @property {Row[]} rows   @property {object[]} actions */

/** The records that let the chosen rows win; none where nothing was chosen.
 * @param {import("./outbox.js").Entry} entry what met the office's version
 * @param {Comparison} found @param {Row[]} chosen @param {string} reason where the record has none of its own
 * @returns {object[]} each to be frozen */
export function recordsThatWin(entry, found, chosen, reason) {
  const names = chosen.flatMap((row) => row.names);
  if (!names.length) return [];
  const mine = JSON.parse(entry.body);
  if (found.kind === "schedule") return [planThatWins(entry, found, mine, names)];
  const parts = names.filter((name) => name !== "actions");
  return [
    ...(parts.length ? [correctionThatWins(entry, found, mine, parts, reason)] : []),
    ...(names.includes("actions") ? found.actions.map((action) => actionThatFollows(entry, found, action)) : []),
  ];
}

function planThatWins({ user, title, cooperative, page, draft, part, about }, found, mine, names) {
  const body = { ...JSON.parse(found.written_over), written_over: found.written_over };
  for (const name of names) if (mine[name] !== undefined) body[name] = mine[name];
  return { user, kind: "schedule", part, about, id: found.about, base_sha256: found.base_sha256, body, attachments: [], draft, title, cooperative, page };
}

function correctionThatWins({ user, title, cooperative }, found, mine, names, reason) {
  const body = { visit: found.about, reason: mine.reason || reason };
  for (const name of names) {
    if (name.startsWith(ANSWER)) (body.answers ??= {})[name.slice(ANSWER.length)] = answerOf(mine, name.slice(ANSWER.length));
    else body[name] = mine[name] ?? "";
  }
  const id = newId();
  const page = `/kunjungan/${found.about}/perbaiki`;
  const { visit: _visit, ...said } = body;
  const draft = { user, id, record_id: "", kind: "correction", part: "", base: found.base_sha256, page, title, cooperative, fields: flatten(said), versions: [], strokes: [] };
  return { user, kind: "correction", about: found.about, id, base_sha256: found.base_sha256, body, attachments: [], draft, title, cooperative, page };
}

/** Photos are no part of a correction. */
function answerOf({ answers }, item) {
  const { value = "", proof = "", note = "" } = answers[item] ?? {};
  return { value, proof, note };
}

function actionThatFollows({ user, title, cooperative }, found, action) {
  const body = { cooperative, visit: found.about, ...action };
  const page = `/koperasi/${cooperative}/rencana`;
  const draft = { user, id: action.id, record_id: action.id, kind: "action", part: "", page, title, cooperative, fields: flatten(action), versions: [], strokes: [] };
  delete body.id;
  return { user, kind: "action", id: action.id, base_sha256: null, body, attachments: [], draft, title, cooperative, page };
}

/** The tablet's version as a thing of its own beside the office's. Of what takes place at an hour it names the one that it was
 * written twice of: those two may stand at the same hours. @returns {object} to be frozen */
export function recordBeside(entry) {
  const { user, kind, about, attachments, title, cooperative, page } = entry;
  const { written_over: _over, moved_because: _moved, ...body } = JSON.parse(entry.body);
  const id = newId();
  const draft = { ...entry.draft, id, record_id: id };
  if (HAS_HOURS.has(kind)) body.beside = draft.beside = entry.id;
  const record = { user, kind, about, id, base_sha256: null, body, attachments, draft, title, cooperative, page };
  if (kind === "schedule") return asNewPlan(record);
  if (kind !== "visit") return record;
  return { ...record, about: undefined, body: { ...body, actions: (body.actions ?? []).map((action) => ({ ...action, id: newId() })) } };
}

/** A plan of its own, whichever page its version was written on: it is no version of the one beside which it stands. */
function asNewPlan(record) {
  const { beside: _beside, ...said } = record.body;
  const draft = { ...record.draft, page: NEW_PLAN, part: "", base: null, over: null, shown: null, fields: flatten(said) };
  return { ...record, about: undefined, part: "", page: NEW_PLAN, draft };
}
