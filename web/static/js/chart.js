// Draws each chart of the page in the colours of the theme; the table beside it needs no script.
const dark = matchMedia("(prefers-color-scheme: dark)");
const narrow = matchMedia("(max-width: 34rem)");
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function config() {
  const ink = token("--ink");
  const soft = token("--ink-soft");
  const axis = { labelColor: ink, titleColor: soft, gridColor: token("--line"), domainColor: soft, tickColor: soft };
  return {
    aria: false,
    background: null,
    font: token("--font").replaceAll('"', "'"),
    view: { stroke: null },
    axis: { ...axis, labelFontSize: narrow.matches ? 12 : 13, titleFontSize: 13, titleFontWeight: "normal", labelLimit: narrow.matches ? 150 : 210 },
    legend: { labelColor: ink, titleColor: soft, labelFontSize: 13, titleFontSize: 13, titleFontWeight: "normal", labelLimit: 0, ...(narrow.matches ? { columns: 1 } : {}), orient: "top", layout: { top: { anchor: "start", bounds: "full" } } },
    mark: { color: token("--accent") },
    bar: { color: token("--accent") },
    line: { color: token("--accent") },
    range: {
      category: [token("--accent"), token("--warm"), token("--good"), token("--stop")],
      heatmap: [token("--sunken"), token("--accent")],
      ramp: [token("--sunken"), token("--accent")],
    },
  };
}

// Days and numbers as the page's language writes them; the month and day names come from the browser.
function spoken() {
  const lang = document.documentElement.lang;
  const names = (options, dates) => dates.map((date) => new Intl.DateTimeFormat(lang, { ...options, timeZone: "UTC" }).format(date));
  const days = [4, 5, 6, 7, 8, 9, 10].map((day) => Date.UTC(2026, 0, day));
  const months = [...Array(12).keys()].map((month) => Date.UTC(2026, month, 1));
  const parts = new Intl.NumberFormat(lang).formatToParts(1234567.5);
  const part = (type) => parts.find((one) => one.type === type).value;
  return {
    formatLocale: { decimal: part("decimal"), thousands: part("group"), grouping: [3], currency: ["", ""] },
    timeFormatLocale: {
      dateTime: "%x, %X", date: "%d.%m.%Y", time: "%H:%M:%S", periods: ["AM", "PM"],
      days: names({ weekday: "long" }, days), shortDays: names({ weekday: "short" }, days),
      months: names({ month: "long" }, months), shortMonths: names({ month: "short" }, months),
    },
  };
}

function draw(figure) {
  const spec = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
  const place = figure.querySelector("[data-chart-place]");
  // logLevel 1: errors only; a height counted in steps is meant.
  const how = { mode: "vega-lite", ast: true, renderer: "svg", actions: false, defaultStyle: false, tooltip: false, logLevel: 1, ...spoken() };
  return vegaEmbed(place, { ...spec, width: "container", autosize: { type: "fit-x", contains: "padding" }, config: config() }, how);
}

function drawAll() {
  for (const figure of document.querySelectorAll("[data-chart]")) draw(figure);
}

function begin() {
  for (const figure of document.querySelectorAll("[data-chart]:not([data-drawn])")) {
    figure.dataset.drawn = "";
    figure.querySelector("details").open = false;
    draw(figure);
  }
}

begin();
// Charts of a part that was fetched later.
document.addEventListener("htmx:after:swap", begin);
for (const change of [dark, narrow]) change.addEventListener("change", drawAll);
