/** Whoever follows a reminder has read it. Without script the button beside it says so. */

for (const link of document.querySelectorAll("[data-reads]")) {
  link.addEventListener("click", () => {
    const form = document.getElementById(link.dataset.reads);
    fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), keepalive: true, redirect: "manual" }).catch(() => {});
  });
}
