// Files dragged anywhere, or chosen, are sent one by one; one that meets an ended session waits for the next.
"use strict";

(() => {
 // Verdicts shown as they come: the server draws the list anew until none is awaited.
 const live = document.querySelector("[data-live]");
 let rounds = 200; // a page forgotten open is no use of the session
 const again = async () => {
  try {
   const text = await (await fetch(location)).text();
   const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-live]");
   if (!fresh) return location.reload();
   live.replaceChildren(...fresh.childNodes);
  } catch { /* no network: asked again */ }
  return rounds-- && setTimeout(again, 1500);
 };
 if (live) again();

 const drop = document.querySelector("[data-drop]");
 if (!drop) return;
 const form = drop.querySelector("form");
 const blank = drop.querySelector("template").content;
 const together = drop.querySelector("[data-together]");
 const cover = document.querySelector("[data-drop-cover]");
 const said = drop.dataset;
 const tell = (name) => document.dispatchEvent(new Event(name));
 const held = []; // sent when the session had ended
 let busy = false;

 const put = (one) => new Promise((done) => {
  const [name, words, bar, stop] = one.line.children;
  const request = new XMLHttpRequest();
  const end = (text) => {
   words.textContent = text;
   bar.hidden = stop.hidden = true;
   done();
  };
  const body = new FormData(form);
  body.set("tep", one.file);
  words.textContent = said.sending;
  bar.hidden = stop.hidden = false;
  stop.onclick = () => request.abort();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  request.upload.onprogress = (event) => {
   bar.value = event.loaded / (event.total || Infinity);
   tell("session-used");
  };
  request.onerror = () => end(said.failed);
  request.onabort = () => end(said.stopped);
  request.onload = () => {
   const told = request.response ?? {};
   if (request.status === 201) {
    one.kept = told;
    name.replaceChildren(Object.assign(document.createElement("a"), { href: told.url, textContent: one.file.name }));
    end(`${said.kept} ${told.number}`);
   } else if ((request.status === 401 || told.stale) && one.tries--) {
    held.push(one);
    end(said.over);
    tell("session-over");
   } else end(told.error || said.failed);
  };
  request.send(body);
 });

 const putAll = async (several) => {
  busy = true;
  for (const one of several) await put(one);
  busy = false;
  const kept = several.flatMap((one) => one.kept?.uploads ?? []);
  if (held.length || !kept.length) return;
  together.href = several.length > 1 ? `${said.list}?${kept.map((one) => `tep=${one.number}`).join("&")}` : several[0].kept.url;
  together.hidden = false;
  if (several.every((one) => one.kept)) together.click();
 };
 const take = (files) => {
  drop.scrollIntoView({ block: "nearest" });
  putAll([...files].map((file) => {
   drop.querySelector("ul").append(blank.cloneNode(true));
   const line = drop.querySelector("li:last-child");
   line.firstChild.textContent = file.name;
   return { file, line, tries: 3 };
  }));
 };

 document.addEventListener("session-renewed", () => { if (held.length && !busy) putAll(held.splice(0)); });
 addEventListener("beforeunload", (event) => { if (busy || held.length) event.preventDefault(); });
 form.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation();
  take(form.tep.files);
  form.tep.value = "";
 });
 form.tep.addEventListener("change", () => form.requestSubmit());

 const over = (event) => {
  const isFiles = event.dataTransfer?.types.includes("Files");
  cover.hidden = !isFiles || event.type === "drop";
  if (isFiles) event.preventDefault();
 };
 addEventListener("dragover", over);
 addEventListener("dragleave", (event) => { if (!event.relatedTarget) cover.hidden = true; });
 addEventListener("drop", (event) => { over(event); if (event.defaultPrevented) take(event.dataTransfer.files); });
})();
