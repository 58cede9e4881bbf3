// Files dropped on the field are chosen as if they had been picked; their names are said.
for (const field of document.querySelectorAll("[data-drop]")) {
  const input = field.querySelector("input[type=file]");
  const chosen = field.querySelector("[data-chosen]");
  const say = () => {
    chosen.textContent = [...input.files].map((file) => file.name).join(" · ") || field.dataset.none;
  };
  for (const name of ["dragenter", "dragover"]) {
    field.addEventListener(name, (event) => {
      event.preventDefault();
      field.classList.add("over");
    });
  }
  field.addEventListener("dragleave", (event) => {
    if (!field.contains(event.relatedTarget)) field.classList.remove("over");
  });
  field.addEventListener("drop", (event) => {
    event.preventDefault();
    field.classList.remove("over");
    const files = new DataTransfer();
    const room = input.multiple ? event.dataTransfer.files.length : 1;
    for (const file of [...event.dataTransfer.files].slice(0, room)) files.items.add(file);
    input.files = files.files;
    say();
  });
  input.addEventListener("change", say);
}
