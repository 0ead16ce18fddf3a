/** A form's controls and the pairs that were kept of them. */

/** Write pairs into controls; what they do not name becomes empty. Of controls that share a name, choices take what they offer
 * first: a number and its tick box "Tidak berlaku" are one field.
 * @param {HTMLElement[]} controls @param {[string, string][]} pairs */
export function writeInto(controls, pairs) {
  const given = new Map();
  for (const [name, value] of pairs) given.set(name, [...(given.get(name) ?? []), value]);
  for (const control of controls.filter(isChoice)) {
    const values = given.get(control.name) ?? [];
    control.checked = values.includes(control.value);
    if (control.checked) values.splice(values.indexOf(control.value), 1);
  }
  for (const control of controls.filter((each) => !isChoice(each))) control.value = given.get(control.name)?.shift() ?? "";
}

const isChoice = (control) => control.type === "radio" || control.type === "checkbox";
