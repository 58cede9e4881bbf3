// Beside each weight a slider that says the same; without this file the number alone does.
for (const place of document.querySelectorAll("[data-weight]")) {
  const number = place.querySelector("input");
  const slider = document.createElement("input");
  slider.type = "range";
  slider.min = number.min;
  slider.max = number.max;
  slider.value = number.value;
  // The number is the one that is reached by keyboard and read aloud.
  slider.tabIndex = -1;
  slider.setAttribute("aria-hidden", "true");
  slider.addEventListener("input", () => {
    number.value = slider.value;
    number.dispatchEvent(new Event("input", { bubbles: true }));
  });
  number.addEventListener("input", () => { slider.value = number.value; });
  place.append(slider);
}
