// What is typed into a field with data-keep and not yet sent comes back after a sign-in or a closed page.
// It stays in this tab alone and goes when the tab is closed or the text is sent.
for (const field of document.querySelectorAll("[data-keep]")) {
  const key = `kept ${field.dataset.keep}`;
  const stored = field.defaultValue;
  const kept = sessionStorage.getItem(key);
  if (kept !== null && kept !== stored && !field.closest("form").parentElement.querySelector("[role=alert]")) {
    field.value = kept;
    const told = document.createElement("p");
    told.className = "note warm";
    told.setAttribute("role", "status");
    told.textContent = field.dataset.kept;
    field.before(told);
  } else {
    sessionStorage.removeItem(key);
  }
  field.addEventListener("input", () => sessionStorage.setItem(key, field.value));
}
