"use strict";
// Everything works without this file; it adds arrow keys, clicks on whole rows, and switches for the colours.

const links = (table) => [...table.querySelectorAll("a.open")];

for (const table of document.querySelectorAll("[data-rows]")) {
  table.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = links(table);
    const row = document.activeElement.closest("tr.row, tr.proof, tbody");
    const here = all.findIndex((link) => link === document.activeElement || (row && row.contains(link)));
    const next = all[here + step];
    if (next) {
      next.focus();
      next.scrollIntoView({ block: "nearest" });
      event.preventDefault();
    }
  });
  table.addEventListener("click", (event) => {
    if (event.target.closest("a, button, input, summary") || String(getSelection())) return;
    const row = event.target.closest("table.evidence tbody, tr.row");
    const link = row && row.querySelector("a.open");
    if (link) link.click();
  });
}

for (const box of document.querySelectorAll("[data-label-of]")) {
  box.addEventListener("change", () => {
    for (const mention of document.querySelectorAll(`.reading .${box.dataset.labelOf}`)) {
      mention.classList.toggle("off", !box.checked);
    }
  });
}

// On a narrow screen the search and the facets start closed, so that the rows come first.
if (matchMedia("(max-width: 48rem)").matches) {
  for (const part of document.querySelectorAll(".searchbox, .facets.side")) part.open = false;
}
