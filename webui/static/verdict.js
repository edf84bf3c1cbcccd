// Findings and rows are filtered while one types; without this the server does it.
"use strict";

{
 const form = document.querySelector("[data-finding-filter]");
 if (form) {
  const { tim: text, muc: group, loai: kind } = form.elements;
  const items = [...document.querySelectorAll(".finding-group li[data-words]")];
  const count = form.querySelector("[data-finding-count]");
  const clear = form.querySelector("[data-finding-clear]");
  const filter = () => {
   const wanted = plain(text.value);
   const isNarrowed = wanted || group.value || kind.value;
   let shown = 0;
   items.forEach((item) => {
    item.hidden = !((!group.value || item.closest(".finding-group").id === group.value)
     && (!kind.value || item.dataset.kind === kind.value) && item.dataset.words.includes(wanted));
    if (!item.hidden) shown += 1;
   });
   document.querySelectorAll(".finding-group, .finding-group article").forEach((one) => { one.hidden = !one.querySelector("li:not([hidden])"); });
   if (isNarrowed) document.querySelectorAll(".finding-group > details").forEach((one) => { one.open = true; });
   clear.hidden = !isNarrowed;
   count.textContent = count.dataset.findingCount.replace("{shown}", shown).replace("{total}", items.length);
  };
  const reset = () => { text.value = group.value = kind.value = ""; filter(); };
  [text, group, kind].forEach((one) => one.addEventListener("input", filter));
  form.addEventListener("submit", (event) => { event.preventDefault(); filter(); });
  clear.addEventListener("click", (event) => { event.preventDefault(); reset(); text.focus(); });
  // What still wants an explanation is not left behind a filter.
  document.addEventListener("invalid", (event) => { if (event.target.closest("[hidden]")) reset(); }, true);
  if (text.value || group.value || kind.value) filter();
 }

 // A link to a finding folded away opens what it lies in.
 const open = () => {
  const named = document.getElementById(location.hash.slice(1));
  const folded = named?.closest(".finding-group details");
  if (folded && !folded.open) { folded.open = true; named.scrollIntoView(); }
 };
 addEventListener("hashchange", open);
 open();

 const rows = document.querySelector("[data-row-filter]");
 if (rows) {
  rows.addEventListener("input", () => {
   const wanted = plain(rows.value);
   document.querySelectorAll("[data-row]").forEach((one) => { one.hidden = !one.dataset.row.includes(wanted); });
  });
 }
}
