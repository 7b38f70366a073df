// Letters: dropped or chosen, they go to this program alone, under no name; the name stays on the
// screen. What is chosen beside a letter is answered in place, so that the name stays there.
"use strict";

let letterName = "", turned = location.pathname; // the address that this page is of

function called() {
  for (const one of document.querySelectorAll("[data-name]")) if (letterName) one.textContent = letterName;
}

function say(text, kind) {
  document.getElementById("said")?.remove();
  if (!text) return;
  const notice = document.createElement("div");
  notice.id = "said";
  notice.className = `notice ${kind}`;
  notice.setAttribute("role", kind === "warning" ? "alert" : "status");
  notice.append(text);
  document.getElementById("main").prepend(notice);
  scrollTo(0, 0);
}

// The whole answer takes the place of the page: the file's name would be lost on the way.
function turn(answer, page) {
  for (const one of running.values()) one.abort(); // its answer is about the letter before
  for (const one of timers.values()) clearTimeout(one);
  timers.clear();
  failed.clear();
  document.body.replaceChildren(...[...page.body.childNodes].map((one) => document.adoptNode(one)));
  document.title = page.title;
  history.pushState(null, "", answer.url);
  turned = location.pathname;
  called();
  poll();
  const first = document.querySelector("main [data-focus], main h1");
  first?.setAttribute("tabindex", "-1");
  draw(first);
  reach();
}

function reach() { // on a narrow page, what went wrong stands below what was chosen
  document.querySelector("#outcome [data-focus]")?.scrollIntoView({ block: "nearest" });
}

addEventListener("popstate", () => {
  if (location.pathname !== turned) location.reload();
});

async function take(file, control) {
  if (file.size > Number(document.body.dataset.most)) return say(document.body.dataset.big, "warning");
  const others = document.querySelector("main .columns"), active = document.activeElement;
  say(document.body.dataset.reading, "note");
  if (others) others.inert = true; // what is pressed there is about the letter before
  const form = await itsForm(control);
  if (form && await sent(form, file, control)) return;
  if (others) others.inert = false;
  active?.focus();
  say("");
}

// Its pages may have been made anew while the file was chosen.
async function itsForm(control) {
  const of = (one) => one?.form ?? one?.closest("form");
  const typed = unsent();
  if (typed && typed !== of(control)) await answered(typed);
  if (document.getElementById("lost")) return null;
  return of(control.isConnected ? control : successor(control, document));
}

async function sent(form, file, control) {
  const body = new FormData(form);
  body.set("letter", file, "letter.pdf");
  try {
    const action = control.getAttribute("formaction") ?? form.action;
    const [answer, page] = await fetched(action, { method: "POST", body }, "letter");
    letterName = file.name;
    turn(answer, page);
  } catch (error) {
    lost(error);
    return error.name === "AbortError"; // then another letter is on its way
  }
  return true;
}

function pick(control) {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = "application/pdf,.pdf";
  input.addEventListener("change", () => {
    if (input.files[0]) take(input.files[0], control);
  });
  input.click();
}

document.addEventListener("click", (event) => {
  const control = event.target.closest?.("[data-pick]");
  if (!control || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  pick(control);
});

// --- Dropping: beside its place, a file would take the place of the page ------------------------------

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    const zone = event.target.closest?.("[data-drop]");
    for (const one of document.querySelectorAll("[data-drop]")) {
      one.classList.toggle("over-it", kind === "dragover" && one === zone);
    }
    if (kind === "dragover") event.dataTransfer.dropEffect = zone ? "copy" : "none";
    if (kind === "drop" && zone && event.dataTransfer.files[0]) take(event.dataTransfer.files[0], zone);
  });
}

// --- What is answered in place ------------------------------------------------------------------------

// Another tab may have taken a letter since: it has not the name that stands here.
function isOfAnother(form, answer) {
  const [of, given] = [form.action, answer.url].map((one) => new URL(one).pathname.match("^/a/[^/]+")?.[0]);
  return of && given && of !== given;
}

async function place(form, submitter) {
  if (submitter && running.has(form.id)) { // what is on its way may move the button, or take it away
    await answered(form);
    const now = document.getElementById("lost") ? null : successor(submitter, document);
    return now?.form?.requestSubmit(now);
  }
  const body = new URLSearchParams(new FormData(form));
  if (submitter?.name) body.append(submitter.name, submitter.value);
  if (form.id) pending(true);
  const ids = form.dataset.place.split(" ");
  return underWay(form, document.getElementById("outcome") ? "outcome" : "preview", async () => {
    const [answer, page] = await fetched(form.action, { method: "POST", body }, form.id);
    if (!page.getElementById(ids[0]) || isOfAnother(form, answer)) return location.assign(answer.url);
    document.getElementById("lost")?.remove();
    swap(page, ids);
    called();
    reach();
  });
}

document.addEventListener("submit", (event) => {
  if (!event.target.dataset.place || event.defaultPrevented || event.submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  place(event.target, event.submitter);
});
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form?.dataset.place || form.dataset.live || !event.target.matches("select, [type=radio]")) return;
  pending(true);
  clearTimeout(timers.get(form.id));
  running.get(form.id)?.abort();
  timers.set(form.id, setTimeout(() => { timers.delete(form.id); place(form); }, 300)); // keys go over some
});
