/** Keeps what is typed as a draft at the office while there is a network: a reload, another tab, a flat battery lose nothing. */

import { newId } from "./attachments.js";

const REST_MS = 1500;
const NOT_KEPT = new Set(["csrf_token", "draft_revision", "photo_files"]);

/** @param {HTMLFormElement} form
 * @returns {{note: () => void, isKept: () => boolean, stop: () => void}} call `note` after each change, `stop` when the
 *   visit is sent; `isKept` says whether the office has everything */
export function startDrafts(form) {
  const said = form.querySelector("[data-draft-said]");
  const draft = { url: form.dataset.draftUrl, revision: Number(form.dataset.draftRevision) };
  let timer = null;
  let saving = null;
  let isStopped = false;
  let isKept = true;
  form.querySelector("[data-draft-fallback]").hidden = true;

  const say = (state, words) => {
    said.dataset.state = state;
    said.textContent = words;
  };

  async function save() {
    timer = null;
    say("saving", said.dataset.textSaving);
    try {
      await put(await answerOf());
    } catch {
      say("waiting", said.dataset.textWaiting);
    }
  }

  const answerOf = () =>
    fetch(draft.url, {
      method: "PUT",
      headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrf_token.value },
      body: JSON.stringify({ revision: draft.revision, fields: fieldsOf(form) }),
    });

  async function put(answer, isRetried = false) {
    if (answer.ok) {
      const { revision, saved_at: savedAt } = await answer.json();
      draft.revision = revision;
      form.elements.draft_revision.value = revision;
      isKept = timer === null;
      say(isKept ? "saved" : "changed", said.dataset.textSaved.replace("{time}", clock(new Date(savedAt))));
      nameInAddress(form.elements.id.value);
      return;
    }
    const { code } = await answer.json().catch(() => ({}));
    if (code === "draft_changed" && !isRetried) {
      fork();
      await put(await answerOf(), true);
      say("forked", said.dataset.textForked);
    } else if (code === "draft_is_stored") say("stored", said.dataset.textStored);
    else if (answer.status >= 500) say("waiting", said.dataset.textWaiting);
    else say("refused", said.dataset.textRefused);
  }

  /** What this tab holds becomes a draft of its own; the other tab's stays as it is. */
  function fork() {
    const id = newId();
    draft.url = draft.url.replace(/[^/]+$/, id);
    draft.revision = 0;
    form.elements.id.value = id;
  }

  const start = () => {
    saving = (saving ?? Promise.resolve()).then(save); // one after the other: each must know the revision before it
  };
  window.addEventListener("online", () => said.dataset.state === "waiting" && start());
  return {
    note() {
      if (isStopped) return;
      isKept = false;
      said.dataset.state = "changed";
      clearTimeout(timer);
      timer = setTimeout(start, REST_MS);
    },
    isKept: () => isKept,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** [name, value] of every field that says something. */
function fieldsOf(form) {
  const pairs = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NOT_KEPT.has(name));
  return pairs.filter(([, value]) => value !== "");
}

function nameInAddress(id) {
  const address = new URL(location.href);
  if (address.searchParams.get("draf") === id) return;
  address.searchParams.delete("rencana");
  address.searchParams.set("draf", id);
  history.replaceState(history.state, "", address);
}

function clock(instant) {
  return instant.toTimeString().slice(0, 5).replace(":", ".");
}
