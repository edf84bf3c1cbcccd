// Tables are sorted, filtered, narrowed and copied; each stays as it was left while the tab is open.
"use strict";

const plain = (said) => said.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase().replace(/[’‘ʼ`]/g, "'").trim();

document.querySelectorAll("[data-table]").forEach((box) => {
 const table = box.querySelector("table");
 const [body] = table.tBodies;
 const rows = [...body.rows];
 const shown = (some) => [...some].filter((one) => !one.hidden);
 const text = (cell) => {
  const told = cell.cloneNode(true);
  told.querySelectorAll(".visually-hidden, form, details, .btn, .pointer").forEach((one) => one.remove());
  told.querySelectorAll("br, p, div").forEach((one) => one.before(" "));
  return told.textContent.replace(/\s+/g, " ").trim();
 };
 const rank = (said) => /^-?[\d.]+(,\d+)?$/.test(said) ? said.replaceAll(".", "").replace(",", ".")
  : said.replace(/^(?:(\d+:\d+)\D+)?(\d\d)\/(\d\d)\/(\d{4})/, "$4$3$2 $1");

 // Each cell on its column, whatever spans down to it.
 const cells = [table.tHead, body, table.tFoot].flatMap((part) => {
  const taken = {};
  return [...part?.rows ?? []].flatMap((row, y) => [...row.cells].map((cell) => {
   const wide = cell.colSpan;
   let at = 0;
   while (taken[[at, y]]) at += 1;
   for (let n = 0; n < wide * cell.rowSpan; n += 1) taken[[at + n % wide, y + Math.floor(n / wide)]] = true;
   return { cell, at, wide, over: (x) => at <= x && x < at + wide };
  }));
 });
 const heading = (x) => cells.filter(({ cell, over }) => /^col/.test(cell.scope) && over(x)).map(({ cell }) => text(cell)).join(" – ");
 const columns = cells.filter(({ cell }) => cell.scope === "col");

 const name = location.pathname + box.id;
 const left = JSON.parse(sessionStorage[name] ?? '{"find":"","hide":{}}');
 box.firstElementChild.append(document.querySelector("#cong-cu-bang").content.cloneNode(true));
 const [own, chooser, copy, told] = box.querySelectorAll("[data-tool]");
 const find = document.querySelector("[data-filter-text]") ?? own;
 const count = document.querySelector("[data-filter-count]");

 const show = (more) => {
  sessionStorage[name] = JSON.stringify(Object.assign(left, more));
  cells.forEach(({ cell, wide, over }) => {
   const gone = Object.keys(left.hide).filter((x) => left.hide[x] && over(x)).length;
   cell.hidden = gone === wide;
   cell.colSpan = wide - gone || 1;
  });
  rows.forEach((row) => { row.hidden = !(row.dataset.words ?? plain(row.textContent)).includes(plain(left.find)); });
  if (count) count.textContent = count.dataset.filterCount.replace("{shown}", shown(rows).length).replace("{total}", rows.length);
  if (!left.way) return;
  rows.forEach((row) => { row.rank = rank(text(row.cells[left.by])); });
  body.append(...rows.sort((a, b) => left.way * (a.rank - b.rank || a.rank.localeCompare(b.rank, "vi"))));
  columns.forEach(({ cell, at }) => { cell.ariaSort = at !== left.by ? "none" : left.way > 0 ? "ascending" : "descending"; });
 };

 columns.forEach(({ cell, at }) => {
  if (!text(cell)) return;
  const [check, label, sort] = ["input", "label", "button"].map((tag) => document.createElement(tag));
  Object.assign(check, { type: "checkbox", className: "form-check-input", checked: !left.hide[at] });
  check.onchange = () => show({ hide: { ...left.hide, [at]: !check.checked } });
  label.className = "form-check";
  label.append(check, heading(at));
  chooser.lastElementChild.append(label);
  if (rows.length < 2 || cell.querySelector("a, button, input") || body.querySelector(".total, [colspan], [rowspan]")) return;
  Object.assign(sort, { type: "button", className: copy.dataset.sort });
  sort.append(...cell.childNodes);
  sort.onclick = () => show({ by: at, way: at === left.by ? -left.way : 1 });
  cell.append(sort);
  cell.ariaSort = "none";
 });
 own.hidden = find !== own || rows.length < 8;
 find.value ||= left.find;
 find.oninput = () => show({ find: find.value });
 copy.onclick = () => {
  const said = shown(table.rows).map((row) => shown(row.cells).map((cell) =>
   text(cell).replace(/^(?=[=+@]|-\D)/, "'") + "\t".repeat(cell.colSpan - 1)).join("\t")).join("\n"); // no cell is taken for a formula
  document.addEventListener("copy", (event) => {
   event.preventDefault();
   event.clipboardData.setData("text/plain", said);
   event.clipboardData.setData("text/html", `<table><tr><td>${new Option(said).innerHTML.replaceAll("\t", "<td>").replaceAll("\n", "<tr><td>")}</table>`);
  }, { once: true });
  document.execCommand("copy");
  copy.lastElementChild.textContent = copy.dataset.tool;
 };
 if (sessionStorage[name]) show();

 // On a phone a cell that is touched tells its whole heading.
 table.onclick = ({ target }) => {
  const one = innerWidth < 768 && cells.find(({ cell, wide }) => wide === 1 && cell === target.closest("tbody td"));
  told.hidden = !one;
  if (one) told.textContent = `${text(one.cell.parentNode.querySelector("th") ?? one.cell)}: ${heading(one.at)}`;
 };
});
