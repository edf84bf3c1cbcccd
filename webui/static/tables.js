// Tables are sorted, filtered, narrowed and copied; each stays as it was left while the tab is open.
"use strict";

const plain = (said) => said.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase().replace(/[’‘ʼ`]/g, "'").trim();
const tally = (place, shown, all) => { place.textContent = place.dataset.filterCount.replace("{shown}", shown).replace("{total}", all); };
const kept = () => JSON.parse(sessionStorage.tables ?? "[]");
const order = new Intl.Collator("vi", { numeric: true });
const isBlank = (said) => /^[^\p{L}\d]*x?$/u.test(said);
// What a cell is worth that begins with a figure, marked or not; a code like 1.10 is none.
const worth = (said) => Number(/^[-+]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?(?![.,/:]?\d)/.exec(said)?.[0].replaceAll(".", "").replace(",", "."));

each("[data-table]", (box) => {
 const table = box.querySelector("table");
 const [body] = table.tBodies;
 const rows = [...body.rows];
 const shown = (some) => [...some].filter((one) => !one.hidden);
 const text = (cell) => {
  const told = cell.cloneNode(true);
  each(".visually-hidden, form, details, .btn, .pointer", (one) => one.remove(), told);
  each("br, p, div", (one) => one.before(" "), told);
  return told.textContent.replace(/\s+/g, " ").trim();
 };
 const isSortable = rows.length > 1 && !body.querySelector(".total, [colspan], [rowspan]");

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

 // What was typed narrows only the same question to the server; tables left longest ago are forgotten.
 const name = location.pathname + box.id;
 const left = { find: "", hide: {}, ...kept().find((one) => one.name === name), name };
 if (left.query !== location.search) left.find = "";
 box.firstElementChild.append(first("#cong-cu-bang").content.cloneNode(true));
 const [own, chooser, copy, told] = box.querySelectorAll("[data-tool]");
 const section = box.closest("[data-filter]");
 const find = section?.querySelector("[data-filter-text]") ?? own;
 const count = section?.querySelector("[data-filter-count]");

 const show = () => {
  cells.forEach(({ cell, wide, over }) => {
   const gone = Object.keys(left.hide).filter((x) => left.hide[x] && over(x)).length;
   cell.hidden = gone === wide;
   cell.colSpan = wide - gone || 1;
  });
  rows.forEach((row) => { row.hidden = !(row.dataset.words ?? plain(row.textContent)).includes(plain(left.find)); });
  if (count) tally(count, shown(rows).length, rows.length);
  if (!left.way || !isSortable) return;
  rows.forEach((row) => { row.said = text(row.cells[left.by] ?? row).replace(/^(?:(\d+:\d+)\D+)?(\d\d)\/(\d\d)\/(\d{4})/, "$4$3$2 $1"); });
  const isFigures = rows.every(({ said }) => isBlank(said) || !isNaN(worth(said)));
  rows.sort(({ said: one }, { said: other }) => isBlank(one) - isBlank(other)
   || left.way * (isFigures && worth(one) - worth(other) || order.compare(one, other)));
  body.append(...rows);
  columns.forEach(({ cell, at }) => { cell.ariaSort = at !== left.by ? "none" : left.way > 0 ? "ascending" : "descending"; });
 };
 const change = (more) => {
  Object.assign(left, more, { query: location.search });
  sessionStorage.tables = JSON.stringify([left, ...kept().filter((one) => one.name !== name)].slice(0, 40));
  show();
 };

 columns.forEach(({ cell, at }) => {
  if (!text(cell)) return;
  const [check, label, sort] = ["input", "label", "button"].map((tag) => document.createElement(tag));
  Object.assign(check, { type: "checkbox", className: "form-check-input", checked: !left.hide[at] });
  check.onchange = () => change({ hide: { ...left.hide, [at]: !check.checked } });
  label.className = "form-check";
  label.append(check, heading(at));
  chooser.lastElementChild.append(label);
  if (!isSortable || cell.querySelector("a, button, input")) return;
  Object.assign(sort, { type: "button", className: copy.dataset.sort });
  sort.append(...cell.childNodes);
  sort.onclick = () => change({ by: at, way: at === left.by ? -left.way : 1 });
  cell.append(sort);
  cell.ariaSort = "none";
 });
 own.hidden = find !== own || (rows.length < 8 && !left.find);
 if (left.find) find.value = left.find;
 find.addEventListener("input", () => change({ find: find.value }));
 copy.onclick = () => {
  const said = shown(table.rows).map((row) => shown(row.cells).map((cell) => // no cell is taken for a formula
   text(cell).replace(/^(?=[-=+@].)(?![-+]?[\d.,]+%?$)/, "'") + "\t".repeat(cell.colSpan - 1)).join("\t")).join("\n");
  document.addEventListener("copy", (event) => {
   event.preventDefault();
   event.clipboardData.setData("text/plain", said);
   event.clipboardData.setData("text/html", `<table><tr><td>${new Option(said).innerHTML.replaceAll("\t", "<td>").replaceAll("\n", "<tr><td>")}</table>`);
  }, { once: true });
  if (document.execCommand("copy")) copy.lastElementChild.textContent = copy.dataset.tool;
 };
 if ("query" in left) show();

 // On a phone a cell that is touched tells its whole heading.
 table.onclick = ({ target }) => {
  const one = innerWidth < 768 && cells.find(({ cell, wide }) => wide === 1 && cell === target.closest("tbody td"));
  told.hidden = !one;
  if (one) told.textContent = `${text(one.cell.parentNode.querySelector("th") ?? one.cell)}: ${heading(one.at)}`;
 };
});
