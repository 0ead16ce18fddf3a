/** A small form that names its kind: every change is kept on the tablet at once, put back when its page is opened again, and
 * the finished form becomes a record. The form says by its attributes what it is about (docs/offline.md, "Forms"). */

import { locale } from "../locale.js";
import { Autosave } from "./autosave.js";
import { BODIES } from "./bodies.js";
import { writeInto } from "./controls.js";
import { OFFICE_TZ } from "./days.js";
import { draftsOf, keyOf } from "./drafts.js";
import { newId, sha256Of } from "./ids.js";
import { entriesOf, freeze, post, standsOnRefused } from "./outbox.js";
import { pinPage, user } from "./tablet.js";

const NOT_KEPT = new Set(["csrf_token", "base_revision"]);
/** What the address of a form says of a draft; anything else is a wish for a new one. */
const DRAFT = "draf";

/** Kinds whose records are versions of one thing, each written over the one before. */
const VERSIONED = new Set(["schedule", "correction"]);
/** What is said of one change and not of the next. */
const SAID_ONCE = new Set(["reason", "because"]);

/** The record that a form is written over where it has not arrived yet, or arrived after the page was made. Pure.
 * @param {import("./outbox.js").Entry[]} entries oldest first
 * @param {{kind: string, about: string | undefined, keptAt: string | null}} form */
export function newerThanPage(entries, { kind, about, keptAt }) {
  const isNewer = (entry) => !entry.received_at || (keptAt && (entry.sent_at ?? entry.received_at) > keptAt);
  const canStand = (entry) => entry.state !== "needs_attention" && !standsOnRefused(entry, entries);
  if (!about || !VERSIONED.has(kind)) return undefined;
  return entries.filter((entry) => entry.kind === kind && entry.about === about && canStand(entry) && isNewer(entry)).pop();
}

/** The draft that belongs on a form: the one that the address names, else the newest that was begun on it. Pure.
 * @param {import("./drafts.js").Draft[]} drafts newest first @param {{page: string, kind: string, part: string, address: URLSearchParams}} form */
export function draftFor(drafts, { page, kind, part, address }) {
  const own = drafts.filter((draft) => draft.page === page && draft.kind === kind && (draft.part ?? "") === part);
  if (address.has(DRAFT)) return own.find((draft) => draft.id === address.get(DRAFT));
  return [...address.keys()].length ? undefined : own[0];
}

/** "14 Apr 2026, 08.10", by the office's clock. */
export function keptWhen(instant) {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone: OFFICE_TZ }).format(new Date(instant));
}

export class RecordForm extends Autosave {
  /** @param {HTMLFormElement} form @param {{keptAt: string | null}} page */
  constructor(store, form, { keptAt }) {
    super();
    const { recordKind: kind, recordPart: part = "", recordId, recordVisit: visit, recordAction: action } = form.dataset;
    Object.assign(this, { store, form, keptAt, kind, part, recordId, visit, action });
    Object.assign(this, { draft: null, id: null });
    this.about = recordId ?? visit ?? action ?? form.elements.action?.value;
    this.base = form.dataset.recordBase ?? null;
    this.over = form.dataset.recordOver ?? null;
  }

  /** Put back what waits or was begun, and keep every change from now on. */
  async open() {
    this.pending = newerThanPage(await entriesOf(this.store, user), this);
    const address = new URLSearchParams(location.search);
    this.draft = draftFor(await draftsOf(this.store, user), { page: location.pathname, kind: this.kind, part: this.part, address }) ?? null;
    if (this.pending?.draft && this.pending.part === this.part) this.write(this.pending.draft.fields.filter(([name]) => !SAID_ONCE.has(name)));
    this.shown = this.draft?.shown ?? this.fields();
    if (this.draft) this.putBack();
    this.form.addEventListener("input", () => this.note());
    this.form.addEventListener("change", () => this.note());
  }

  get controls() {
    return [...this.form.elements].filter((each) => each.name && !NOT_KEPT.has(each.name));
  }

  write(fields) {
    writeInto(this.controls, fields);
  }

  putBack() {
    const { draft } = this;
    Object.assign(this, { id: draft.id, change: draft.change, recordId: draft.record_id ?? this.recordId });
    this.isStale = Boolean(draft.base && this.base && draft.base !== this.base && !this.pending);
    pinPage(location.pathname, draft.id); // it may not have been kept at once
    if (draft.base) this.base = draft.base;
    if (draft.over) this.over = draft.over;
    this.write(draft.fields);
    this.form.closest("details")?.setAttribute("open", "");
    this.say(draft);
  }

  say(draft) {
    const template = document.getElementById("put-back");
    if (!template) return;
    const line = template.content.firstElementChild.cloneNode(true);
    line.querySelector("[data-words]").textContent = template.dataset.text.replace("{when}", keptWhen(draft.saved_at));
    line.querySelector("[data-stale]").hidden = !this.isStale;
    line.querySelector("[data-discard]").addEventListener("click", () => this.discard());
    this.form.prepend(line);
  }

  async discard() {
    await this.settle();
    await this.store.write([{ in: "drafts", drop: keyOf(user, this.id) }]);
    location.replace(location.pathname);
  }

  /** Whether the record goes by the outbox even where the page is fresh: it came back, or the page has moved on. */
  get mustBeRecord() {
    return Boolean(this.draft?.problem || this.isStale || this.pending);
  }

  kept(draft) {
    if (draft.change === 1) pinPage(location.pathname, draft.id);
    this.form.dataset.draftKept = draft.saved_at;
    this.form.querySelector("[data-not-kept]")?.remove();
  }

  fork() {
    this.id = newId();
  }

  /** The tablet is full, or its storage broken: said at the form, for what is typed is not safe. */
  refused() {
    const template = document.getElementById("not-kept");
    if (template && !this.form.querySelector("[data-not-kept]")) this.form.prepend(template.content.cloneNode(true));
  }

  asDraft() {
    this.id ??= newId();
    const { form, kind, part, base, over, shown } = this;
    const fields = this.fields();
    return {
      user,
      id: this.id,
      record_id: this.recordId ?? form.elements.id?.value ?? "",
      kind,
      part,
      base,
      over,
      shown,
      page: location.pathname,
      title: form.dataset.title ?? form.elements.cooperative?.selectedOptions?.[0]?.text ?? "",
      cooperative: form.dataset.cooperative ?? form.elements.cooperative?.value ?? "",
      fields,
      versions: [],
      strokes: [],
    };
  }

  fields() {
    return [...new FormData(this.form)].filter(([name, value]) => typeof value === "string" && !NOT_KEPT.has(name));
  }

  /** The finished form, frozen. @returns {Promise<object>} the entry */
  async asEntry() {
    await this.settle();
    const draft = this.asDraft();
    const id = draft.record_id || newId();
    draft.record_id = id; // put right later, it is still the same record
    const version = await this.versionShown();
    const { body, attachments } = BODIES[this.kind](draft.fields, { visit: this.visit, action: this.action, cooperative: draft.cooperative, newId, shown: this.shown, ...version });
    if (this.draft?.beside) body.beside = draft.beside = this.draft.beside; // kept beside another one, it still is once it was put right
    const { title, cooperative, page } = draft;
    const record = { user, kind: this.kind, part: this.part, about: this.about, id, base_sha256: version.base, body, attachments, draft, title, cooperative, page };
    return freeze(record, { sha256: sha256Of, now: Date.now() });
  }

  /** What the form is written over: what waits already, else what its page showed. */
  async versionShown() {
    if (this.pending) return { base: this.pending.sha256, over: JSON.parse(this.pending.body) };
    if (this.over) return { base: await sha256Of(this.over), over: JSON.parse(this.over), writtenOver: this.over };
    return { base: this.base, over: null };
  }

  /** The record goes in and its draft goes out. */
  async post() {
    const entry = await this.asEntry();
    await post(this.store, entry, keyOf(user, this.id));
    this.isStopped = true;
    return entry;
  }
}
