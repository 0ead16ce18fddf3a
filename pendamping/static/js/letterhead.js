/** The letterhead as it would look, rewritten while somebody types. The server shows what is stored without it. */

for (const input of document.querySelectorAll("[data-letterhead-input]")) {
  const shown = document.querySelector(`[data-letterhead="${input.dataset.letterheadInput}"]`);
  const rewrite = () => {
    shown.textContent = input.value.trim();
  };
  input.addEventListener("input", rewrite);
  rewrite();
}
