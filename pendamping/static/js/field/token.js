/** The token that the office wants with everything that changes something. Pages kept on the tablet carry none, and one
 * from an old page goes stale: then a fresh one is fetched, for the page's own person only. */

import { officeOver } from "./api.js";
import { user } from "./tablet.js";

const STALE = new Set(["bad_csrf", "stale_page"]);
const office = officeOver((...request) => fetch(...request));

/** @param {HTMLFormElement} form @returns {Promise<string>} @throws where no answer came or somebody else is signed in */
export async function tokenFor(form, { isFresh = false } = {}) {
  const field = form.elements.csrf_token;
  if (field.value && !isFresh) return field.value;
  const { status, body } = await office.session();
  if (status !== 200 || (user && body.user !== user)) throw new Error("nobody of this page is signed in");
  field.value = body.csrf_token;
  return field.value;
}

/** Send with the form's token, once more with a fresh one if the office calls it stale.
 * @param {(token: string) => Promise<Response>} send */
export async function withToken(form, send) {
  const answer = await send(await tokenFor(form));
  if (answer.status !== 400) return answer;
  const { code } = await answer.clone().json().catch(() => ({}));
  return STALE.has(code) ? send(await tokenFor(form, { isFresh: true })) : answer;
}
