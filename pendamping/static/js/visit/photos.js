/** Photos of the visit and of its items: chosen or taken, made smaller, sent one by one, shown as they go. */

import { newId } from "../field/ids.js";
import { Refused, send } from "./attachments.js";
import { AT_MOST_BYTES, keepSmall } from "./photo_file.js";

// one photo at a time: a thin line carries ten no faster, and nobody else waits for them
let queue = Promise.resolve();
let preparing = Promise.resolve();

/** @param {HTMLFormElement} form @param {import("./kept.js").KeptForm} kept the tablet's own store
 * @param {() => void} changed something was added, sent or taken out */
export function startPhotos(form, kept, changed) {
  for (const strip of form.querySelectorAll("[data-photos]")) openStrip(strip);
  form.querySelector("[data-photo-fallback]").hidden = true;
  form.addEventListener("change", (event) => {
    if (!event.target.matches("[data-photos-input]")) return;
    const strip = event.target.closest("[data-photos]");
    for (const file of event.target.files) new Photo({ form, kept, changed }, strip).take(file);
    event.target.value = "";
  });
  form.addEventListener("click", (event) => {
    const tile = event.target.closest("[data-photo]");
    if (tile && event.target.closest("[data-photo-remove]")) remove(tile, kept, changed);
    if (tile && event.target.closest("[data-photo-retry]")) tile.retry?.();
  });
  window.addEventListener("online", () => retryAll(form));
}

/** The strip under an item, made when the item is first answered, so that a hundred items need not carry one. */
export function offerPhotos(item) {
  if (item.querySelector("[data-photos]")) return;
  const strip = document.querySelector("#item-photos").content.firstElementChild.cloneNode(true);
  strip.dataset.photos = `answers-${item.id}-photo`;
  item.querySelector(".item__foot").after(strip);
  openStrip(strip);
}

/** Photos that a draft on the tablet names stand where they stood, and go on their way. */
export async function putPhotosBack(form, kept, changed) {
  for (const { name, id, blob, state } of await kept.photos()) {
    const item = form.querySelector(`#${CSS.escape(name.replace(/^answers-|-photo$/g, ""))}[data-item]`);
    if (item) offerPhotos(item);
    const strip = form.querySelector(`[data-photos="${CSS.escape(name)}"]`);
    if (!strip || strip.querySelector(`[value="${CSS.escape(id)}"]`)) continue;
    new Photo({ form, kept, changed }, strip, id).putBack(blob, state);
  }
}

/** How many photos are sent, and how many are still on their way. */
export function countPhotos(form) {
  const tiles = [...form.querySelectorAll("[data-photo]")];
  const sent = tiles.filter((tile) => (tile.dataset.state ?? "sent") === "sent").length;
  return { sent, unsent: tiles.length - sent };
}

/** Resolves when nothing is on its way any more; what failed stays and says so. */
export function photosSettled(form) {
  retryAll(form);
  return queue;
}

/** Resolves when every photo is small, and safe on the tablet. */
export const photosKept = () => preparing;

function openStrip(strip) {
  strip.querySelector("[data-photos-add]").hidden = false;
  for (const button of strip.querySelectorAll("[data-photo-remove]")) button.hidden = false;
}

/** One tile: its file is safe on the tablet first, then made smaller, then sent; only what is refused is not the visit's. */
class Photo {
  constructor(page, strip, id = newId()) {
    Object.assign(this, page, { id });
    const template = document.querySelector("#photo-tile");
    const list = strip.querySelector("[data-photos-list]");
    this.texts = template.dataset;
    this.tile = template.content.firstElementChild.cloneNode(true);
    list.append(this.tile);
    field(this.tile).name = strip.dataset.photos;
    this.tile.querySelector("img").alt = this.texts.textAlt.replace("{number}", list.children.length);
    this.tile.retry = () => {
      queue = queue.then(() => this.send());
    };
  }

  take(file) {
    this.show(file);
    this.tell(this.texts.textShrinking, "preparing");
    this.changed();
    preparing = preparing.then(() => this.prepare(file));
    this.tile.retry();
  }

  putBack(blob, state) {
    this.name();
    if (state === "elsewhere") return this.seek();
    if (blob) this.show(blob);
    else this.showFromOffice();
    if (state === "sent") return this.tell(this.texts.textSent, "sent");
    if (state === "refused" || !blob) return this.refuse(this.texts.textFailed);
    if (state === "raw") preparing = preparing.then(() => this.prepare(blob));
    else this.blob = blob;
    this.tile.retry();
  }

  showFromOffice() {
    this.tile.querySelector("img").src = `/lampiran/${this.id}?ukuran=kecil`;
  }

  /** What another tablet took is sent if the office can show it. */
  seek() {
    this.tell(this.texts.textElsewhere, "elsewhere");
    this.tile.querySelector("img").addEventListener("load", () => this.tell(this.texts.textSent, "sent"));
    this.showFromOffice();
  }

  async prepare(file) {
    const { kept, texts } = this;
    const { blob, isSafe } = await keepSmall(kept, this.id, file, () => {
      if (kept.isActive) this.name();
      this.changed();
    });
    if (blob.size > AT_MOST_BYTES) return this.refuse(texts.textLarge);
    Object.assign(this, { blob, isHomeless: !isSafe });
  }

  async send() {
    await preparing;
    const { tile, texts, kept } = this;
    if (!tile.isConnected || !this.blob) return; // taken out or refused while others went
    this.tell(texts.textSending, "sending");
    try {
      await send(this.blob, this.id, this.form);
      this.name();
      await kept.noteFile(this.id, "sent");
      tile.retry = null;
      this.tell(texts.textSent, "sent");
    } catch (error) {
      if (error instanceof Refused) return this.refuse(error.message);
      this.tell(this.wordsOfWaiting(), "waiting");
      tile.querySelector("[data-photo-retry]").disabled = false;
    }
    this.changed();
  }

  wordsOfWaiting() {
    if (this.isHomeless) return this.texts.textNoRoom;
    if (this.kept.isActive) return this.texts.textOnTablet;
    return navigator.onLine ? this.texts.textFailed : this.texts.textWaiting;
  }

  /** From now on the visit names it. */
  name() {
    field(this.tile).value = this.id;
    field(this.tile).disabled = false;
  }

  refuse(words) {
    field(this.tile).disabled = true;
    this.blob = null;
    this.kept.dropFile(this.id);
    this.tell(words, "wrong");
    this.changed();
  }

  show(file) {
    this.tile.querySelector("img").src = URL.createObjectURL(file);
  }

  tell(words, state) {
    tell(this.tile, words, state);
  }
}

function remove(tile, kept, changed) {
  kept.dropFile(field(tile).value);
  const next = tile.closest("[data-photos]").querySelector("[data-photos-input]");
  tile.remove();
  changed();
  next.focus();
}

function retryAll(form) {
  for (const tile of form.querySelectorAll("[data-photo][data-state='waiting']")) tile.retry?.();
}

function tell(tile, words, state) {
  const said = tile.querySelector("[data-photo-said]");
  said.textContent = words;
  said.disabled = true;
  tile.dataset.state = state;
}

const field = (tile) => tile.querySelector("input[type='hidden']");
