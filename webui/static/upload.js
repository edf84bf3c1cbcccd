// Files dragged anywhere, or chosen: each is sent with its own progress. One that meets an ended session waits for the next.
"use strict";

(() => {
  const drop = document.querySelector("[data-drop]");
  if (drop) {
    const form = drop.querySelector("form");
    const list = drop.querySelector("ul");
    const blank = drop.querySelector("template").content.firstElementChild;
    const [together, cover] = [drop.querySelector("[data-together]"), document.querySelector("[data-drop-cover]")];
    const { dataset: said } = drop;
    const held = []; // sent when the session had ended
    let busy = false;
    const tell = (name) => document.dispatchEvent(new Event(name));

    const put = (one) => new Promise((done) => {
      const [name, words, bar, stop] = one.line.children;
      const request = new XMLHttpRequest();
      const show = (text, isBad, isSending = false) => {
        bar.hidden = stop.hidden = !isSending;
        words.textContent = text;
        one.line.classList.toggle("text-danger", isBad);
        if (!isSending) done();
      };
      const body = new FormData(form);
      body.set("tep", one.file);
      one.tries += 1;
      stop.onclick = () => request.abort();
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      request.responseType = "json";
      request.upload.onprogress = (event) => { bar.value = event.loaded / (event.total || Infinity); tell("session-used"); };
      request.onerror = () => show(said.failed, true);
      request.onabort = () => show(said.stopped, true);
      request.onload = () => {
        const told = request.response ?? {};
        if (request.status === 201) {
          Object.assign(one, told);
          name.innerHTML = "<a></a>";
          Object.assign(name.firstChild, { href: told.url, textContent: one.file.name });
          show(`${said.kept} ${told.number}`, false);
        } else if ((request.status === 401 || told.stale) && one.tries < 3) {
          held.push(one);
          show(said.over, true);
          tell("session-over");
        } else show(told.error || said.failed, true);
      };
      show(said.sending, false, true);
      request.send(body);
    });

    const putAll = async (several) => {
      busy = true;
      for (const one of several) await put(one);
      busy = false;
      const kept = several.flatMap((one) => one.uploads ?? []);
      if (held.length || !kept.length) return;
      together.href = several.length > 1 ? `${together.href.split("?")[0]}?${kept.map((one) => `tep=${one.number}`).join("&")}` : several[0].url;
      together.hidden = false;
      if (several.every((one) => one.url)) together.click();
    };
    const take = (files) => {
      drop.scrollIntoView({ block: "nearest" });
      putAll([...files].map((file) => {
        const line = list.appendChild(blank.cloneNode(true));
        line.firstElementChild.textContent = file.name;
        return { file, line, tries: 0 };
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
    form.tep.addEventListener("change", () => { if (form.tep.files.length) form.requestSubmit(); });

    let depth = 0;
    for (const [name, next] of Object.entries({ dragenter: () => depth + 1, dragleave: () => depth - 1, dragover: () => depth, drop: () => 0 })) {
      addEventListener(name, (event) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        depth = next();
        cover.hidden = depth <= 0;
        if (name === "drop") take(event.dataTransfer.files);
      });
    }
  }

  // Verdicts shown as they come: the server draws the list anew until none is awaited.
  const live = document.querySelector("[data-live]");
  const again = () => fetch(location.href)
    .then((answer) => answer.text())
    .then((text) => {
      const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-live]");
      if (!fresh) return location.reload();
      live.replaceChildren(...fresh.childNodes);
      return setTimeout(again, 1500);
    })
    .catch(() => setTimeout(again, 4000));
  if (live) setTimeout(again, 1000);
})();
