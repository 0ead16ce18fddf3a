/** Notes where the visit takes place, when asked to and never by itself. */

const PATIENCE = { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 };
const PERMISSION_DENIED = 1;

export function startPlace(form) {
  const box = form.querySelector("[data-place]");
  const ask = box.querySelector("[data-place-ask]");
  const clear = box.querySelector("[data-place-clear]");
  const said = box.querySelector("[data-place-said]");
  const untouched = said.textContent;

  const show = () => {
    const metres = placeAccuracy(form);
    clear.hidden = metres === null;
    said.textContent = metres === null ? untouched : box.dataset.textFound.replace("{metres}", metres);
  };

  ask.addEventListener("click", () => {
    said.textContent = box.dataset.textAsking;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        write(box, coords.latitude.toFixed(6), coords.longitude.toFixed(6), Math.round(coords.accuracy));
        show();
      },
      (error) => {
        said.textContent = error.code === PERMISSION_DENIED ? box.dataset.textDenied : box.dataset.textFailed;
      },
      PATIENCE,
    );
  });
  clear.addEventListener("click", () => {
    write(box, "", "", "");
    show();
    ask.focus();
  });
  ask.hidden = !("geolocation" in navigator);
  show();
}

/** How exact the noted place is, in metres as text; null when none is noted. */
export function placeAccuracy(form) {
  const part = (name) => form.querySelector(`[data-place-part='${name}']`).value;
  return part("lat") ? String(Math.round(Number(part("accuracy_m")))) : null;
}

function write(box, lat, lon, accuracy) {
  const values = { lat, lon, accuracy_m: accuracy };
  for (const field of box.querySelectorAll("[data-place-part]")) {
    field.value = values[field.dataset.placePart];
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
