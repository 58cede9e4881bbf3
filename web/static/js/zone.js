// Offers the time zone of this device where the form says another one.
const offer = document.querySelector("[data-zone]");
const zone = document.getElementById("zone");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (offer && zone && here?.includes("/") && here !== zone.value) {
  const button = offer.querySelector("button");
  button.textContent = button.dataset.words.replace("{zone}", here);
  offer.hidden = false;
  button.addEventListener("click", () => {
    zone.value = here;
    offer.hidden = true;
    zone.dispatchEvent(new Event("change", { bubbles: true }));
    zone.focus();
  });
}
