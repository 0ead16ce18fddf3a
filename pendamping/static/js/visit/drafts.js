/** Keeps what is typed twice: on the tablet at once, and as a draft at the office while there is a network, so that neither a
 * reload, another tab, a flat battery nor a lost tablet takes it. */

import { newId } from "../field/ids.js";
import { withToken } from "../field/token.js";
import { fieldsOf } from "./fields.js";
import { nameInAddress } from "./kept.js";

const REST_MS = 1500;

/** @param {HTMLFormElement} form @param {import("./kept.js").KeptForm} kept the tablet's own store
 * @returns {{note: (strokes?: object[]) => void, isKept: () => boolean, stop: () => void}} call `note` after each change,
 *   `stop` when the visit is sent; `isKept` says whether the tablet or the office has everything */
export function startDrafts(form, kept) {
  const said = form.querySelector("[data-draft-said]");
  const draft = { url: form.dataset.draftUrl, revision: Number(form.dataset.draftRevision) };
  let timer = null;
  let saving = null;
  let isStopped = false;
  let isAtOffice = true;
  let isForked = false;
  form.querySelector("[data-draft-fallback]").hidden = true;

  const say = (state, words) => {
    said.dataset.state = state;
    said.textContent = words;
  };
  const sayWaiting = () => say("waiting", kept.isActive ? said.dataset.textOnTablet : said.dataset.textWaiting);

  async function save() {
    timer = null;
    say("saving", said.dataset.textSaving);
    try {
      const { id, change } = kept;
      await put(await answerOf(), { id, change });
    } catch {
      sayWaiting();
    }
  }

  const answerOf = () =>
    withToken(form, (token) =>
      fetch(draft.url, {
        method: "PUT",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ revision: draft.revision, fields: fieldsOf(form) }),
      }),
    );

  /** @param {{id: string, change: number}} asked the draft as it was when it was sent */
  async function put(answer, { id, change }, isRetried = false) {
    if (kept.id !== id) return start(); // it has become another draft meanwhile, of which this answer says nothing
    if (answer.ok) {
      const { revision, saved_at: savedAt } = await answer.json();
      draft.revision = revision;
      form.elements.draft_revision.value = form.dataset.draftRevision = revision;
      await kept.noteAtOffice(change, revision);
      isAtOffice = timer === null;
      if (isForked) say("forked", said.dataset.textForked);
      else say(isAtOffice ? "saved" : "changed", said.dataset.textSaved.replace("{time}", clock(new Date(savedAt))));
      isForked = false;
      nameInAddress(form.elements.id.value);
      return;
    }
    const { code } = await answer.json().catch(() => ({}));
    if (code === "draft_changed" && isStopped) return; // the visit goes under this id, whatever its draft says
    if (code === "draft_changed" && !isRetried) {
      await kept.goApart(fork);
      const own = { id: kept.id, change: kept.change };
      await put(await answerOf(), own, true);
    } else if (code === "draft_is_stored") say("stored", said.dataset.textStored);
    else if (answer.status >= 500 || answer.status === 401) sayWaiting();
    else say("refused", said.dataset.textRefused);
  }

  /** What this tab holds becomes a draft of its own; the other tab's stays as it is. */
  function fork() {
    const id = newId();
    draft.url = draft.url.replace(/[^/]+$/, id);
    draft.revision = 0;
    form.elements.id.value = id;
    form.elements.draft_revision.value = form.dataset.draftRevision = 0;
    kept.change = 0;
    isForked = true; // said once it is kept under its own id
  }

  const start = () => {
    saving = (saving ?? Promise.resolve()).then(save); // one after the other: each must know the revision before it
  };
  kept.forked = fork;
  kept.said = (state, at) => {
    if (state === "refused") return say("refused", said.dataset.textRefused);
    if (navigator.onLine) return; // the office's word follows
    if (isForked) say("forked", said.dataset.textForked);
    else if (said.dataset.state === "changed") say("kept", said.dataset.textKept.replace("{time}", clock(at)));
  };
  window.addEventListener("online", () => said.dataset.state === "waiting" && start());
  return {
    note(strokes) {
      if (isStopped) return;
      kept.note(strokes);
      isAtOffice = false;
      said.dataset.state = "changed";
      clearTimeout(timer);
      timer = setTimeout(start, REST_MS);
    },
    isKept: () => isAtOffice || (kept.isActive && kept.isSafe),
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

function clock(instant) {
  return instant.toTimeString().slice(0, 5).replace(":", ".");
}
