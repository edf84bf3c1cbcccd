// Everything here only makes pages quicker; without it every journey still works.
"use strict";

{
 document.documentElement.classList.add("js");

 // One click is one act.
 document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (form.method !== "post" || event.submitter?.hasAttribute("data-stays")) return; // a download leaves the page as it is
  form.dataset.sent = "1";
  setTimeout(() => form.querySelectorAll("button").forEach((one) => one.classList.add("disabled")), 0);
 });
 addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => {
  delete form.dataset.sent;
  form.querySelectorAll("button").forEach((one) => one.classList.remove("disabled"));
 }));

 // Only one question open at a time; Escape closes it.
 const asks = [...document.querySelectorAll("details.ask, .menu-group")];
 asks.forEach((one) => one.addEventListener("toggle", () => {
  if (!one.open) return;
  asks.forEach((other) => { if (other !== one && !other.contains(one)) other.open = false; });
  one.querySelector("textarea, input:not([type=hidden]):not([type=checkbox])")?.focus();
 }));
 document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") asks.forEach((one) => { if (one.open) { one.open = false; one.querySelector("summary").focus(); } });
 });
 document.querySelector(".menu [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
 addEventListener("click", (event) => document.querySelectorAll(".menu-group[open]").forEach((one) => {
  if (!one.contains(event.target)) one.open = false;
 }));
 const named = document.getElementById(location.hash.slice(1));
 named?.querySelector("details.ask")?.setAttribute("open", "");

 // What was just done is read aloud, stays in sight, and goes when it is put away.
 const toasts = document.querySelector(".toasts");
 if (toasts.offsetHeight < innerHeight / 3) toasts.classList.add("sticky-top");
 setTimeout(() => toasts.append(...toasts.children), 300);
 toasts.addEventListener("click", (event) => {
  if (!event.target.matches(".btn-close")) return;
  event.target.parentElement.remove();
  document.querySelector("main").focus();
 });

 // Keys for who works here all day; their list can switch them off.
 const keys = document.querySelector("[data-keys]");
 const wish = keys?.querySelector("input");
 if (keys) {
  wish.checked = !localStorage.noKeys;
  wish.onchange = () => { localStorage.noKeys = wish.checked ? "" : "1"; };
  document.querySelector("[data-keys-open]").onclick = () => keys.showModal();
 }
 let before = "";
 document.addEventListener("keydown", (event) => {
  if (!wish?.checked || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, dialog")) return;
  const search = document.querySelector("main [data-filter-text], main form:not([method=post]) input:not([type=hidden])");
  if (event.key === "/" && search) { event.preventDefault(); search.focus(); }
  if (event.key === "?") keys.showModal();
  if (before === "g") keys.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
  before = event.key;
 });

 // A file chosen is a file sent.
 document.querySelectorAll("input[data-at-once]").forEach((one) =>
  one.addEventListener("change", () => { if (one.files.length) one.form.requestSubmit(); }));

 // One explanation for all warnings of a kind.
 document.querySelectorAll("[data-copy-down]").forEach((button) => button.addEventListener("click", () => {
  const [first, ...others] = button.closest("article").querySelectorAll("textarea");
  others.forEach((one) => { if (!one.value.trim()) one.value = first.value; });
 }));

 // The demo's accounts fill the sign-in form.
 document.querySelectorAll("a[data-login]").forEach((link) => link.addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("login").value = link.dataset.login;
  const word = document.getElementById("password");
  word.value = link.dataset.password;
  word.focus();
 }));

 document.querySelectorAll("[data-print]").forEach((one) => one.addEventListener("click", () => print()));

 // A file being checked: ask until it is judged.
 const ask = (url) => fetch(url, { headers: { Accept: "application/json" } })
  .then((answer) => answer.status === 429 ? Promise.reject(answer) : answer.json()); // too often: asked again later
 const waiting = document.querySelector("[data-poll]");
 if (waiting) {
  const look = () => ask(waiting.dataset.poll)
   .then((told) => {
    const bar = waiting.querySelector("progress");
    const words = waiting.querySelector("[data-poll-words]");
    if (bar && told.percent) bar.value = told.percent;
    if (words && told.words) words.textContent = told.words;
    return told;
   })
   .then((told) => told.state === "waiting" ? setTimeout(look, 900) : location.reload())
   .catch(() => setTimeout(look, 3000));
  setTimeout(look, 600);
 }

 // A board left open: its counts stay true, and it says when its lines are those of before.
 const board = document.querySelector("[data-counts]");
 if (board) {
  let { stamp } = board.dataset;
  const changed = document.querySelector("[data-counts-changed]");
  setInterval(() => document.hidden || ask(`${board.dataset.counts}?dau=${stamp}`).then((told) => {
   if (!told.stamp) return;
   stamp = told.stamp;
   Object.entries(told.texts).forEach(([id, text]) => {
    const one = document.getElementById(id);
    if (one) one["value" in one ? "value" : "textContent"] = text;
   });
   changed.hidden = false;
  }).catch(() => {}), Number(board.dataset.every) * 1000);
 }
}
