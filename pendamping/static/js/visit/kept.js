/** The visit's form and the tablet's own store: every change kept at once, what was left behind put back, and the finished
 * visit frozen for sending. On pages without a facilitator or without IndexedDB all of it is left to the office's draft. */

import { Autosave } from "../field/autosave.js";
import { BODIES } from "../field/bodies.js";
import { daysBetween, later, officeDate } from "../field/days.js";
import { draftOf, dropFile, isAhead, keepFile, keyOf, noteAtOffice, noteFile } from "../field/drafts.js";
import { newId, sha256Of } from "../field/ids.js";
import { entriesOf, freeze, post } from "../field/outbox.js";
import { openStore } from "../field/store.js";
import { canWorkOffline, keptAt, pinPage, user } from "../field/tablet.js";
import { fieldsOf, photosIn, versionsOf, writeFields } from "./fields.js";

const KIND = "visit";

/** Name the visit, put back what the tablet knows of it, and keep it from now on.
 * @param {HTMLFormElement} form */
export async function openKept(form) {
  nameVisit(form);
  const store = user && globalThis.indexedDB ? await openStore().catch(() => null) : null;
  const kept = new KeptForm(form, store);
  if (store) await kept.open();
  return kept;
}

/** Pages of the field pack carry no id of their own: the address names a draft, or the tablet makes one. */
function nameVisit(form) {
  const address = new URLSearchParams(location.search);
  const { id, planned_visit: plan } = form.elements;
  id.value ||= address.get("draf") || newId();
  plan.value ||= address.get("rencana") ?? "";
  form.dataset.draftUrl = location.pathname.replace(/[^/]+$/, `draf/${id.value}`);
}

class KeptForm extends Autosave {
  constructor(form, store) {
    super();
    Object.assign(this, { form, store, draft: null });
    this.isSafe = true; // whether the tablet has everything that was typed
    this.said = () => {};
    this.forked = () => {};
  }

  get isActive() {
    return this.store !== null;
  }

  get id() {
    return this.form.elements.id.value;
  }

  async open() {
    if ((await entriesOf(this.store, user)).some((entry) => entry.id === this.id)) return this.leave();
    const draft = await draftOf(this.store, user, this.id);
    this.change = draft?.change ?? 0;
    this.beside = draft?.beside;
    if (draft) pinPage(draft.page, draft.id, (draft.versions ?? []).map(([, version]) => version)); // it may not have been kept at once
    if (keptAt) bringUpToDate(this.form, officeDate(Date.now()));
    if (draft?.sent_change) await this.noteSent(null); // the office did not store it: its form is shown once more
    if (!isAhead(draft, Number(this.form.dataset.draftRevision))) return;
    this.draft = draft;
    writeFields(this.form, draft.fields);
    this.form.dataset.draftRevision = draft.office_revision;
    await this.putSignatureBack();
  }

  /** Finished already: what becomes of it is told elsewhere, and a second visit under its id must not begin. */
  leave() {
    this.isStopped = true;
    location.replace("/pengiriman");
    return new Promise(() => {});
  }

  async putSignatureBack() {
    const kept = await this.store.get("blobs", this.form.elements.signature.value);
    const box = this.form.querySelector("[data-signature]");
    if (!kept || box.querySelector("[data-signature-kept]")) return;
    const image = Object.assign(new Image(600, 200), { className: "signature__kept", src: URL.createObjectURL(kept.blob) });
    image.alt = this.form.elements.signed_by.value;
    image.dataset.signatureKept = "";
    box.querySelector("[data-signature-pad]").before(image);
  }

  /** Photos that were kept, with their files: [{name, id, blob, state}]; "elsewhere" is one that this tablet does not hold. */
  async photos() {
    if (!this.draft) return [];
    const rows = new Map((await this.store.all("attachments")).map((each) => [each.id, each]));
    const found = photosIn(this.draft.fields).map(async ([name, id]) => {
      const { blob } = (await this.store.get("blobs", id)) ?? {};
      return { name, id, blob, state: rows.get(id)?.state ?? (blob ? "waiting" : "elsewhere") };
    });
    return Promise.all(found);
  }

  note(strokes) {
    if (strokes) this.strokes = strokes;
    if (!this.isActive || this.isStopped) return;
    this.isSafe = false;
    super.note();
  }

  kept(draft) {
    if (draft.change === 1) this.pinPage();
    this.isSafe = this.timer === null;
    this.said("kept", new Date(draft.saved_at));
  }

  fork() {
    this.forked();
  }

  refused() {
    this.said("refused");
  }

  asDraft() {
    const { form } = this;
    return {
      user,
      id: this.id,
      kind: KIND,
      page: location.pathname,
      title: form.dataset.title,
      cooperative: form.dataset.cooperative,
      build: form.dataset.build,
      fields: fieldsOf(form),
      versions: versionsOf(form),
      strokes: this.strokes ?? this.draft?.strokes ?? [],
      office_revision: Number(form.dataset.draftRevision),
      is_at_office: false,
      ...(this.beside && { beside: this.beside }),
    };
  }

  pinPage() {
    const versions = versionsOf(this.form).map(([, version]) => version);
    pinPage(location.pathname, this.id, versions);
    if (navigator.serviceWorker?.controller) nameInAddress(this.id);
  }

  /** The id has become another device's: what stands in the form goes on under one of its own, and leaves the one before only
   * once it is safe there. At every moment the tablet holds it. @param {() => void} fork gives the form its new id */
  goApart(fork) {
    if (!this.isActive) return fork();
    this.writing = this.writing.then(() => this.moveBy(fork)).catch(() => this.said("refused"));
    return this.writing;
  }

  async moveBy(fork) {
    const { id, change } = this;
    fork();
    this.isSafe = false;
    await this.saveNow();
    if (this.change) await this.release(id, change);
  }

  /** What this form wrote under an id that is not its own any more; what another tab has written there since stays. */
  release(id, change) {
    const key = keyOf(user, id);
    return this.store.follow(["drafts"], key, (row) => (row?.change === change ? [{ in: "drafts", drop: key }] : []));
  }

  /** The office has the draft as it was when it was sent there. */
  async noteAtOffice(change, revision) {
    if (this.isActive) await noteAtOffice(this.store, user, this.id, { change, revision });
  }

  /** The page sends the form itself, past the outbox: what it says now is safe here first, and known by its change. */
  async leaveByPage() {
    if (!this.isActive) return;
    clearTimeout(this.timer);
    await this.save();
    await this.noteSent((row) => row.change).catch(() => null); // no room: it can still be sent
  }

  noteSent(changeOf) {
    return this.store.update("drafts", keyOf(user, this.id), (row) => row && { ...row, sent_change: changeOf?.(row) ?? null });
  }

  async keepFile(id, blob, state) {
    if (this.isActive) await keepFile(this.store, { id, user, record: this.id, blob, state });
  }

  async noteFile(id, state, problem) {
    if (this.isActive) await noteFile(this.store, id, state, problem);
  }

  async dropFile(id) {
    if (this.isActive && id) await dropFile(this.store, id);
  }

  /** Whether the finished visit can go by the outbox; otherwise the form is sent as ever. */
  get canPost() {
    return this.isActive && canWorkOffline && !this.form.hasAttribute("data-sends-itself");
  }

  /** Freeze the visit and put it into the outbox; from here on it is safe, and will be sent whatever happens to this page.
   * @returns {Promise<object>} the entry */
  async post() {
    await this.rest();
    const { form } = this;
    form.elements.written_at.value ||= new Date().toISOString();
    const draft = this.asDraft();
    const { body, attachments } = BODIES[KIND](draft.fields, { cooperative: draft.cooperative, newId });
    if (draft.beside) body.beside = draft.beside; // kept beside another one, it still is once it was put right
    const { id, title, cooperative, page } = draft;
    const day = form.elements.visited_on.value;
    const record = { user, kind: KIND, id, body, attachments, draft, title, cooperative, page, day };
    const entry = await freeze(record, { sha256: sha256Of, now: Date.now() });
    await post(this.store, entry, keyOf(user, this.id));
    this.isStopped = true;
    this.isSafe = true;
    return entry;
  }
}

/** A copy was made on another day: its date and the time limits of its proposals are those of that day. */
function bringUpToDate(form, today) {
  const { visited_on: day } = form.elements;
  const days = daysBetween(officeDate(keptAt), today);
  day.max = today;
  if (days <= 0) return;
  if (day.value === officeDate(keptAt)) day.value = today;
  for (const due of form.querySelectorAll("[name^='actions-'][name$='-due_on']")) due.value = later(due.value, days);
}

/** A reload comes back to this very draft. */
export function nameInAddress(id) {
  const address = new URL(location.href);
  if (address.searchParams.get("draf") === id) return;
  address.searchParams.delete("rencana");
  address.searchParams.set("draf", id);
  history.replaceState(history.state, "", address);
}

