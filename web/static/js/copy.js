// A button with data-copy puts that text on the clipboard and says so for a moment.
document.documentElement.classList.add("has-js");

for (const button of document.querySelectorAll("[data-copy]")) {
  const words = button.innerHTML;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.innerHTML = words; }, 2000);
  });
}
