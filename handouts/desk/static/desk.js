// What a browser adds to a page that works without it: results and pages as one types, keys, how
// far a printer is. Each answer is the same page; parts of it, by their ids, take the place of the
// old ones.
"use strict";
document.documentElement.classList.add("with-script");

const WAIT = { again: 3000, late: 30000 };
const running = new Map(); // by what is asked for: only the newest answer counts

const ALWAYS = ["clinic-state", "tab-packet"]; // what holds for every page; told anew only where it changed

function swap(page, ids) {
  for (const id of ALWAYS) {
    const old = document.getElementById(id), now = page.getElementById(id);
    if (old && now && old.outerHTML !== now.outerHTML) old.replaceWith(document.adoptNode(now));
  }
  const saved = document.getElementById("saved")?.textContent;
  for (const id of ids) {
    const old = document.getElementById(id), now = page.getElementById(id);
    if (!old || !now) continue;
    const open = new Set([...old.querySelectorAll("details[open]")].map((one) => one.dataset.key));
    const active = old.contains(document.activeElement) ? document.activeElement : null;
    for (const one of now.querySelectorAll("details")) if (open.has(one.dataset.key)) one.open = true;
    old.replaceWith(document.adoptNode(now));
    if (active) resume(active, successor(active, now) ?? region(now));
  }
  for (const bad of document.querySelectorAll(".bad")) {
    document.getElementById(bad.id.replace("bad-", "you-"))?.setAttribute("aria-invalid", bad.textContent.trim() !== "");
  }
  told(saved);
  if (!isTyping()) for (const id of ids) draw(document.querySelector(`#${id} [data-focus]`));
  poll();
}

function isTyping() { // nothing takes the focus from a field: the next key would press it
  return document.activeElement?.matches("input:not([type=radio], [type=checkbox]), select, textarea");
}

function told(saved) { // it stays, whatever is chosen afterwards
  const place = document.getElementById("saved");
  if (place && saved) place.textContent = saved;
}

document.addEventListener("click", (event) => {
  told(event.target.closest?.("[data-saves]")?.dataset.saves);
});

// What takes the place of a control: without an id, an input is known by its value, any other by
// what it is called, wherever it is moved to.
function successor(old, part) {
  if (old.id) return document.getElementById(old.id);
  const called = (one) => one.matches("input") ? one.value : one.getAttribute("aria-label") ?? one.textContent.trim();
  const alike = [...part.querySelectorAll(old.tagName)].filter((one) => one.name === old.name);
  return alike.find((one) => called(one) === called(old));
}

function region(part) { // the control is no more: no other is pressed by mistake
  part.tabIndex = -1;
  return part;
}

function resume(old, now) {
  now.focus({ preventScroll: true });
  if (old.type === "text" && now.type === "text") now.setSelectionRange(old.selectionStart, old.selectionEnd);
}

function draw(one) { // what has just happened stands at the top
  if (!one) return;
  one.focus({ preventScroll: true });
  scrollTo(0, 0);
}

async function fetched(address, options, what) {
  running.get(what)?.abort();
  const stop = new AbortController();
  running.set(what, stop);
  try {
    const answer = await fetch(address, { ...options, signal: stop.signal, credentials: "same-origin" });
    const text = await answer.text();
    if (stop.signal.aborted) throw new DOMException("older", "AbortError");
    return [answer, new DOMParser().parseFromString(text, "text/html")];
  } finally {
    if (running.get(what) === stop) running.delete(what);
  }
}

function lost(error) {
  if (error.name === "AbortError" || document.getElementById("lost")) return;
  const notice = document.createElement("div");
  notice.id = "lost";
  notice.className = "notice warning";
  notice.setAttribute("role", "alert");
  notice.append(document.body.dataset.lost);
  document.getElementById("main").prepend(notice);
}

// --- Forms that answer as one types -----------------------------------------------------------

function send(form) {
  return underWay(form, form.id === "choose" ? "preview" : "", async () => {
    const body = new URLSearchParams(new FormData(form));
    const [answer, page] = await fetched(form.action, { method: "POST", body }, form.id);
    document.getElementById("lost")?.remove();
    if (!page.getElementById(form.dataset.swap.trim().split(/ +/)[0])) {
      location.assign(answer.redirected ? answer.url : "/");
      return;
    }
    swap(page, form.dataset.swap.trim().split(/ +/));
    if (answer.redirected) moved(answer.url);
  });
}

const answers = new Map(); // those that are on their way, by their form
const failed = new Set(); // forms that had none: they are sent again before anything is made of them
function underWay(form, what, work) {
  const busy = what && document.getElementById(what), waits = async () => {
    if (busy) busy.setAttribute("aria-busy", "true");
    failed.delete(form.id);
    try {
      await work();
    } catch (error) {
      if (form.id && error.name !== "AbortError") failed.add(form.id);
      lost(error);
    } finally {
      if (answers.get(form.id) === answer) answers.delete(form.id);
      if (busy?.isConnected && !answers.has(form.id)) busy.setAttribute("aria-busy", "false");
      if (busy && form.id && !isUnsent(form)) pending(false);
    }
  };
  const answer = waits();
  answers.set(form.id, answer);
  return answer;
}

function moved(address) { // what leads back to this page leads to what it shows now
  history.replaceState(null, "", address);
  turned = location.pathname;
  const { pathname, search } = location;
  for (const one of document.querySelectorAll('.head [name="back"]')) one.value = pathname + search;
}

// Nothing is printed that was not shown: until its pages are there, a press of Print only leads to
// them.
let pressed = false;
function pending(is) {
  const print = document.getElementById("print");
  print?.toggleAttribute("data-pending", is);
  if (is || !pressed) return;
  pressed = false;
  document.querySelector(".pages li:has(strong), .pages li, .joined .added")?.scrollIntoView({ block: "nearest" });
  print?.focus({ preventScroll: true });
}

const timers = new Map();
function soon(form) {
  if (form.id === "choose") pending(true);
  clearTimeout(timers.get(form.id));
  running.get(form.id)?.abort(); // its answer would take back what is being typed
  timers.set(form.id, setTimeout(() => { timers.delete(form.id); send(form); }, Number(form.dataset.live)));
}

// What was typed or chosen a moment ago is sent and answered before another form leaves the page,
// with its language, a star, a search, and before a link leads away or opens what was made of it.
const isUnsent = (form) => form && [timers, running, failed].some((known) => known.has(form.id));
const unsent = () => ["choose", "case"].map((id) => document.getElementById(id)).find(isUnsent);

async function answered(form) {
  while (isUnsent(form) && !document.getElementById("lost")) {
    const answer = timers.has(form.id) ? undefined : answers.get(form.id);
    clearTimeout(timers.get(form.id));
    timers.delete(form.id);
    await (answer ?? (form.dataset.live ? send(form) : place(form)));
  }
}

function resend() { // what had no answer
  const form = unsent();
  if (!form || timers.has(form.id) || answers.has(form.id)) return;
  document.getElementById("lost")?.remove();
  answered(form);
}

function shownFirst() { // a press of Print, while its pages are made or could not be
  pressed = true;
  resend();
}

let leaving = false; // what was pressed first is done; a second press asks for no more
async function afterSending(event, typed, leave) {
  event.preventDefault();
  if (leaving) return;
  leaving = true;
  document.getElementById("lost")?.remove();
  await answered(typed);
  leaving = false;
  if (!document.getElementById("lost")) leave();
}

function sendsFirst(event) {
  const form = event.target, typed = unsent();
  if (!typed || form === typed || form.dataset.place || event.submitter?.hasAttribute("data-pending")) return false;
  afterSending(event, typed, () => {
    if (form.isConnected) form.requestSubmit(event.submitter);
    else [...document.forms].find((one) => one.action === form.action)?.requestSubmit();
  });
  return true;
}

const isOfPages = (link) => /^\/[ad]\//.test(link.pathname);
const ending = (link) => // behind the token, whichever pages it leads to
  link.pathname.split("/").slice(3).join("/") + link.search.replace(/[?&]key=[^&]*/, "");
function follow(link) { // to what it leads to now; a press that is some seconds old opens no window
  const now = [...document.links].find((one) => isOfPages(one) && ending(one) === ending(link));
  if (link.target && navigator.userActivation?.isActive === false) now?.focus();
  else now?.click();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href]:not([href^="#"])'), typed = unsent();
  if (!link || !typed) return;
  event.stopImmediatePropagation();
  if (link.id === "print") {
    event.preventDefault();
    shownFirst();
  } else {
    afterSending(event, typed, () => isOfPages(link) ? follow(link) : location.assign(link.href));
  }
}, true);

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.dataset.live) soon(form);
});

document.addEventListener("submit", (event) => {
  if (sendsFirst(event)) return;
  const form = event.target;
  const first = form.id === "search" && !isUnsent(form) && document.querySelector("#results .open");
  if (!event.submitter?.hasAttribute("data-pending")) {
    clearTimeout(timers.get(form.id));
    timers.delete(form.id);
  }
  if (first) { // of what was typed, not of what stood there before
    event.preventDefault();
    first.click();
  }
  if (event.submitter?.hasAttribute("data-pending")) {
    event.preventDefault();
    shownFirst();
    return;
  }
  if (event.submitter?.id === "print") {
    if (event.submitter.dataset.pressed) event.preventDefault();
    event.submitter.dataset.pressed = "yes";
    setTimeout(() => delete event.submitter.dataset.pressed, 2000);
  }
});

document.addEventListener("click", (event) => {
  const step = event.target.closest?.("[data-step]");
  const copies = document.getElementById("copies");
  if (!step || !copies) return;
  copies.value = Math.min(99, Math.max(1, (Number(copies.value) || 1) + Number(step.dataset.step)));
  soon(copies.form);
});

// --- Keys ---------------------------------------------------------------------------------------

document.addEventListener("keydown", (event) => {
  const key = event.key.toLowerCase(), command = event.ctrlKey || event.metaKey;
  if (command && key === "k") {
    event.preventDefault();
    const field = document.getElementById("q");
    if (field) field.select();
    else location.assign("/");
  } else if (command && key === "p") {
    event.preventDefault(); // the handout, never the screen
    document.getElementById("print")?.click();
  } else if (key === "f1") {
    event.preventDefault();
    document.getElementById("help").click();
  } else if (key === "arrowdown" || key === "arrowup") {
    move(event, key === "arrowdown" ? 1 : -1);
  }
});

function move(event, by) {
  const links = [...document.querySelectorAll("#results .open")];
  const at = links.indexOf(document.activeElement);
  if (!links.length || (at < 0 && document.activeElement.id !== "q")) return;
  event.preventDefault();
  const next = at + by;
  (next < 0 ? document.getElementById("q") : links[Math.min(next, links.length - 1)]).focus();
}

// --- What is asked again, while somebody looks ----------------------------------------------------

let waiting = [];
function poll() {
  waiting.forEach(clearTimeout);
  waiting = [...document.querySelectorAll("[data-poll]")].map((one) => {
    const since = Number(one.dataset.since ?? 0), usual = Number(one.dataset.poll);
    const wait = since > WAIT.late ? Math.max(usual, WAIT.again) : usual;
    return setTimeout(() => ask(one, since + wait), wait);
  });
}

async function ask(one, since) {
  if (!one.isConnected) return;
  if (document.hidden) return poll();
  try {
    const [answer, page] = await fetched(one.dataset.from, {}, one.dataset.from);
    document.getElementById("lost")?.remove();
    resend();
    if (!one.isConnected || unsent()) return poll(); // it is of the page before
    const again = page.getElementById(one.id);
    if (!again && [401, 403, 404].includes(answer.status)) return location.reload(); // it says why
    if (again) again.dataset.since = since;
    swap(page, (one.dataset.swap ?? one.id).trim().split(/ +/));
  } catch (error) {
    lost(error);
    poll();
  }
}
poll();
draw(document.querySelector("main [data-focus], .bar [data-focus]"));
