// The week of checkboxes: drag to paint, arrow keys to walk, and a count of the hours chosen.
document.documentElement.classList.add("has-js");
const week = document.querySelector("[data-week]");
if (week) start(week);

function start(week) {
  const boxes = [...week.querySelectorAll("input[type=checkbox]")];
  const at = new Map(boxes.map((box) => [`${box.dataset.day}-${box.dataset.hour}`, box]));
  const count = document.querySelector("[data-week-count]");
  let paint = null;

  const recount = () => {
    const minutes = boxes.filter((box) => box.checked).reduce((sum, box) => sum + Number(box.value.split("-")[2]), 0);
    const hours = minutes / 60;
    count.textContent = hours === 0 ? "No hours chosen yet." : `${hours} ${hours === 1 ? "hour" : "hours"} a week chosen.`;
  };
  const set = (box, value) => {
    box.checked = value;
    recount();
  };
  // Only a mouse paints: on a touch screen the same gesture scrolls the page, and a tap is enough.
  week.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || !event.target.matches("input")) return;
    paint = !event.target.checked;
    set(event.target, paint);
    event.target.focus();
    event.preventDefault();
  });
  week.addEventListener("click", (event) => {
    if (event.target.matches("input") && event.pointerType === "mouse" && event.detail > 0) event.preventDefault();
  });
  week.addEventListener("pointerover", (event) => {
    if (paint !== null && event.target.matches("input")) set(event.target, paint);
  });
  document.addEventListener("pointerup", () => { paint = null; });
  week.addEventListener("change", recount);
  week.addEventListener("keydown", (event) => {
    const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    const from = event.target.dataset;
    if (!step || from.day === undefined) return;
    const next = at.get(`${Number(from.day) + step[0]}-${Number(from.hour) + step[1]}`);
    if (!next) return;
    event.preventDefault();
    if (next.closest("details")) next.closest("details").open = true;
    next.focus();
  });
  for (const button of document.querySelectorAll("[data-week-fill]")) {
    const [from, to] = button.dataset.weekFill.split("-").map(Number);
    button.addEventListener("click", () => {
      for (const box of boxes) {
        if (Number(box.dataset.day) < 5 && Number(box.dataset.hour) >= from && Number(box.dataset.hour) < to) box.checked = true;
      }
      recount();
    });
  }
  recount();
}
