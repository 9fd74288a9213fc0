// A button that copies what stands in a list of terms; without script, or where copying is not allowed, it is not there.
"use strict";

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const terms = [...document.getElementById(button.dataset.copy).querySelectorAll("dt")];
    const words = terms.map((term) => `${term.textContent} ${term.nextElementSibling.textContent}`).join("\n");
    try {
      await navigator.clipboard.writeText(words);
      button.textContent = "已复制";
    } catch {
      button.textContent = "没有复制成功，请截图或抄下来";
    }
  });
}
