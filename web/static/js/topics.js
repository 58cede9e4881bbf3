// A search over the topics: a combobox (ARIA 1.2, list autocomplete) that ticks the plain checkboxes beneath it.
const MOST = 8;
for (const picker of document.querySelectorAll("[data-topics]")) start(picker);

function start(picker) {
  const boxes = [...picker.querySelectorAll("input[type=checkbox]")].map((box) => ({
    box,
    label: box.nextElementSibling.textContent.trim(),
    found: fold(`${box.nextElementSibling.textContent} ${box.value}`),
  }));
  const own = picker.querySelector("input[type=text]");
  const { id } = picker;
  const search = made("input", { id: `${id}-search`, type: "text", role: "combobox", autocomplete: "off" });
  search.setAttribute("aria-expanded", "false");
  search.setAttribute("aria-autocomplete", "list");
  search.setAttribute("aria-controls", `${id}-list`);
  const label = made("label", { htmlFor: search.id, className: "small" }, picker.dataset.search);
  const list = made("ul", { id: `${id}-list`, role: "listbox", hidden: true });
  list.setAttribute("aria-label", picker.dataset.search);
  const said = made("p", { className: "visually-hidden" });
  said.setAttribute("role", "status");
  const chips = made("ul", { className: "chips plain" });
  const nothing = made("p", { className: "small soft" }, picker.dataset.none);
  const tools = made("div", { className: "finder" });
  tools.dataset.searchBox = "";
  tools.append(label, search, list, said, nothing, chips);
  picker.querySelector("details").before(tools);
  // With a search, the list by subject is a second way: it opens when somebody wants it.
  const subjects = picker.querySelector(".by-subject");
  if (subjects) subjects.open = false;
  let active = -1;

  const words = (pattern, word) => picker.dataset[pattern].replace("{word}", word);
  const owned = () => own.value.split(",").map((word) => word.trim()).filter(Boolean);
  const changed = (field) => field.dispatchEvent(new Event("change", { bubbles: true }));

  function show() {
    const chosen = boxes.filter((one) => one.box.checked);
    nothing.hidden = chosen.length + owned().length > 0;
    chips.replaceChildren(
      ...chosen.map((one) => chip(one.label, () => tick(one, false))),
      ...owned().map((word) => chip(word, () => disown(word))),
    );
  }
  function chip(word, drop) {
    const button = made("button", { type: "button", className: "chip on" }, `${word} ×`);
    button.setAttribute("aria-label", words("remove", word));
    button.addEventListener("click", () => { drop(); search.focus(); });
    const item = made("li", {});
    item.append(button);
    return item;
  }
  function tick(one, value) {
    one.box.checked = value;
    said.textContent = words(value ? "added" : "removed", one.label);
    changed(one.box);
  }
  function disown(word) {
    own.value = owned().filter((other) => other !== word).join(", ");
    said.textContent = words("removed", word);
    changed(own);
  }
  function adopt(word) {
    own.value = [...owned().filter((other) => other !== word), word].join(", ");
    said.textContent = words("added", word);
    changed(own);
  }
  function offer() {
    const wanted = fold(search.value);
    const fitting = wanted ? boxes.filter((one) => !one.box.checked && one.found.includes(wanted)) : [];
    fitting.sort((a, b) => Number(!fold(a.label).startsWith(wanted)) - Number(!fold(b.label).startsWith(wanted)));
    const exact = boxes.some((one) => fold(one.label) === wanted);
    const options = fitting.slice(0, MOST).map((one) => ({ text: one.label, take: () => tick(one, true) }));
    const word = search.value.trim().replaceAll(",", " ");
    if (word && !exact) options.push({ text: words("add", word), take: () => adopt(word) });
    list.replaceChildren(...options.map((option, place) => line(option, place)));
    list.hidden = options.length === 0;
    search.setAttribute("aria-expanded", String(options.length > 0));
    point(options.length > 0 && fitting.length > 0 ? 0 : -1);
  }
  function line(option, place) {
    const item = made("li", { id: `${id}-option-${place}`, role: "option" }, option.text);
    item.setAttribute("aria-selected", "false");
    item.addEventListener("pointerdown", (event) => event.preventDefault());
    item.addEventListener("click", () => take(option));
    item.take = () => take(option);
    return item;
  }
  function take(option) {
    option.take();
    search.value = "";
    close();
    search.focus();
  }
  function point(place) {
    active = place;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === active)));
    const item = list.children[active];
    if (item) search.setAttribute("aria-activedescendant", item.id);
    else search.removeAttribute("aria-activedescendant");
    item?.scrollIntoView({ block: "nearest" });
  }
  function close() {
    list.hidden = true;
    search.setAttribute("aria-expanded", "false");
    point(-1);
  }
  search.addEventListener("input", offer);
  search.addEventListener("blur", close);
  search.addEventListener("keydown", (event) => {
    const many = list.children.length;
    if (event.key === "Escape") { search.value = ""; close(); }
    else if (event.key === "Enter") {
      event.preventDefault();
      (list.children[active] ?? (many === 1 ? list.children[0] : null))?.take();
    } else if (many && !list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      point((active + (event.key === "ArrowDown" ? 1 : many - 1)) % many);
    }
  });
  picker.addEventListener("change", show);
  show();
}

// Letters as people search them: without capitals and accents.
function fold(text) {
  return text.trim().toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
}

function made(tag, fields, text = "") {
  const element = Object.assign(document.createElement(tag), fields);
  if (fields.role) element.setAttribute("role", fields.role);
  if (text) element.textContent = text;
  return element;
}
