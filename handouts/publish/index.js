// The page: what is typed shows the cards that fit, and why. Nothing is kept, and nothing is sent.
(() => {
  const { search, say, sizes, languages } = JSON.parse(
    document.getElementById("data").textContent,
  );
  const find = makeSearch(search);
  const root = document.documentElement;
  const at = (id) => document.getElementById(id);
  const q = at("q"), all = at("all"), results = at("results"), notice = at("notice");
  const cards = new Map([...all.querySelectorAll(".card")].map((one) => [one.dataset.condition, one]));
  const homes = [...cards.values()].map((one) => [one.parentElement, one]);
  const words = (key, filled = {}) => Object.entries(filled).reduce(
    (text, [name, value]) => text.replaceAll(`{${name}}`, () => value), say[root.lang][key],
  );

  function marked({ kind, text, marks, lang }) {
    const quoted = document.createElement("span");
    quoted.lang = lang;
    const letters = [...text];
    let place = 0;
    for (const [start, end] of marks) {
      const mark = document.createElement("mark");
      mark.textContent = letters.slice(start, end).join("");
      quoted.append(letters.slice(place, start).join(""), mark);
      place = end;
    }
    quoted.append(letters.slice(place).join(""));
    const [before, behind] = kind in say.en ? words(kind).split("{x}") : ["", ""];
    return [before, quoted, behind];
  }

  function explain(card, reasons) {
    const why = card.querySelector(".why");
    why.replaceChildren(...reasons.flatMap((one, index) => [index ? " · " : "", ...marked(one)]));
    why.hidden = !reasons.length;
  }

  // The PDF that was asked for, among those of a card; what it lacks is said.
  function choose(card, wanted) {
    const links = [...card.querySelectorAll(".files a")];
    const lang = wanted.lang || root.lang;
    const own = links.filter((one) => one.hreflang === lang);
    const usual = wanted.lang ? own : own.length ? own : links;
    const best = usual.find((one) => !wanted.layout || one.dataset.layout === wanted.layout);
    for (const one of links) one.classList.toggle("best", one === best);
    const lacks = card.querySelector(".lacks");
    const what = [wanted.lang && languages[wanted.lang], wanted.layout && sizes[root.lang][wanted.layout]];
    lacks.textContent = best ? "" : words("lacks", { what: what.filter(Boolean).join(", ") });
    lacks.hidden = Boolean(best);
  }

  function restore() {
    for (const [home, card] of homes) {
      home.append(card);
      explain(card, []);
      card.querySelector(".lacks").hidden = true;
      for (const one of card.querySelectorAll(".best")) one.classList.remove("best");
    }
  }

  function show() {
    restore();
    const text = q.value.trim();
    const found = find(text, root.lang);
    all.hidden = found.asked;
    results.hidden = !found.asked;
    at("parts").hidden = found.hits.length > 0;
    notice.hidden = !found.asked || found.hits.length > 0;
    at("said").textContent = "";
    if (!found.asked) return;
    const n = found.hits.length;
    const key = found.is_packet ? "packet" : n === 1 ? "handout" : "handouts";
    at("count").textContent = words(key, { n: String(n) });
    at("count").hidden = n === 0;
    at("ask").hidden = n > 0;
    at("none").textContent = words("none", { q: text });
    const missed = found.missed.length && !found.note
      ? words(n ? "beside" : "missed", { x: found.missed.join(", ") }) : "";
    at("beside").textContent = n ? missed : "";
    at("beside").hidden = !n || !missed;
    at("note").textContent = [
      found.note, n ? "" : missed, found.near.length ? words("near") : "",
    ].filter(Boolean).join(" ");
    at("said").textContent = [(n ? at("count") : at("none")).textContent, missed].join(" ").trim();
    for (const hit of n ? found.hits : found.near.map((condition) => ({ condition, reasons: [] }))) {
      const card = cards.get(hit.condition);
      explain(card, hit.reasons);
      if (n) choose(card, found.wanted);
      at("cards").append(card);
    }
  }

  // What is near is never chosen: only what fits has a best one.
  function step(by) {
    const links = [...at("cards").querySelectorAll(".card")].flatMap(
      (one) => one.querySelector(".best") || [],
    );
    const now = links.indexOf(document.activeElement) + by;
    (now < 0 ? q : links[Math.min(now, links.length - 1)] || q).focus();
  }

  let waiting = 0;
  q.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 150);
  });
  at("find").addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    show();
    step(1);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "k" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      q.select();
    } else if (event.key === "Escape") {
      q.value = "";
      show();
      q.focus();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !results.hidden
      && (event.target === q || event.target.closest(".files"))) {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    }
  });
  at("parts").addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    q.value = button.querySelector(`[data-in=${root.lang}]`).textContent;
    show();
    q.focus();
  });
  at("switch").addEventListener("click", () => {
    root.lang = root.lang === "en" ? "es" : "en";
    document.title = words("title");
    show();
  });
  for (const id of ["find", "switch"]) at(id).hidden = false;
  show();
  q.focus();
})();
