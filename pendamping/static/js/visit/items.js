/** What one item shows of its answer: proof, warning, the proposal of a poor answer, the button that takes it back. */

import { readAnswer } from "./answers.js";
import { offerPhotos } from "./photos.js";
import { offer } from "./proposals.js";
import { isGood, isPoor } from "./scoring.js";

const CLAIM = "klaim";
const NOT_APPLICABLE = "na";

/** Bring an item in line with its answer, and the state with the item.
 * @param {HTMLElement} item
 * @param {object} rule the item as the scoring sheet has it
 * @param {{answers: object, poor: Set<string>}} state */
export function showItem(item, rule, state) {
  const answer = readAnswer(item);
  const isAnswered = answer.value !== "";
  const needsAction = isPoor(rule, answer);
  if (isAnswered) state.answers[item.id] = answer;
  else delete state.answers[item.id];
  if (needsAction) state.poor.add(item.id);
  else state.poor.delete(item.id);

  item.classList.toggle("is-answered", isAnswered);
  const same = item.querySelector("[data-same]");
  if (same) same.hidden = isAnswered;
  item.classList.toggle("is-na", answer.value === NOT_APPLICABLE);
  if (answer.value === NOT_APPLICABLE && !answer.note) item.querySelector("[data-note]").open = true;
  keep(item, ".item__foot", "clear-answer", isAnswered);
  // a good answer to a critical item that is only a claim does not count yet
  keep(item, ".proof", "claim-warning", rule.critical && answer.proof === CLAIM && isGood(rule, answer));
  if (isAnswered) offerPhotos(item);
  offer(item, needsAction);
}

/** Has the piece of a template stand at the end of a place in the item, once, or not at all. */
function keep(item, place, templateId, isWanted) {
  const piece = document.getElementById(templateId).content.firstElementChild;
  const shown = item.querySelector(`.${piece.classList[0]}`);
  if (isWanted && !shown) item.querySelector(place).append(piece.cloneNode(true));
  if (!isWanted) shown?.remove();
}
