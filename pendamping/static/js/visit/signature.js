/** The signature: drawn on the screen, sent as a picture soon after the last stroke. */

import SignaturePad from "../../vendor/signature_pad.min.js";

import { newId } from "../field/ids.js";
import { Refused, send } from "./attachments.js";

const REST_MS = 700;
const LEAST_SHARE = 0.12; // of the sheet's width: less is a dot or a slip
const LEAST_POINTS = 8;
const MARGIN = 20;

/** @param {HTMLFormElement} form
 * @param {{kept: import("./kept.js").KeptForm, changed: (strokes?: object[]) => void, suggestedName: () => string}} page
 * @returns {{resize: () => void, kept: () => Promise<void>, settled: () => Promise<void>, isDrawn: () => boolean}} `kept` resolves when
 *   the picture is safe on the tablet, `settled` when its way to the office has ended */
export function startSignature(form, { kept, changed, suggestedName }) {
  const box = form.querySelector("[data-signature]");
  const part = (name) => box.querySelector(`[data-signature-${name}]`);
  const field = box.querySelector("[name='signature']");
  const name = box.querySelector("[name='signed_by']");
  const canvas = box.querySelector("canvas");
  const pad = new SignaturePad(canvas, { penColor: "#1d2b3a", minWidth: 1.2, maxWidth: 3.2 });
  let timer = null;
  let keeping = Promise.resolve();
  let sending = Promise.resolve();

  const say = (words) => (part("said").textContent = words);

  function show() {
    const isKept = Boolean(part("kept")) && Boolean(field.value);
    part("pad").hidden = isKept;
    part("pad").classList.toggle("is-empty", pad.isEmpty());
    part("clear").hidden = !isKept && pad.isEmpty();
  }

  /** Make the picture, and have it safe on the tablet; its way to the office goes on after that. */
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
    await kept.dropFile(field.value);
    await kept.keepFile(id, blob).catch(() => null); // no room on the tablet: it can still be sent
    if (kept.isActive) nameIt(id, box.dataset.textKept);
    sending = bring(blob, id);
  }

  function nameIt(id, words) {
    field.value = id;
    say(words);
    changed();
  }

  async function bring(blob, id) {
    try {
      await send(blob, id, form);
      await kept.noteFile(id, "sent");
      nameIt(id, box.dataset.textKept);
    } catch (error) {
      if (kept.isActive && !(error instanceof Refused)) return;
      await kept.dropFile(id);
      field.value = "";
      say(error instanceof Refused ? error.message : box.dataset.textWaiting);
    }
  }

  function start() {
    clearTimeout(timer);
    keeping = keep();
    return keeping;
  }

  /** The picture of what is drawn, if there is none yet. */
  const catchUp = () => (timer !== null || (!field.value && !pad.isEmpty()) ? start() : keeping);

  pad.addEventListener("beginStroke", () => clearTimeout(timer));
  pad.addEventListener("endStroke", () => {
    if (!name.value) name.value = suggestedName();
    show();
    changed(pad.toData());
    timer = setTimeout(start, REST_MS);
  });
  part("clear").addEventListener("click", () => {
    clearTimeout(timer);
    pad.clear();
    part("kept")?.remove();
    kept.dropFile(field.value);
    field.value = "";
    say("");
    show();
    resize();
    changed([]);
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
  if (kept.draft?.strokes?.length && !field.value) {
    putStrokesBack(pad, canvas, kept.draft.strokes); // the battery went between the last stroke and its picture
    timer = setTimeout(start, REST_MS);
  }
  show();
  return {
    resize,
    kept: catchUp,
    isDrawn: () => Boolean(field.value) || !pad.isEmpty(),
    settled: () => catchUp().then(() => sending),
  };
}

/** On a sheet that is not shown yet, and so has no size of its own. */
function putStrokesBack(pad, canvas, strokes) {
  const points = strokes.flatMap((stroke) => stroke.points);
  canvas.width = Math.max(...points.map((point) => point.x)) + MARGIN;
  canvas.height = Math.max(...points.map((point) => point.y)) + MARGIN;
  pad.fromData(strokes);
}

function isTooShort(pad, canvas) {
  const points = pad.toData().flatMap((stroke) => stroke.points);
  const spread = (axis) => {
    const values = points.map((point) => point[axis]);
    return Math.max(...values) - Math.min(...values);
  };
  return points.length < LEAST_POINTS || Math.max(spread("x"), spread("y")) < LEAST_SHARE * canvas.offsetWidth;
}
