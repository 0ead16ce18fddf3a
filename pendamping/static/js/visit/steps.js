/** Shows one step of the form at a time; the address says which (#siapa, #KL-A), so Back and a reload work.
 * An address inside a step (#KL-05, #actions-7-title) shows that step and leads to the place. */

/** @param {HTMLFormElement} form
 * @param {(step: HTMLElement) => void} onShow called before a step is shown */
export function startSteps(form, onShow) {
  const steps = [...form.querySelectorAll("[data-step]")];
  const bar = stepBar(form);
  const links = [...document.querySelectorAll("#daftar-langkah a")];
  const title = document.title;
  let current = null;

  function show(step, place, isFirst) {
    onShow(step);
    current = step;
    for (const each of steps) each.hidden = each !== step;
    for (const group of form.querySelectorAll("[data-instrument]")) group.hidden = !group.contains(step);
    for (const link of links) mark(link, link.hash === `#${step.id}`);
    const way = wayThrough(steps, step);
    bar.tell(way, way.indexOf(step), form.dataset.textNext);
    document.title = `${step.dataset.stepName} · ${title}`;
    closeList();
    if (place !== step) leadTo(place);
    else if (isFirst) window.addEventListener("load", toTop, { once: true });
    else leadToTop(step);
  }

  function follow(isFirst = false) {
    const place = placeInAddress();
    const step = place?.closest("[data-step]") ?? steps[0];
    show(step, place && step.contains(place) ? place : step, isFirst);
  }

  const go = (offset) => {
    const way = wayThrough(steps, current);
    const step = way[way.indexOf(current) + offset];
    if (step) location.hash = step.id;
  };
  bar.back.addEventListener("click", () => go(-1));
  bar.next.addEventListener("click", () => go(1));
  bar.all.addEventListener("click", () => setList(!document.body.classList.contains("is-choosing-step")));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.body.classList.contains("is-choosing-step")) {
      closeList();
      bar.all.focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#daftar-langkah, [data-step-all]")) closeList();
  });
  // a link to the very step that is shown changes no address: close the list all the same
  for (const link of links) link.addEventListener("click", closeList);

  function setList(isOpen) {
    document.body.classList.toggle("is-choosing-step", isOpen);
    bar.all.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) links.find((link) => link.hasAttribute("aria-current"))?.focus();
  }

  function closeList() {
    setList(false);
  }

  history.scrollRestoration = "manual";
  window.addEventListener("hashchange", () => {
    // the link past the menu and the like name no step: leave the step as it is
    if (!location.hash || placeInAddress()?.closest("[data-step]")) follow();
  });
  const fault = form.querySelector(".item--error, .field--error");
  if (fault) history.replaceState(null, "", `#${fault.closest("[data-step]").id}`);
  follow(true);
  if (fault) openAround(fault);

  return { isLast: () => current === steps[steps.length - 1] };
}

/** The steps that lead through the visit: those with something to ask, and the one somebody has opened aside of them. */
function wayThrough(steps, current) {
  return steps.filter((step) => step === current || !step.hasAttribute("data-step-aside"));
}

function placeInAddress() {
  return location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
}

function mark(link, isCurrent) {
  if (isCurrent) link.setAttribute("aria-current", "step");
  else link.removeAttribute("aria-current");
}

function toTop() {
  window.scrollTo({ top: 0, behavior: "instant" });
}

function leadToTop(step) {
  toTop();
  step.querySelector("[tabindex='-1']")?.focus({ preventScroll: true });
}

function leadTo(place) {
  openAround(place);
  place.scrollIntoView({ block: "start", behavior: "instant" });
  place.focus({ preventScroll: true });
}

function openAround(place) {
  for (let each = place.closest("details"); each; each = each.parentElement.closest("details")) each.open = true;
}

function stepBar(form) {
  const find = (name) => form.querySelector(`[data-${name}]`);
  const bar = { back: find("step-back"), all: find("step-all"), next: find("step-next"), save: find("save") };
  return {
    ...bar,
    tell(steps, index, nextWords) {
      const following = steps[index + 1];
      bar.back.hidden = index === 0;
      bar.all.hidden = false;
      bar.next.hidden = !following;
      bar.save.hidden = Boolean(following);
      find("step-number").textContent = `${index + 1}/${steps.length}`;
      if (following) find("step-next-words").textContent = nextWords.replace("{name}", following.dataset.stepName);
    },
  };
}
