/** Who was met: officers with one tap, others in rows that grow. */

/** Rows that nobody filled stay out of the way while there are officers to tap. */
export function startPeople(form) {
  const list = form.querySelector("[data-people]");
  const officers = form.querySelector("[data-officers]");
  const add = form.querySelector("[data-add-person]");

  const tell = () => {
    const met = new Set(rowsOf(list).map((row) => nameOf(row).value.trim()));
    for (const button of officers?.children ?? []) {
      button.setAttribute("aria-pressed", String(met.has(button.dataset.officerName)));
    }
  };
  const foldEmptyRows = () => {
    for (const row of rowsOf(list)) row.hidden = Boolean(officers) && isEmpty(row);
    list.hidden = rowsOf(list).every((row) => row.hidden);
  };

  officers?.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const row = rowsOf(list).find((each) => nameOf(each).value.trim() === button.dataset.officerName);
    if (row) write(row, "", "");
    else write(emptyRow(list), button.dataset.officerName, button.dataset.officerRole);
    foldEmptyRows();
    tell();
  });
  add.addEventListener("click", () => {
    const row = emptyRow(list);
    row.hidden = list.hidden = false;
    nameOf(row).focus();
  });
  list.addEventListener("input", (event) => {
    const button = [...(officers?.children ?? [])].find((each) => each.dataset.officerName === event.target.value.trim());
    const row = event.target.closest("[data-person]");
    if (button && event.target === nameOf(row) && !roleOf(row).value) roleOf(row).value = button.dataset.officerRole;
    tell();
  });

  if (officers) officers.hidden = false;
  add.hidden = false;
  foldEmptyRows();
  tell();
}

/** As many rows as were kept. */
export function growPeople(form, count) {
  const list = form.querySelector("[data-people]");
  while (rowsOf(list).length < count) addRow(list);
}

/** "Siti Aminah (Ketua)" for everybody met. @returns {string[]} */
export function peopleMet(form) {
  return rowsOf(form.querySelector("[data-people]"))
    .map((row) => [nameOf(row).value.trim(), roleOf(row).value.trim()])
    .filter(([name]) => name)
    .map(([name, role]) => (role ? `${name} (${role})` : name));
}

/** The bare names, in the order in which they were written down. @returns {string[]} */
export function namesMet(form) {
  return rowsOf(form.querySelector("[data-people]"))
    .map((row) => nameOf(row).value.trim())
    .filter(Boolean);
}

const rowsOf = (list) => [...list.querySelectorAll("[data-person]")];
const nameOf = (row) => row.querySelector("[name$='-name']");
const roleOf = (row) => row.querySelector("[name$='-role']");

const isEmpty = (row) => !nameOf(row).value.trim() && !roleOf(row).value.trim();

/** The first row to write in; one that is shown and still empty is as good as a new one. */
function emptyRow(list) {
  return rowsOf(list).find((row) => isEmpty(row) && row.hidden) ?? rowsOf(list).find(isEmpty) ?? addRow(list);
}

/** A copy of the last row under the next number. */
function addRow(list) {
  const rows = rowsOf(list);
  const row = rows[rows.length - 1].cloneNode(true);
  const [old] = nameOf(row).name.match(/\d+/);
  for (const each of row.querySelectorAll("[id], [name], [for]")) {
    for (const attribute of ["id", "name", "for"]) {
      if (each.hasAttribute(attribute)) each.setAttribute(attribute, each.getAttribute(attribute).replace(old, Number(old) + 1));
    }
  }
  write(row, "", "");
  list.append(row);
  return row;
}

function write(row, name, role) {
  nameOf(row).value = name;
  roleOf(row).value = role;
  nameOf(row).dispatchEvent(new Event("change", { bubbles: true }));
}
