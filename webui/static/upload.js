// Files dragged anywhere, or chosen, are sent one by one; one that meets an ended session waits for the next.
"use strict";

each("[data-drop]", (drop) => {
 const form = drop.querySelector("form");
 const blank = drop.querySelector("template").content;
 const together = drop.querySelector("[data-together]");
 const cover = first("[data-drop-cover]");
 const said = drop.dataset;
 const tell = (name) => dispatchEvent(new Event(name));
 const queue = []; // on its way, or behind it; all of it for a session that has ended
 let isHeld = false;
 let taken = []; // what came, less what failed and was told

 const put = (one) => new Promise((done) => {
  const [name, words, bar, stop] = one.line.children;
  const request = new XMLHttpRequest();
  const end = (text, isOver = false) => {
   words.textContent = text;
   bar.hidden = stop.hidden = true;
   done(isOver);
  };
  const body = new FormData(form);
  body.set("tep", one.file);
  body.set("don_vi", one.unit);
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
   one.isSaid = request.status < 401;
   if (request.status === 201) {
    one.kept = told;
    name.replaceChildren(Object.assign(document.createElement("a"), { href: told.url, textContent: one.file.name }));
    end(told.same || `${said.kept} ${told.number}`);
   } else if ((request.status === 401 || told.stale) && one.tries--) end(said.over, true);
   else end(told.error || said.failed);
  };
  request.send(body);
 });

 // The page is left when nothing is on its way.
 const send = async () => {
  while (queue.length) {
   isHeld = await put(queue[0]);
   if (isHeld) return tell("session-over");
   queue.shift();
  }
  const kept = taken.filter((one) => one.kept);
  const isSaid = taken.every((one) => one.isSaid);
  taken = kept;
  if (!kept.length) return;
  const numbers = kept.flatMap((one) => one.kept.uploads.map(({ number }) => `tep=${number}`));
  together.href = kept.length > 1 ? `${said.list}?${numbers.join("&")}` : kept[0].kept.url;
  together.hidden = false;
  if (isSaid) together.click();
 };
 const take = (files) => {
  drop.scrollIntoView({ block: "nearest" });
  const isIdle = !queue.length;
  [...files].forEach((file) => {
   drop.querySelector("ul").append(blank.cloneNode(true));
   const line = drop.querySelector("li:last-child");
   line.firstChild.textContent = file.name;
   const one = { file, line, unit: form.don_vi.value, tries: 3 };
   queue.push(one);
   taken.push(one);
  });
  if (isIdle) send();
 };

 addEventListener("session-renewed", () => { if (isHeld) send(); });
 addEventListener("beforeunload", (event) => { if (queue.length) event.returnValue = "-"; });
 form.onsubmit = (event) => {
  event.preventDefault();
  event.stopPropagation();
  take(form.tep.files);
  form.tep.value = "";
 };
 form.tep.onchange = () => form.requestSubmit();

 const over = (event) => {
  const isFiles = event.dataTransfer?.types.includes("Files");
  cover.hidden = !isFiles || event.type === "drop";
  if (isFiles) event.preventDefault();
 };
 addEventListener("dragover", over);
 addEventListener("dragleave", (event) => { if (!event.relatedTarget) cover.hidden = true; });
 addEventListener("drop", (event) => { over(event); if (event.defaultPrevented) take(event.dataTransfer.files); });
});
