/** The page Pengiriman: what is being written, what waits, what has arrived and what must be put right, in people's words. */

import { draftsOf, drop } from "./drafts.js";
import { saveCopy } from "./copy.js";
import { decide } from "./decide.js";
import { draftIdOf, elsewhere, entriesOf, goWithoutFiles, isStillHere, missing, othersWaiting, reopen, takeBack } from "./outbox.js";
import { hasArrived, phaseOf } from "./phases.js";
import { showReadiness } from "./ready.js";
import { whenOf } from "./status.js";
import { contactName } from "./sync.js";
import { askWorker, user } from "./tablet.js";
import { wordOf } from "./words.js";

const ADDRESS = "/pengiriman";
const SHOWN_SENT = 30;
/** What can be done about a record that was not taken; of all others, opened again. */
const WAYS = { conflict: "compare", photo_refused: "without" };

/** @param {import("./line.js").Line} line */
export function startShipping(store, line) {
  if (location.pathname === ADDRESS) new Shipping(store, line).start();
}

class Shipping {
  constructor(store, line) {
    Object.assign(this, { store, line });
    this.texts = document.getElementById("shipping-row").dataset;
    this.offices = { draf: contentOf("draf"), terkirim: contentOf("terkirim") };
  }

  start() {
    const tools = document.querySelector("[data-shipping-tools]");
    tools.hidden = false;
    tools.querySelector("[data-send-now]").addEventListener("click", () => this.sendNow());
    tools.querySelector("[data-save-copy]").addEventListener("click", () => saveCopy(this.store, user));
    const show = () => this.show();
    this.line.addEventListener("change", show);
    document.querySelector("main").addEventListener("click", (event) => this.onClick(event));
    show();
    return this.line.send({ isAsked: true });
  }

  async sendNow() {
    await this.line.send({ isAsked: true });
    await this.line.refresh({ isAsked: true });
  }

  async show() {
    const entries = await entriesOf(this.store, user);
    const attachments = new Map((await this.store.all("attachments")).map((each) => [each.id, each]));
    const of = (state) => entries.filter((entry) => entry.state === state);
    const drafts = (await draftsOf(this.store, user)).filter((draft) => !this.offices.draf.querySelector(`[href$="draf=${draft.id}"]`));
    this.fill("draf", drafts.map((draft) => this.draftRow(draft)), this.offices.draf);
    this.fill("menunggu", of("waiting").map((entry) => this.waitingRow(entry, entries, attachments)));
    this.fill("perlu-diperbaiki", of("needs_attention").map((entry) => this.faultyRow(entry)));
    const sent = of("sent").reverse();
    const named = new Set(sent.map((entry) => entry.id));
    const office = this.offices.terkirim.cloneNode(true);
    for (const row of office.querySelectorAll("[data-record]")) if (named.has(row.dataset.record)) row.remove();
    this.fill("terkirim", sent.slice(0, SHOWN_SENT).map((entry) => this.row(entry, this.texts.textSent.replace("{when}", whenOf(entry.sent_at)))), office);
    await this.tellContact();
    await this.tellOthers();
    await showReadiness(this.store, this.line);
  }

  /** @param {DocumentFragment} [office] what the office knows of, below what the tablet knows */
  fill(id, rows, office) {
    const panel = document.getElementById(id);
    const section = panel.closest("[data-shipping]");
    const list = Object.assign(document.createElement("ul"), { className: "rows" });
    const theirs = [...(office?.querySelectorAll("ul.rows > li") ?? [])].map((row) => row.cloneNode(true));
    list.append(...rows, ...theirs);
    if (list.children.length) panel.replaceChildren(list);
    else if (office) panel.replaceChildren(office.cloneNode(true));
    section.hidden = !list.children.length && !office;
    const count = section.querySelector("[data-shipping-count]");
    if (count) count.textContent = list.children.length ? `(${list.children.length})` : "";
  }

  row(entry, words) {
    const row = document.getElementById("shipping-row").content.firstElementChild.cloneNode(true);
    row.dataset.entry = entry.number ?? "";
    row.dataset.record = entry.id;
    row.querySelector("[data-title]").textContent = `${this.kindOf(entry)} · ${entry.title}`;
    row.querySelector("[data-words]").textContent = words;
    if (hasArrived(entry) && entry.kind === "visit") {
      const link = Object.assign(document.createElement("a"), { href: `/kunjungan/${entry.id}`, className: "line-link" });
      const title = row.querySelector("[data-title]");
      link.textContent = title.textContent;
      title.replaceChildren(link);
    }
    return row;
  }

  kindOf({ kind }) {
    return this.texts[wordOf(kind)] ?? this.texts.textOther;
  }

  draftRow(draft) {
    const row = this.row({ ...draft, number: "" }, this.texts.textDraft.replace("{when}", whenOf(draft.saved_at)));
    row.dataset.draft = draft.id;
    this.offer(row, "continue", "discard");
    row.querySelector("[data-continue]").href = `${draft.page}?draf=${draft.id}`;
    if (draft.problem) this.tell(row, this.faultsOf(draft.problem));
    return row;
  }

  waitingRow(entry, entries, attachments) {
    const row = this.row(entry, this.wordsOfWaiting(entry, attachments));
    const absent = elsewhere(entry, attachments);
    if (isStillHere(entry, entries)) this.offer(row, "change");
    if (absent) {
      this.tell(row, [this.texts.textElsewhere.replace("{count}", absent)]);
      this.offer(row, "without");
    }
    return row;
  }

  wordsOfWaiting(entry, attachments) {
    const phase = phaseOf(entry);
    if (phase === "photos") return this.texts.textPhotos.replace("{count}", missing(entry, attachments));
    if (phase === "held") return entry.held_words;
    if (!navigator.onLine) return this.texts.textNoSignal;
    if (this.line.ending === "signed_out") return this.texts.textSignIn;
    if (this.line.ending === "other_user") return this.texts.textOtherUser;
    return entry.tries ? this.texts.textLater : this.texts.textSoon;
  }

  faultyRow(entry) {
    const phase = phaseOf(entry);
    const row = this.row(entry, phase === "base_refused" ? this.texts.textBaseRefused : this.texts.textRefused);
    if (phase === "conflict") this.tell(row, [this.texts.textConflict]);
    else if (phase === "photo_refused") this.tell(row, [this.texts.textPhotoRefused]);
    else if (phase !== "base_refused") this.tell(row, this.faultsOf(entry.problem));
    this.offer(row, WAYS[phase] ?? "reopen");
    return row;
  }

  faultsOf(problem) {
    const said = (problem?.errors ?? []).map(({ path, message, code }) => [path && !path.includes("-") ? "" : this.placeOf(path), message || code].filter(Boolean).join(": "));
    return said.length ? said : [this.texts.textUnknown];
  }

  /** "KL-05" from "answers-KL-05-value": people know items by their number. */
  placeOf(path) {
    return /^answers-(.+)-[a-z]+$/.exec(path ?? "")?.[1] ?? "";
  }

  tell(row, sentences) {
    const list = row.querySelector("[data-faults]");
    list.hidden = false;
    list.replaceChildren(...sentences.map((words) => Object.assign(document.createElement("li"), { textContent: words })));
  }

  offer(row, ...names) {
    row.querySelector("[data-ways]").hidden = false;
    for (const name of names) row.querySelector(`[data-${name}]`).hidden = false;
  }

  async onClick(event) {
    const row = event.target.closest("[data-record]");
    const pressed = (name) => event.target.closest(`[data-${name}]`);
    if (!row || !event.target.closest("button")) return;
    if (pressed("discard")) return this.discard(row);
    const entry = await this.store.get("outbox", Number(row.dataset.entry));
    if (!entry) return;
    if (pressed("change")) return this.takeBack(entry);
    if (pressed("reopen")) return this.reopen(entry);
    if (pressed("without")) await goWithoutFiles(this.store, entry);
    if (pressed("compare")) await this.compare(row, entry);
    await this.line.send({ isAsked: true });
  }

  async discard(row) {
    const button = row.querySelector("[data-discard]");
    if (button.dataset.isSure === undefined) {
      button.dataset.isSure = "";
      button.textContent = this.texts.textSure;
      return;
    }
    await drop(this.store, user, row.dataset.draft);
    await askWorker({ type: "unpin", ids: [row.dataset.draft] }, 2_000);
    await this.show();
  }

  async reopen(entry) {
    if (await reopen(this.store, entry, Date.now())) this.openDraft(entry);
    else await this.show();
  }

  /** What has left meanwhile stays as it is; its row says so. */
  async takeBack(entry) {
    if (await takeBack(this.store, entry, Date.now())) this.openDraft(entry);
    else await this.show();
  }

  openDraft(entry) {
    location.assign(`${entry.page}?draf=${draftIdOf(entry)}`);
  }

  async compare(row, entry) {
    const ending = await decide(this.store, entry);
    if (ending === "unknown") this.tell(row, [this.texts.textConflict, this.texts.textCompareLater]);
    if (ending === "decided") await this.show();
  }

  async tellContact() {
    const contact = await this.store.get("meta", contactName(user));
    const said = document.querySelector("[data-contact]");
    said.textContent = contact ? this.texts.textContact.replace("{when}", whenOf(contact.at)) : this.texts.textNoContact;
  }

  async tellOthers() {
    const count = await othersWaiting(this.store, user);
    const said = document.querySelector("[data-others]");
    said.hidden = count === 0;
    said.textContent = this.texts.textOthers.replace("{count}", count);
  }
}

function contentOf(id) {
  const kept = document.createDocumentFragment();
  kept.append(...[...document.getElementById(id).children].map((each) => each.cloneNode(true)));
  return kept;
}
