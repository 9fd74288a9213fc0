// select2, which Django's admin uses, names its boxes by what is chosen in them: while nothing is, by nothing.
"use strict";

function nameBoxes() {
  for (const box of document.querySelectorAll(".select2-selection")) {
    const label = box.closest(".form-row")?.querySelector("label")?.textContent.trim();
    if (!label) continue;
    box.setAttribute("aria-label", label);
    box.querySelector(".select2-selection__rendered")?.setAttribute("aria-label", label);
  }
}

// jQuery makes the boxes some time after the page is ready, and then calls who asked in turn.
document.addEventListener("DOMContentLoaded", () => window.django?.jQuery?.(nameBoxes));
