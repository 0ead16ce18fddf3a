/** Turns Web Push on and off for this browser. Without it the page says which other ways there are. */

const box = document.querySelector("[data-push]");
const words = box?.querySelector("[data-push-words]");
const on = box?.querySelector("[data-push-on]");
const off = box?.querySelector("[data-push-off]");

/** The key as browsers want it: bytes. */
function bytesOf(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.codePointAt(0));
}

function show(isOn) {
  words.textContent = isOn ? box.dataset.textOn : box.dataset.textOff;
  on.hidden = isOn;
  off.hidden = !isOn;
}

async function tell(address, body) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": box.dataset.token };
  const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(String(answer.status));
}

async function turnOn(registration) {
  const options = { userVisibleOnly: true, applicationServerKey: bytesOf(box.dataset.key) };
  const subscription = await registration.pushManager.subscribe(options);
  try {
    await tell(box.dataset.subscribe, subscription.toJSON());
  } catch (error) {
    await subscription.unsubscribe();
    throw error;
  }
}

async function turnOff(registration) {
  const subscription = await registration.pushManager.getSubscription();
  if (!subscription) return;
  await tell(box.dataset.unsubscribe, { endpoint: subscription.endpoint });
  await subscription.unsubscribe();
}

async function begin() {
  const registration = await navigator.serviceWorker.register("/sw.js", { type: "module", updateViaCache: "none" });
  show("isTold" in box.dataset && Boolean(await registration.pushManager.getSubscription()));
  for (const [button, change, isOn] of [[on, turnOn, true], [off, turnOff, false]]) {
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        await change(registration);
        show(isOn);
      } catch {
        words.textContent = box.dataset.textRefused;
      }
      button.disabled = false;
    });
  }
}

if (box && "serviceWorker" in navigator && "PushManager" in window) begin().catch(() => {});
