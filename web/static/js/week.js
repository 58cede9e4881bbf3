// The week of checkboxes: paint with mouse or thumb, walk with arrow keys, and read how many hours are chosen.
document.documentElement.classList.add("has-js");
const week = document.querySelector("[data-week]");
if (week) start(week);

function start(week) {
  const boxes = [...week.querySelectorAll("input[type=checkbox]")];
  const at = new Map(boxes.map((box) => [`${box.dataset.day}-${box.dataset.hour}`, box]));
  const count = document.querySelector("[data-week-count]");
  let stroke = null;
  let tapped = null;

  const recount = () => {
    const minutes = boxes.filter((box) => box.checked).reduce((sum, box) => sum + Number(box.value.split("-")[2]), 0);
    const words = minutes === 0 ? count.dataset.none : minutes === 60 ? count.dataset.one : count.dataset.several;
    count.textContent = words.replace("{count}", (minutes / 60).toLocaleString(document.documentElement.lang));
  };
  const told = () => {
    recount();
    week.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const paint = (box) => {
    if (!box?.matches?.("[data-week] input[type=checkbox]")) return;
    box.checked = stroke.value;
    recount();
  };
  // A mouse paints from the first cell on. A thumb paints sideways; up and down it scrolls the page (touch-action).
  week.addEventListener("pointerdown", (event) => {
    if (!event.target.matches("input") || event.button > 0) return;
    tapped = null;
    stroke = { first: event.target, value: !event.target.checked, begun: false };
  });
  week.addEventListener("pointermove", (event) => {
    if (!stroke || stroke.lifted) return;
    const over = document.elementFromPoint(event.clientX, event.clientY);
    if (over === stroke.first && !stroke.begun) return;
    if (!stroke.begun) {
      stroke.begun = true;
      paint(stroke.first);
    }
    paint(over);
  });
  const lift = (event) => {
    if (stroke?.begun && !stroke.lifted) told();
    // Right after a quick stroke a browser may take a tap for the end of a fling and send no click: tap here.
    if (stroke && !stroke.begun && !stroke.lifted && event.type === "pointerup" && event.pointerType === "touch") {
      tapped = stroke.first;
      tapped.checked = stroke.value;
      told();
    }
    if (stroke) stroke.lifted = true;
    // The click that follows a stroke must not turn its last cell again.
    const over = stroke;
    setTimeout(() => { if (stroke === over) stroke = null; });
  };
  document.addEventListener("pointerup", lift);
  document.addEventListener("pointercancel", lift);
  week.addEventListener("click", (event) => {
    const done = stroke?.begun || (event.detail > 0 && event.target === tapped);
    if (done && event.target.matches("input")) event.preventDefault();
  });
  week.addEventListener("dragstart", (event) => event.preventDefault());
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
      told();
    });
  }
  document.querySelector("[data-week-clear]")?.addEventListener("click", () => {
    for (const box of boxes) box.checked = false;
    told();
  });
  recount();
}
