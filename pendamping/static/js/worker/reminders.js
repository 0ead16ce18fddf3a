/** Web Push on the tablet: shows the day's reminders, and leads to them when they are tapped. */

const FALLBACK = { title: "Pendamping", body: "", url: "/pemberitahuan", tag: "pengingat" };

/** What a push says; a push without readable words still has to show something, or the browser takes the right away. */
export function wordsOf(data) {
  try {
    return { ...FALLBACK, ...data.json() };
  } catch {
    return FALLBACK;
  }
}

/** Only within the product, whatever the message says. */
export function placeOf(url, origin) {
  const place = new URL(url, origin);
  return place.origin === origin ? place.pathname + place.search + place.hash : FALLBACK.url;
}

/** @param {ServiceWorkerGlobalScope} scope @param {PushEvent} event */
export async function showReminder(scope, event) {
  const { title, body, url, tag } = wordsOf(event.data);
  await scope.registration.showNotification(title, { body, tag, data: { url: placeOf(url, scope.location.origin) } });
}

/** @param {ServiceWorkerGlobalScope} scope @param {NotificationEvent} event */
export async function openReminder(scope, event) {
  event.notification.close();
  const url = event.notification.data?.url ?? FALLBACK.url;
  const open = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  const free = open.find((client) => new URL(client.url).pathname === new URL(url, scope.location.origin).pathname);
  if (free) return free.focus();
  return scope.clients.openWindow(url);
}
