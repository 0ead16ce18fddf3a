/** A form's fields as nested data and back: the counterpart of pendamping/field/flatten.py.
 *
 * A name is a path: `place-lat` is a part, `people_met-0-name` a part of a row, `answers-KL-01-value` a part of something
 * with a name of its own (that name may hold dashes). A name that stands alone may be given several times. */

const NUMBER = /^\d+$/;

/** @param {[string, string][]} pairs in the order of the form
 * @param {string[]} lists the last part of names that may be given several times, and are lists even with one value
 * @returns {object} rows come in the order of their numbers, gaps closed */
export function nest(pairs, lists = []) {
  const nested = {};
  for (const [name, value] of pairs) {
    const path = pathOf(name);
    const last = path.pop();
    let place = nested;
    for (const step of path) place = place[step] ??= {};
    if (lists.includes(last)) (place[last] ??= []).push(value);
    else place[last] = value;
  }
  return withRows(nested);
}

/** @returns {[string, string][]} what is null or undefined is left out */
export function flatten(nested, prefix = "") {
  return Object.entries(nested).flatMap(([name, value]) => flattened(`${prefix}${name}`, value));
}

function flattened(name, value) {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) return typeof value === "object" ? flatten(value, `${name}-`) : [[name, String(value)]];
  return value.flatMap((each, number) => (typeof each === "object" ? flatten(each, `${name}-${number}-`) : [[name, String(each)]]));
}

/** At most three steps: what it is, which one, and which part of it. */
function pathOf(name) {
  const first = name.indexOf("-");
  const last = name.lastIndexOf("-");
  if (first < 0) return [name];
  if (first === last) return [name.slice(0, first), name.slice(first + 1)];
  return [name.slice(0, first), name.slice(first + 1, last), name.slice(last + 1)];
}

function withRows(nested) {
  for (const [name, value] of Object.entries(nested)) {
    if (typeof value !== "object" || Array.isArray(value)) continue;
    const numbers = Object.keys(value);
    if (numbers.every((each) => NUMBER.test(each))) {
      nested[name] = numbers.sort((one, other) => Number(one) - Number(other)).map((each) => value[each]);
    }
  }
  return nested;
}
