// One button to print the page; without this the browser's own command does.
"use strict";

document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => print()));
