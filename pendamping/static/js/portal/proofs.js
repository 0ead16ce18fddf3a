/** Photos that show an action done are made smaller before they are sent: a phone's own take minutes on a thin line. */

import { locale } from "../locale.js";

const LONGEST_SIDE = 1600;
const QUALITY = 0.8;
const SMALL_ENOUGH = 400_000;
const AT_MOST = 10;
const SCALABLE = ["image/jpeg", "image/png", "image/webp"];
const MEGABYTE = 1024 * 1024;

for (const input of document.querySelectorAll("[data-proofs]")) {
  const said = input.form.querySelector("[data-proofs-said]");
  input.addEventListener("change", () => prepare(input, said));
}

/** What was chosen is put back smaller; the form waits meanwhile. Where anything fails, it goes as it was chosen. */
async function prepare(input, said) {
  const chosen = [...input.files];
  if (!chosen.length) return tell(said, "");
  const button = input.form.querySelector("[type=submit]");
  button.disabled = true;
  tell(said, said.dataset.textShrinking);
  const files = await Promise.all(chosen.slice(0, AT_MOST).map(shrunk));
  const basket = new DataTransfer();
  for (const file of files) basket.items.add(file);
  input.files = basket.files;
  button.disabled = false;
  const size = (files.reduce((sum, file) => sum + file.size, 0) / MEGABYTE).toLocaleString(locale, { maximumFractionDigits: 1 });
  const ready = said.dataset.textReady.replace("{count}", files.length).replace("{size}", size);
  tell(said, chosen.length > AT_MOST ? `${said.dataset.textMany} ${ready}` : ready);
}

function tell(said, text) {
  said.textContent = text;
  said.hidden = !text;
}

async function shrunk(file) {
  if (!SCALABLE.includes(file.type) || file.size <= SMALL_ENOUGH) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" }) : file;
  } catch {
    return file;
  }
}
