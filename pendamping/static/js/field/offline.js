/** One page for two cases: no copy of what was asked for, or a screen that was locked by signing out without a network. */

const isLocked = "locked" in document.documentElement.dataset;

for (const each of document.querySelectorAll("[data-no-copy]")) each.hidden = isLocked;
for (const each of document.querySelectorAll("[data-locked-screen]")) each.hidden = !isLocked;
