/** Shows how far an export has come, and lets go of it on request. Without this module the form's answer is simply
 * the download. The file is put together here and handed to the browser whole, or not at all. */

import { locale } from "./locale.js";
import { LineCount, fileName, shareOf } from "./export_progress.js";

const PART_BYTES = 4 * 1024 * 1024;
const LET_GO_MS = 60_000;

const form = document.querySelector("form[data-export]");
const panel = document.querySelector("[data-export-progress]");
const bar = panel.querySelector("progress");
const said = panel.querySelector("[data-export-said]");
const cancel = panel.querySelector("[data-export-cancel]");
const button = form.querySelector("button[type=submit]");
const numbers = new Intl.NumberFormat(locale);
let running = null;

function say(words, values = {}) {
  said.textContent = panel.dataset[words].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

function show(share) {
  if (share === null) bar.removeAttribute("value");
  else bar.value = share;
}

/** Read the answer to its end.
 * @returns {Promise<Blob>} */
async function collect(response) {
  const lines = new LineCount();
  const total = { rows: Number(response.headers.get("X-Rows")), bytes: Number(response.headers.get("Content-Length")) };
  const reader = response.body.getReader();
  let file = new Blob([]);
  let waiting = [];
  let size = 0;
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (value) {
      waiting.push(value);
      size += value.length;
      bytes += value.length;
      lines.add(value);
      show(shareOf({ rows: lines.rows, bytes }, total));
      say(total.rows ? "running" : "coming", { rows: numbers.format(lines.rows), size: numbers.format(Math.round(bytes / 1024)) });
    }
    if (done || size >= PART_BYTES) {
      file = new Blob([file, ...waiting], { type: response.headers.get("Content-Type") }); // large ones go to the disk
      [waiting, size] = [[], 0];
    }
    if (done) return file;
  }
}

function hand(file, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), LET_GO_MS);
}

async function take() {
  running = new AbortController();
  panel.hidden = false;
  cancel.hidden = false;
  button.disabled = true;
  show(null);
  say("begun");
  try {
    const response = await fetch(form.action, { method: "POST", body: new FormData(form), signal: running.signal });
    const disposition = response.headers.get("Content-Disposition");
    if (!response.ok || !disposition) {
      form.submit(); // a page with what does not hold, or the sign-in: the browser shows it
      return;
    }
    const file = await collect(response);
    hand(file, fileName(disposition));
    show(1);
    say("done", { size: numbers.format(Math.max(1, Math.round(file.size / 1024))) });
  } catch (error) {
    show(0);
    say(error.name === "AbortError" ? "cancelled" : "broken");
  } finally {
    running = null;
    cancel.hidden = true;
    button.disabled = false;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!running) take();
});
cancel.addEventListener("click", () => running?.abort());
