// A page left open warns before the session ends, and keeps what is being typed when it has ended.
"use strict";

{
 const { idle, warn, login, alive } = document.body.dataset;
 const box = document.querySelector("[data-idle-dialog]");
 const [soon, over] = [box.querySelector("[data-idle-soon]"), box.querySelector("[data-idle-over]")];
 const words = box.querySelector("[data-idle-words]");
 const shared = "baocao-dung-luc"; // pages of one browser share one session, so its last use too
 let typed = false;
 let ended = false;
 let asking = false;

 const used = () => Number(localStorage[shared]) || 0;
 const use = () => { localStorage[shared] = Date.now(); };
 const left = () => Number(idle) - (Date.now() - used()) / 1000;

 // The session's newest token goes into every form: signing in anew has changed it.
 const renew = (token) => {
  document.querySelector("meta[name=csrf-token]").content = token;
  document.querySelectorAll("input[name=csrf_token]").forEach((one) => { one.value = token; });
 };
 const ask = () => {
  if (asking) return;
  asking = true;
  fetch(alive)
   .then((answer) => answer.json())
   .then((told) => {
    if (told.login !== login) return told.login ? location.reload() : end();
    use();
    renew(told.token);
    ended = false;
    box.close();
    document.dispatchEvent(new Event("session-renewed"));
   })
   .catch(() => {}) // no network: asked again
   .finally(() => { asking = false; });
 };

 const end = () => {
  if (!typed) { location.reload(); return; } // nothing to lose: the server asks to sign in
  ended = true;
  soon.hidden = true;
  over.hidden = false;
  box.classList.add("over");
  if (!box.open) box.showModal();
 };

 const look = () => {
  if (ended) return;
  const seconds = Math.ceil(left());
  if (seconds <= -3) { ask(); return; } // another page may have used the session
  if (seconds > Number(warn)) { if (box.open) box.close(); return; }
  words.textContent = words.dataset.idleWords.replace("{seconds}", Math.max(seconds, 0));
  [soon.hidden, over.hidden] = [false, true];
  box.classList.remove("over");
  if (!box.open) box.showModal();
 };

 // Typing, and sending a file, is using the session; the server is told once a minute.
 const touch = () => {
  typed = true;
  if (Date.now() - used() > 60000) ask();
 };
 document.addEventListener("input", (event) => { if (event.target.form?.method === "post") touch(); });
 document.addEventListener("session-used", touch);
 document.addEventListener("session-over", () => { typed = true; ask(); });
 document.addEventListener("submit", () => { typed = false; });
 box.addEventListener("cancel", (event) => { event.preventDefault(); if (!ended) ask(); });
 box.querySelector("[data-idle-stay]").addEventListener("click", ask);
 addEventListener("focus", () => { if (ended) ask(); });
 use();
 setInterval(look, 1000);
}
