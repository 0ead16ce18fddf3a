/** Step 3: the poor answers of this visit and what was decided about each. */

import { agreedAction } from "./proposals.js";

/** @param {{poor: Set<string>}} state */
export function fillFindings(form, state) {
  const box = form.querySelector("[data-findings]");
  const items = [...form.querySelectorAll("[data-item]")].filter((item) => state.poor.has(item.id));
  box.querySelector("[data-findings-list]").replaceChildren(...items.map(rowOf));
  box.querySelector("[data-no-findings]").hidden = items.length > 0;
  box.hidden = false;
}

function rowOf(item) {
  const row = document.querySelector("#finding").content.firstElementChild.cloneNode(true);
  const link = row.querySelector("a");
  link.href = `#${item.id}`;
  link.textContent = `${item.id} · ${item.dataset.label}`;
  const decision = agreedAction(item) ? "agreed" : item.dataset.decision === "declined" ? "declined" : "open";
  row.querySelector("[data-agreed]").hidden = decision !== "agreed";
  row.querySelector("[data-declined]").hidden = decision !== "declined";
  row.querySelector("[data-not-agreed]").hidden = decision !== "open";
  return row;
}
