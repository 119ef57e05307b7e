// Search and choice of a network. Without this script the page shows every practice example.
(() => {
  "use strict";
  const { plain, score } = letters;
  const one = (id) => document.getElementById(id);
  const field = one("practice_search"), network = one("practice_network"), count = one("practice_count");
  if (!field) return;
  const sections = [...document.querySelectorAll("[data-network]")];
  const entries = [...document.querySelectorAll(".practice")].map((article) => ({
    article,
    network: article.closest("[data-network]").dataset.network,
    words: plain(`${article.textContent} ${article.dataset.words}`).split(" "),
  }));
  // A word that stands there as it was typed counts before one with a slip.
  const fits = (asked, entry, worst) => asked.every((word) => entry.words.some((candidate) => score(word, candidate) <= worst));
  const show = () => {
    const asked = plain(field.value).split(" ").filter(Boolean);
    const there = entries.filter((entry) => !network.value || entry.network === network.value);
    const exact = there.filter((entry) => fits(asked, entry, 3));
    const shown = new Set(exact.length ? exact : there.filter((entry) => fits(asked, entry, 4)));
    for (const entry of entries) entry.article.hidden = !shown.has(entry);
    for (const section of sections) section.hidden = !section.querySelector(".practice:not([hidden])");
    const isAll = !asked.length && !network.value;
    count.textContent = isAll ? "" : shown.size ? count.dataset.found.replace("{n}", shown.size) : count.dataset.none;
  };
  field.addEventListener("input", show);
  network.addEventListener("change", show);
  field.form.addEventListener("submit", (event) => event.preventDefault());
  // A link to one example must not lead to a hidden one.
  addEventListener("hashchange", () => {
    const target = one(location.hash.slice(1));
    if (!target || !target.closest("[hidden]")) return;
    field.value = network.value = "";
    show();
    target.scrollIntoView();
  });
  field.form.hidden = false;
})();
