/** Photos of the visit and of its items: chosen or taken, made smaller, sent one by one, shown as they go. */

import { Refused, newId, send } from "./attachments.js";

const LONGEST_SIDE = 1600;
const QUALITY = 0.8;
const SMALL_ENOUGH = 400_000;
const AT_MOST_BYTES = 15 * 1024 * 1024;
const SCALABLE = ["image/jpeg", "image/png", "image/webp"];

let queue = Promise.resolve(); // one photo at a time: a thin line carries ten no faster, and nobody else waits for them

/** @param {HTMLFormElement} form @param {() => void} changed something was added, sent or taken out */
export function startPhotos(form, changed) {
  for (const strip of form.querySelectorAll("[data-photos]")) openStrip(strip);
  form.querySelector("[data-photo-fallback]").hidden = true;
  form.addEventListener("change", (event) => {
    if (!event.target.matches("[data-photos-input]")) return;
    const strip = event.target.closest("[data-photos]");
    for (const file of event.target.files) add(form, strip, file, changed);
    event.target.value = "";
  });
  form.addEventListener("click", (event) => {
    const tile = event.target.closest("[data-photo]");
    if (tile && event.target.closest("[data-photo-remove]")) remove(tile, changed);
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

/** How many photos are sent, and how many are still on their way. */
export function countPhotos(form) {
  const tiles = [...form.querySelectorAll("[data-photo]")];
  return { sent: tiles.filter((tile) => !field(tile).disabled).length, unsent: tiles.filter((tile) => field(tile).disabled).length };
}

/** Resolves when nothing is on its way any more; what failed stays and says so. */
export function photosSettled(form) {
  retryAll(form);
  return queue;
}

function openStrip(strip) {
  strip.querySelector("[data-photos-add]").hidden = false;
  for (const button of strip.querySelectorAll("[data-photo-remove]")) button.hidden = false;
}

function add(form, strip, file, changed) {
  const template = document.querySelector("#photo-tile");
  const tile = template.content.firstElementChild.cloneNode(true);
  const texts = template.dataset;
  const list = strip.querySelector("[data-photos-list]");
  list.append(tile);
  field(tile).name = strip.dataset.photos;
  const image = tile.querySelector("img");
  image.alt = texts.textAlt.replace("{number}", list.children.length);
  image.src = URL.createObjectURL(file);
  changed();

  let blob = null;
  const id = newId();
  const attempt = async () => {
    if (!tile.isConnected) return; // taken out while others went
    tell(tile, texts.textShrinking);
    try {
      blob ??= await shrunk(file);
      if (blob.size > AT_MOST_BYTES) return tell(tile, texts.textLarge, "wrong");
      tell(tile, texts.textSending);
      await send(blob, id, form.elements.csrf_token.value);
      field(tile).value = id;
      field(tile).disabled = false;
      tile.retry = null;
      tell(tile, texts.textSent, "sent");
    } catch (error) {
      if (error instanceof Refused) return tell(tile, error.message, "wrong");
      tell(tile, navigator.onLine ? texts.textFailed : texts.textWaiting, "waiting");
      tile.querySelector("[data-photo-retry]").disabled = false;
    }
    changed();
  };
  tile.retry = () => {
    queue = queue.then(attempt);
  };
  tile.retry();
}

/** A photo as it is needed: at most 1600 pixels; what the browser cannot read, such as HEIC, goes as it is. */
async function shrunk(file) {
  if (!SCALABLE.includes(file.type) || file.size <= SMALL_ENOUGH) return file;
  await import("../../vendor/compressor.min.js"); // no module of its own: it leaves its one name behind
  return new Promise((resolve) => {
    new globalThis.Compressor(file, {
      quality: QUALITY,
      maxWidth: LONGEST_SIDE,
      maxHeight: LONGEST_SIDE,
      mimeType: "image/jpeg",
      retainExif: true, // when it was taken is part of the evidence
      success: resolve,
      error: () => resolve(file),
    });
  });
}

function remove(tile, changed) {
  const next = tile.closest("[data-photos]").querySelector("[data-photos-input]");
  tile.remove();
  changed();
  next.focus();
}

function retryAll(form) {
  for (const tile of form.querySelectorAll("[data-photo][data-state='waiting']")) tile.retry?.();
}

function tell(tile, words, state = "") {
  const said = tile.querySelector("[data-photo-said]");
  said.textContent = words;
  said.disabled = true;
  tile.dataset.state = state;
}

const field = (tile) => tile.querySelector("input[type='hidden']");
