// Findings and rows are filtered while one types; without this the server does it.
"use strict";

{
 const form = first("[data-finding-filter]");
 if (form) {
  const { tim: text, muc: group, loai: kind } = form.elements;
  const items = [...document.querySelectorAll(".finding-group li[data-words]")];
  const count = form.querySelector("[data-filter-count]");
  const clear = form.querySelector("[data-finding-clear]");
  const filter = () => {
   const wanted = plain(text.value);
   const isNarrowed = wanted || group.value || kind.value;
   items.forEach((item) => {
    item.hidden = !((!group.value || item.closest(".finding-group").id === group.value)
     && (!kind.value || item.dataset.kind === kind.value) && item.dataset.words.includes(wanted));
   });
   each(".finding-group, .finding-group article", (one) => { one.hidden = !one.querySelector("li:not([hidden])"); });
   if (isNarrowed) each(".finding-group > details", (one) => { one.open = true; });
   clear.hidden = !isNarrowed;
   tally(count, items.filter((item) => !item.hidden).length, items.length);
  };
  const reset = () => { text.value = group.value = kind.value = ""; filter(); };
  form.oninput = filter;
  form.onsubmit = (event) => { event.preventDefault(); filter(); };
  clear.onclick = (event) => { event.preventDefault(); reset(); text.focus(); };
  // What still wants an explanation is not left behind a filter.
  addEventListener("invalid", (event) => { if (event.target.closest("[hidden]")) reset(); }, true);
  if (text.value || group.value || kind.value) filter();
 }

 // A link to a finding folded away opens what it lies in.
 const open = () => {
  const folded = named()?.closest(".finding-group details");
  if (folded && !folded.open) { folded.open = true; named().scrollIntoView(); }
 };
 addEventListener("hashchange", open);
 open();

 each("[data-row-filter]", (box) => {
  box.oninput = () => each("[data-row]", (one) => { one.hidden = !one.dataset.row.includes(plain(box.value)); });
 });
}
