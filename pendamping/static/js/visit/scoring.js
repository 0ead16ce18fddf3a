/**
 * The score of one instrument while a visit is being written down: the same rules as pendamping/instruments/scoring.py,
 * from the sheet that pendamping/instruments/sheet.py makes. No DOM, no clock, no network. A test compares the two.
 *
 * @typedef {{value: string | number | null, proof?: string | null, note?: string | null}} Answer
 *   as in a form: "yes", "2", "12,5", "2026-04-14", "not_done", "na" ...; an empty value is no answer
 * @typedef {{value: string, proof: string, worth?: number, lapsed?: boolean}} Carried
 *   from an earlier visit; `worth` where the page's own rule would measure it against other dates than it was given by;
 *   a lapsed one counts what it is worth, proves nothing, and is not complete
 * @typedef {{kind: "choice", values: Object<string, number>}} ChoiceRule
 * @typedef {{kind: "number", direction: "at_least" | "at_most", steps: [number, number][],
 *            decimals: number, min: number, max: number}} NumberRule
 * @typedef {{kind: "date", limits: [string, number][] | null, later: number, not_done: number}} DateRule
 * @typedef {{id: string, section: string, weight: number, critical: boolean,
 *            rule: ChoiceRule | NumberRule | DateRule}} SheetItem
 * @typedef {{code: string, bands: {code: string, minimum: number, name_id: string, name_en: string}[],
 *            sections: {code: string, weight: number}[], items: SheetItem[],
 *            carried: Object<string, Carried>}} InstrumentSheet
 * @typedef {{value: number | null, band: string | null, provisional: boolean, answered: number, applicable: number,
 *            criticalUnmet: string[]}} InstrumentScore
 */

const FULL_VALUE = 10000; // values are whole ten-thousandths
const GOOD_VALUE = 5000;
const CAPPED_RANK = 2; // the third band is the best to be had while a critical item is unmet
const NOT_APPLICABLE = "na";
const CLAIM = "klaim";

/**
 * Score one instrument. Where the page has no readable answer, the one carried over from earlier visits stands.
 *
 * @param {InstrumentSheet} sheet
 * @param {Object<string, Answer>} answers  by item; those of other instruments may be among them
 * @returns {InstrumentScore} the value to four decimals
 */
export function scoreInstrument(sheet, answers) {
  const sums = new Map(sheet.sections.map((section) => [section.code, { weight: section.weight, points: 0, asked: 0 }]));
  const criticalUnmet = [];
  let answered = 0;
  let applicable = sheet.items.length;
  for (const item of sheet.items) {
    const answer = currentAnswer(item, answers[item.id], sheet.carried[item.id]);
    if (answer === null) continue;
    if (isNotApplicable(answer)) {
      applicable -= 1;
      continue;
    }
    const counted = countedValue(item, answer);
    const sum = sums.get(item.section);
    sum.points += counted * item.weight;
    sum.asked += item.weight;
    if (!answer.lapsed) answered += 1;
    if (item.critical && counted < GOOD_VALUE) criticalUnmet.push(item.id);
  }
  const total = totalOf([...sums.values()].filter((sum) => sum.asked > 0));
  return {
    value: total === null ? null : rounded(total),
    band: total === null ? null : bandOf(sheet.bands, total, criticalUnmet.length > 0),
    provisional: answered * 10 < applicable * 9,
    answered,
    applicable,
    criticalUnmet,
  };
}

/**
 * Whether an answer offers the item's action: worth less than 0.5 by itself, proven or not.
 *
 * @param {SheetItem} item
 * @param {Answer | undefined} answer
 */
export function isPoor(item, answer) {
  const value = valueOf(item.rule, answer);
  return value !== null && value < GOOD_VALUE;
}

/**
 * Whether an answer is worth at least 0.5 by itself: for a critical item it then counts only with proof.
 *
 * @param {SheetItem} item
 * @param {Answer | undefined} answer
 */
export function isGood(item, answer) {
  const value = valueOf(item.rule, answer);
  return value !== null && value >= GOOD_VALUE;
}

function currentAnswer(item, entered, carried) {
  const isAnswer = (answer) => isNotApplicable(answer) || valueOf(item.rule, answer) !== null;
  return [entered, carried].find(isAnswer) ?? null;
}

function countedValue(item, answer) {
  const isUnproven = answer.lapsed || (answer.proof || CLAIM) === CLAIM;
  return item.critical && isUnproven && isGood(item, answer) ? 0 : valueOf(item.rule, answer);
}

function isNotApplicable(answer) {
  return textOf(answer) === NOT_APPLICABLE;
}

function textOf(answer) {
  return String(answer?.value ?? "").trim();
}

/** What an answer is worth by itself, in ten-thousandths; null for N/A and for what cannot be read (yet). */
function valueOf(rule, answer) {
  if (answer?.worth !== undefined) return answer.worth;
  const text = textOf(answer);
  switch (rule.kind) {
    case "choice":
      return Object.hasOwn(rule.values, text) ? rule.values[text] : null;
    case "number":
      return valueOfNumber(rule, text);
    case "date":
      return valueOfDate(rule, text);
    default:
      throw new TypeError(`unknown rule: ${rule.kind}`);
  }
}

function valueOfNumber(rule, text) {
  const number = scaled(text, rule.decimals);
  const edge = (plain) => scaled(String(plain), rule.decimals);
  if (number === null || number < edge(rule.min) || number > edge(rule.max)) return null;
  const isAtLeast = rule.direction === "at_least";
  const steps = isAtLeast ? [...rule.steps].reverse() : rule.steps;
  const step = steps.find(([plain]) => (isAtLeast ? number >= edge(plain) : number <= edge(plain)));
  return step ? step[1] : 0;
}

/** "12,5" with 1 decimal as 125n; null when it is no number or has more decimals: "10.000" may mean ten thousand. */
function scaled(text, decimals) {
  const match = /^([+-]?)([0-9]+)(?:[.,]([0-9]+))?$/.exec(text);
  if (match === null || text.length > 40) return null;
  const [, sign, whole, fraction = ""] = match;
  if (fraction.length > decimals) return null;
  const digits = BigInt(whole + fraction.padEnd(decimals, "0"));
  return sign === "-" ? -digits : digits;
}

function valueOfDate(rule, text) {
  if (text === "not_done") return rule.not_done;
  if (rule.limits === null || !isDate(text)) return null;
  const limit = rule.limits.find(([last]) => text <= last); // ISO dates sort as text
  return limit ? limit[1] : rule.later;
}

function isDate(text) {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** The sections' values, each by the section's weight, as one exact fraction: 0 to 100. */
function totalOf(sums) {
  if (sums.length === 0) return null;
  const common = sums.reduce((product, sum) => product * BigInt(sum.asked), 1n);
  const points = sums.reduce((all, sum) => all + BigInt(sum.points * sum.weight) * (common / BigInt(sum.asked)), 0n);
  const weight = sums.reduce((all, sum) => all + sum.weight, 0);
  return { over: 100n * points, under: BigInt(FULL_VALUE * weight) * common };
}

/** To four decimals, halves to the even one, as Python does. */
function rounded({ over, under }) {
  const tenThousandths = (over * 10000n) / under;
  const rest = 2n * ((over * 10000n) % under);
  const isUp = rest > under || (rest === under && tenThousandths % 2n === 1n);
  return Number(tenThousandths + (isUp ? 1n : 0n)) / 10000;
}

/** Compared before rounding; an unmet critical item caps the band and never lifts it. */
function bandOf(bands, { over, under }, hasUnmet) {
  const reached = bands.findIndex((band) => over * 10000n >= scaled(String(band.minimum), 4) * under);
  return bands[hasUnmet ? Math.max(reached, CAPPED_RANK) : reached].code;
}
