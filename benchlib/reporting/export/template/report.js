// Three comforts. The page is whole without them: the choices work by CSS alone, most browsers let the keyboard scroll a table, and
// long tables are open.
(() => {
  "use strict";

  // The reader's text size, contrast and colours stay for every page of the same place.
  const key = "benchlib-display";
  const display = document.querySelector(".display");
  const inputs = [...display.querySelectorAll("input")];
  const recall = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(key));
      for (const input of inputs) if (kept?.[input.name] === input.value) input.checked = true;
    } catch { /* Storage is off, or holds something else: the page is as the device wants it. */ }
  };
  const keep = () => {
    const chosen = inputs.filter((input) => input.checked).map((input) => [input.name, input.value]);
    try {
      localStorage.setItem(key, JSON.stringify(Object.fromEntries(chosen)));
    } catch { /* Storage is off or full: the choice lasts as long as the page. */ }
  };
  recall();
  addEventListener("pageshow", recall); // after going back, and after the browser put its own memory into the form
  display.addEventListener("change", keep);
  document.addEventListener("click", (event) => { if (!display.contains(event.target)) display.open = false; });
  display.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !display.open) return;
    display.open = false;
    display.firstElementChild.focus();
  });

  // Where rows are cards, a long table is folded until its reader opens it; never on paper.
  let folded = [];
  document.addEventListener("DOMContentLoaded", () => {
    if (!matchMedia("(width < 48rem)").matches) return;
    for (const table of document.querySelectorAll(".long")) table.open = false;
  });
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll(".long:not([open])")];
    for (const table of folded) table.open = true;
  });
  addEventListener("afterprint", () => { for (const table of folded) table.open = false; });

  // A table too wide for its place is a stop for the Tab key, and the arrows scroll it.
  const reach = () => {
    for (const box of document.querySelectorAll(".tabular")) {
      const isWide = box.scrollWidth > box.clientWidth;
      box.tabIndex = isWide ? 0 : -1;
      box.role = isWide ? "group" : null;
      box.ariaLabel = isWide ? box.querySelector("caption").textContent : null;
    }
  };
  new ResizeObserver(reach).observe(document.body);
})();
