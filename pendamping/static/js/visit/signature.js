/** The signature: drawn on the screen, sent as a picture soon after the last stroke. */

import SignaturePad from "../../vendor/signature_pad.min.js";

import { Refused, newId, send } from "./attachments.js";

const REST_MS = 700;
const LEAST_SHARE = 0.12; // of the sheet's width: less is a dot or a slip
const LEAST_POINTS = 8;

/** @param {HTMLFormElement} form
 * @param {{changed: () => void, suggestedName: () => string}} page
 * @returns {{resize: () => void, settled: () => Promise<void>, isDrawn: () => boolean}} */
export function startSignature(form, { changed, suggestedName }) {
  const box = form.querySelector("[data-signature]");
  const part = (name) => box.querySelector(`[data-signature-${name}]`);
  const field = box.querySelector("[name='signature']");
  const name = box.querySelector("[name='signed_by']");
  const canvas = box.querySelector("canvas");
  const pad = new SignaturePad(canvas, { penColor: "#1d2b3a", minWidth: 1.2, maxWidth: 3.2 });
  let timer = null;
  let sending = Promise.resolve();

  const say = (words) => (part("said").textContent = words);

  function show() {
    const isKept = Boolean(part("kept")) && Boolean(field.value);
    part("pad").hidden = isKept;
    part("pad").classList.toggle("is-empty", pad.isEmpty());
    part("clear").hidden = !isKept && pad.isEmpty();
  }

  async function keep() {
    timer = null;
    if (pad.isEmpty()) return;
    if (isTooShort(pad, canvas)) {
      field.value = "";
      say(box.dataset.textShort);
      return;
    }
    const id = newId();
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    try {
      await send(blob, id, form.elements.csrf_token.value);
      field.value = id;
      say(box.dataset.textKept);
      changed();
    } catch (error) {
      field.value = "";
      say(error instanceof Refused ? error.message : box.dataset.textWaiting);
    }
  }

  pad.addEventListener("beginStroke", () => clearTimeout(timer));
  pad.addEventListener("endStroke", () => {
    if (!name.value) name.value = suggestedName();
    show();
    timer = setTimeout(() => (sending = keep()), REST_MS);
  });
  part("clear").addEventListener("click", () => {
    clearTimeout(timer);
    pad.clear();
    part("kept")?.remove();
    field.value = "";
    say("");
    show();
    resize();
    changed();
  });
  part("fallback").hidden = true;

  /** The sheet takes the size it is shown in; strokes that are there stay. */
  function resize() {
    if (part("pad").hidden || !canvas.offsetWidth) return;
    const strokes = pad.toData();
    const ratio = Math.max(window.devicePixelRatio || 1, 1);
    canvas.width = canvas.offsetWidth * ratio;
    canvas.height = canvas.offsetHeight * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
    pad.clear();
    if (strokes.length) pad.fromData(strokes);
    show();
  }

  window.addEventListener("resize", resize);
  show();
  return {
    resize,
    isDrawn: () => Boolean(field.value) || !pad.isEmpty(),
    settled: () => {
      if (timer !== null) {
        clearTimeout(timer);
        sending = keep();
      } else if (!field.value && !pad.isEmpty()) sending = keep();
      return sending;
    },
  };
}

function isTooShort(pad, canvas) {
  const points = pad.toData().flatMap((stroke) => stroke.points);
  const spread = (axis) => {
    const values = points.map((point) => point[axis]);
    return Math.max(...values) - Math.min(...values);
  };
  return points.length < LEAST_POINTS || Math.max(spread("x"), spread("y")) < LEAST_SHARE * canvas.offsetWidth;
}
