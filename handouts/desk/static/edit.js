// What a browser adds to the editors' page: it asks for newer pages while somebody looks, and
// copies places. New pictures are there before the old ones go.
"use strict";
{
  const box = document.getElementById("edit"), follow = document.getElementById("edit-follow");
  const PARTS = ["edit-status", "edit-pages", "edit-findings", "edit-diff", "edit-heard"];
  const USUAL = 700, LOST = 5000; // milliseconds
  let tag = box.dataset.tag, wait = USUAL, timer = 0, stopped = false;

  async function ready(part) {
    const pictures = [...part.querySelectorAll("img")];
    await Promise.all(pictures.map((one) => one.decode().catch(() => {})));
  }

  async function show(page) {
    const parts = new Map();
    for (const id of PARTS) {
      const old = document.getElementById(id), now = page.getElementById(id);
      if (!old || !now || (now.dataset.version && now.dataset.version === old.dataset.version)) continue;
      parts.set(id, document.adoptNode(now));
    }
    await Promise.all([...parts.values()].map(ready));
    swap({ getElementById: (id) => parts.get(id) ?? page.getElementById(id) }, [...parts.keys()]);
  }

  async function ask() {
    const options = { headers: { "If-None-Match": `"${tag}"` }, credentials: "same-origin" };
    const answer = await fetch(box.dataset.from, options);
    document.getElementById("lost")?.remove();
    if (answer.status === 304) return USUAL;
    if (!answer.ok) location.reload(); // started anew, or somebody else's page: it says what to do
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    await show(page);
    tag = answer.headers.get("ETag").replaceAll('"', "");
    return USUAL;
  }

  async function next() {
    clearTimeout(timer);
    if (stopped) return;
    if (!document.hidden) {
      try {
        wait = await ask();
      } catch (error) {
        lost(error);
        wait = Math.min(wait * 2, LOST);
      }
    }
    if (!stopped) timer = setTimeout(next, wait);
  }

  follow.addEventListener("click", () => {
    stopped = !stopped;
    follow.textContent = stopped ? follow.dataset.go : follow.dataset.stop;
    next();
  });
  document.addEventListener("visibilitychange", () => document.hidden || next());
  document.addEventListener("click", async (event) => {
    const place = event.target.closest?.("[data-copy]");
    if (!place) return;
    await navigator.clipboard.writeText(place.dataset.copy);
    document.getElementById("edit-copied").textContent = `${box.dataset.copied}: ${place.dataset.copy}`;
  });
  timer = setTimeout(next, wait);
}
