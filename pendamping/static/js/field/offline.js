/** One page for two cases: no copy of what was asked for, or a screen that was locked by signing out without a network. */

const isLocked = "locked" in document.documentElement.dataset;

document.querySelector("[data-no-copy]").hidden = isLocked;
document.querySelector("[data-locked-screen]").hidden = !isLocked;
