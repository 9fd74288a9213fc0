// On every page of somebody signed in, where this browser keeps a day's homes: nobody else's pages stay on it, and
// who signs out with something unsent is asked once, and told what it is.
"use strict";

(() => {
  const form = document.getElementById("sign-out");
  if (!form || !("serviceWorker" in navigator)) return;
  const user = Number(form.elements.leaving.value);

  // What the service worker says; nothing where there is none, or where it is busy with something else.
  async function told(ask) {
    const worker = (await navigator.serviceWorker.getRegistration("/"))?.active;
    if (!worker) return null;
    return new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = (event) => resolve(event.data);
      setTimeout(() => resolve(null), 3_000);
      worker.postMessage({ ask, user }, [port2]);
    });
  }

  form.addEventListener("submit", async (event) => {
    if (form.dataset.asked) return;
    event.preventDefault();
    event.stopPropagation(); // not sent yet
    const titles = await told("unsent").catch(() => null) ?? [];
    if (titles.length && !window.confirm(`还有 ${titles.length} 项没有发送：${titles.join("、")}。退出会放弃它们，仍要退出吗？`)) return;
    form.dataset.asked = "yes";
    form.requestSubmit();
  });

  told("tidy").catch(() => null);
})();
