// Keeps the form while it is filled in. The panel that comes back says when, what is missing, and who is there so far.
const form = document.querySelector("form[data-save]");
if (form) start(form);

function start(form) {
  const panel = document.getElementById("so-far");
  let waiting = null;
  let under_way = null;
  let changed = false;
  let kept = words();

  // What stands in the form, but for the version it goes on from.
  function words() {
    const typed = new URLSearchParams(new FormData(form));
    typed.delete("version");
    return typed.toString();
  }
  const later = (event) => {
    // Leaving a field is no news where its words are kept already: another window may have the say by now.
    if (event.target.closest("[data-search-box]") || words() === kept) return;
    changed = true;
    clearTimeout(waiting);
    waiting = setTimeout(save, 700);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);

  async function save() {
    if (under_way) await under_way;
    if (!changed) return;
    changed = false;
    under_way = sent().finally(() => { under_way = null; });
    await under_way;
  }
  async function sent() {
    const before = kept;
    kept = words();
    try {
      const answer = await fetch(form.dataset.save, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { "Evenhand-Quietly": "yes" },
      });
      if (![200, 401, 409].includes(answer.status)) throw new Error(answer.statusText);
      const said = await answer.text();
      // A panel brings the version to go on from; anything else is only a sentence.
      if (said.includes('name="version"')) panel.innerHTML = said;
      else panel.querySelector(".saved").innerHTML = said;
    } catch {
      changed = true;
      kept = before;
      panel.querySelector(".saved").textContent = form.dataset.unsaved;
    }
  }
  // Whoever leaves in the middle of a word finds it again.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || !changed) return;
    clearTimeout(waiting);
    changed = false;
    fetch(form.dataset.save, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { "Evenhand-Quietly": "yes" },
      keepalive: true,
    });
  });
  // What is sent must go on from what was kept last, not cross it on the way.
  form.addEventListener("submit", async (event) => {
    clearTimeout(waiting);
    changed = false;
    if (!under_way) return;
    event.preventDefault();
    await under_way;
    form.requestSubmit(event.submitter);
  });
}
