// A page left open warns before the session ends, and keeps what is being typed when it has ended.
"use strict";

{
 const { idle, warn, login, alive } = document.body.dataset;
 const box = first("[data-idle-dialog]");
 const [soon, over] = [box.querySelector("[data-idle-soon]"), box.querySelector("[data-idle-over]")];
 const words = box.querySelector("[data-idle-words]");
 const shared = "baocao-dung-luc"; // pages of one browser share one session, so its last use too
 let typed = false;
 let ended = false;
 let asking = false;

 const unused = () => (Date.now() - (Number(localStorage[shared]) || 0)) / 1000;
 const use = () => { localStorage[shared] = Date.now(); };

 // The session's newest token goes into every form: signing in anew has changed it.
 const renew = (token) => {
  first("meta[name=csrf-token]").content = token;
  each("input[name=csrf_token]", (one) => { one.value = token; });
 };
 const ask = () => {
  if (asking) return;
  asking = true;
  inquire(alive)
   .then((told) => {
    if (told.login !== login) return told.login ? location.reload() : end();
    use();
    renew(told.token);
    ended = false;
    box.close();
    dispatchEvent(new Event("session-renewed"));
   })
   .catch(() => {}) // no network: asked again
   .finally(() => { asking = false; });
 };

 const tell = () => {
  [soon.hidden, over.hidden] = [ended, !ended];
  box.classList.toggle("over", ended);
  if (!box.open) box.showModal();
 };
 const end = () => {
  if (!typed) { location.reload(); return; } // nothing to lose: the server asks to sign in
  ended = true;
  tell();
 };

 const look = () => {
  if (ended) return;
  const seconds = Math.ceil(idle - unused());
  if (seconds <= -3) { if (seconds % 3 === 0) ask(); return; } // another page may have used the session
  if (seconds > Number(warn)) { if (box.open) box.close(); return; }
  words.textContent = words.dataset.idleWords.replace("{seconds}", Math.max(seconds, 0));
  tell();
 };

 // Typing, and sending a file, is using the session; the server is told once a minute.
 const touch = () => {
  typed = true;
  if (unused() > 60) ask();
 };
 addEventListener("input", (event) => { if (event.target.form?.method === "post") touch(); });
 addEventListener("session-used", touch);
 addEventListener("session-over", () => { typed = true; ask(); });
 addEventListener("submit", () => { typed = false; });
 box.oncancel = (event) => { event.preventDefault(); if (!ended) ask(); };
 box.querySelector("[data-idle-stay]").onclick = ask;
 addEventListener("focus", () => { if (ended) ask(); });
 use();
 setInterval(look, 1000);
}
