// A form with data-waiting says so while its answer is on the way; its button takes no second press.
const shown = new Set();
for (const form of document.querySelectorAll("form[data-waiting]")) {
  form.addEventListener("submit", () => {
    const button = form.querySelector("button[type=submit]");
    const words = document.createElement("p");
    words.className = "soft";
    words.setAttribute("role", "status");
    button.after(words);
    words.textContent = form.dataset.waiting;
    form.setAttribute("aria-busy", "true");
    setTimeout(() => { button.disabled = true; });
    shown.add([form, button, words]);
  });
}
// A page that comes back from the browser's memory waits for nothing.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const [form, button, words] of shown) {
    form.removeAttribute("aria-busy");
    button.disabled = false;
    words.remove();
  }
  shown.clear();
});
