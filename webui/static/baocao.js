// Everything here only makes pages quicker; without it every journey still works.
"use strict";

const first = (selector) => document.querySelector(selector);
const each = (selector, act, place = document) => place.querySelectorAll(selector).forEach(act);
const named = () => document.getElementById(location.hash.slice(1));

// What the server answers; a refusal is a failure.
const inquire = (url, kind = "json") => fetch(url, { headers: { Accept: "application/json" } })
 .then((answer) => answer.ok ? answer[kind]() : Promise.reject(answer));

// Looks until nothing is left to look for; after failures ever later, at last no more, which is told.
const follow = (pause, look) => {
 let failed = 0;
 const again = async () => {
  try {
   if (!await look()) return;
   failed = 0;
  } catch { failed += 1; }
  if (failed < 7) setTimeout(again, pause * 2 ** failed);
  else first(".toasts").append(first("#mat-lien-lac").content);
 };
 setTimeout(again, pause);
};

{
 document.documentElement.classList.add("js");

 // One click is one act.
 const grey = (form, isSent) => each("button", (one) => one.classList.toggle("disabled", isSent), form);
 addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (form.method !== "post" || event.submitter?.hasAttribute("data-stays")) return; // a download leaves the page as it is
  form.dataset.sent = "1";
  setTimeout(() => grey(form, true), 0);
 });
 addEventListener("pageshow", () => each("form[data-sent]", (form) => {
  delete form.dataset.sent;
  grey(form, false);
 }));

 // Only one question open at a time; Escape closes it.
 const asks = ":is(details.ask, .menu-group)[open]";
 addEventListener("toggle", ({ target: one }) => {
  if (!one.matches(asks)) return;
  each(asks, (other) => { if (!other.contains(one)) other.open = false; });
  one.querySelector("textarea, input:not([type=hidden]):not([type=checkbox])")?.focus();
 }, true);
 addEventListener("keydown", (event) => {
  if (event.key === "Escape") each(asks, (one) => { one.open = false; one.querySelector("summary").focus(); });
 });
 first(".menu [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
 addEventListener("click", (event) => each(".menu-group[open]", (one) => {
  if (!one.contains(event.target)) one.open = false;
 }));
 named()?.querySelector("details.ask")?.setAttribute("open", "");

 // What was just done is read aloud, stays in sight, and goes when it is put away.
 const toasts = first(".toasts");
 if (toasts.offsetHeight < innerHeight / 3) toasts.classList.add("sticky-top");
 setTimeout(() => toasts.append(...toasts.children), 300);
 toasts.onclick = ({ target }) => {
  if (!target.matches(".btn-close")) return;
  target.parentElement.remove();
  first("main").focus();
 };

 // Keys for who works here all day; their list can switch them off.
 const keys = first("[data-keys]");
 const wish = keys?.querySelector("input");
 if (keys) {
  const name = "baocao_khong_phim"; // storage is cleared at signing out
  wish.checked = !document.cookie.includes(name);
  wish.onchange = () => { document.cookie = `${name}=1; path=/; samesite=lax; max-age=${wish.checked ? 0 : 31536000}`; };
  first("[data-keys-open]").onclick = () => keys.showModal();
 }
 let before = "";
 addEventListener("keydown", (event) => {
  if (!wish?.checked || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, dialog")) return;
  const search = first("main [data-filter-text], main form:not([method=post]) input:not([type=hidden])");
  if (event.key === "/" && search) { event.preventDefault(); search.focus(); }
  if (event.key === "?") keys.showModal();
  if (before === "g") keys.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
  before = event.key;
 });

 // A file chosen is a file sent.
 each("input[data-at-once]", (one) => { one.onchange = () => { if (one.files.length) one.form.requestSubmit(); }; });

 // One explanation for all warnings of a kind.
 each("[data-copy-down]", (button) => { button.onclick = () => {
  const [top, ...others] = button.closest("article").querySelectorAll("textarea");
  others.forEach((one) => { if (!one.value.trim()) one.value = top.value; });
 }; });

 each("[data-print]", (one) => { one.onclick = () => print(); });

 // Work in the background, and the checking of a file, until it is done.
 each("[data-poll]", (waiting) => follow(900, async () => {
  const told = await inquire(waiting.dataset.poll);
  each("progress[value]", (bar) => { bar.value = told.percent; }, waiting);
  each("[data-poll-words]", (words) => { words.textContent = told.words; }, waiting);
  return told.state === "waiting" || location.reload();
 }));

 // Verdicts shown as they come: the server draws the list anew until none is awaited.
 let rounds = 200; // a page forgotten open is no use of the session
 each("[data-live]", (live) => follow(1500, async () => {
  const page = new DOMParser().parseFromString(await inquire(location, "text"), "text/html");
  const fresh = page.querySelector("[data-live]");
  if (!fresh) return location.reload();
  live.replaceChildren(...fresh.childNodes);
  return rounds--;
 }));

 // A board left open: its counts stay true, and it says when its lines are those of before.
 each("[data-counts]", ({ dataset: { counts, stamp, every } }) => follow(every * 1000, async () => {
  const told = document.hidden ? {} : await inquire(`${counts}?dau=${stamp}`);
  if (!told.stamp) return true;
  stamp = told.stamp;
  Object.entries(told.texts).forEach(([id, text]) => each(`[id="${id}"]`, (one) => { one["value" in one ? "value" : "textContent"] = text; }));
  first("[data-counts-changed]").hidden = false;
  return true;
 }));
}
