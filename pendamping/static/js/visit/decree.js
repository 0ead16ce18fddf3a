/** While the register does not know the decree's date, the one typed on this page decides what a date is worth. */

const DAY_MS = 86_400_000;

/** @param {Map<string, {rule: object}>} rules the items of the scoring sheet
 * @param {(field: HTMLElement) => void} changed scores are to be shown anew */
export function startDecree(form, rules, changed) {
  const field = form.querySelector("[name='decree_on']");
  if (!field) return;
  const counting = [...rules.values()].map((item) => item.rule).filter((rule) => rule.within);
  const learn = () => {
    for (const rule of counting) rule.limits = limitsFrom(field.value, rule.within);
    changed(field);
  };
  field.addEventListener("change", learn);
  if (field.value) learn();
}

/** [["2026-07-14", 10000]] for a decree of 2025-07-14 and 365 days; null while there is no date. */
function limitsFrom(decreeOn, within) {
  const began = Date.parse(`${decreeOn}T00:00:00Z`);
  if (Number.isNaN(began)) return null;
  return [[new Date(began + within.days * DAY_MS).toISOString().slice(0, 10), within.value]];
}
