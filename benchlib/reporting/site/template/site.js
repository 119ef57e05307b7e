// Search, choice of an indicator, keys on the map, sorting. Without this script the page shows one indicator, all links and the whole table.
(() => {
  "use strict";
  const { plain, score } = letters;
  const one = (id) => document.getElementById(id);
  const data = JSON.parse(one("site_data").textContent);
  const texts = data.texts;
  const collator = new Intl.Collator("lv", { numeric: true });
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));

  // Search: letters without their marks; a word that says what kind of municipality it is puts that kind first
  const KINDS = new Map([
    ...["novads", "novada", "nov", "municipality"].map((word) => [word, "novads"]),
    ...["pilseta", "pilsetas", "valstspilseta", "valstspilsetas", "city", "state"].map((word) => [word, "city"]),
  ]);
  const key = (text) => {
    const words = plain(text).split(" ");
    const kept = words.filter((word) => !KINDS.has(word));
    return (kept.length ? kept : words).join(" ");
  };
  const kind = (text) => plain(text).split(" ").map((word) => KINDS.get(word)).find(Boolean);
  const entries = data.search.map((entry) => ({ ...entry, keys: [...new Set(entry.a.map(key)), plain(entry.n)] }));
  const find = (text) => {
    const wanted = key(text), asked = kind(text);
    if (!wanted) return [];
    const rank = (entry) => {
      const nearest = Math.min(...entry.keys.map((candidate) => score(wanted, candidate)));
      return asked && entry.k && asked !== entry.k ? nearest + 10 : nearest;
    };
    return entries
      .map((entry) => ({ entry, rank: rank(entry) }))
      .filter((hit) => hit.rank < Infinity)
      .sort((a, b) => a.rank - b.rank || collator.compare(a.entry.n, b.entry.n))
      .map((hit) => hit.entry);
  };

  const field = one("search"), list = one("found"), count = one("found_count");
  let active = -1;
  const options = () => [...list.children];
  const mark = (number) => {
    active = number;
    options().forEach((option, place) => option.setAttribute("aria-selected", String(place === number)));
    if (number < 0) field.removeAttribute("aria-activedescendant");
    else {
      field.setAttribute("aria-activedescendant", list.children[number].id);
      list.children[number].scrollIntoView({ block: "nearest" });
    }
  };
  const close = () => {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    mark(-1);
  };
  const open = (option) => { location.href = option.dataset.href; };
  const search = () => {
    const hits = find(field.value);
    list.replaceChildren(...hits.slice(0, 8).map((entry, place) => {
      const option = document.createElement("li");
      option.id = `found_${place}`;
      option.setAttribute("role", "option");
      option.dataset.href = entry.h;
      const name = document.createElement("b"), detail = document.createElement("span");
      name.textContent = entry.n;
      detail.textContent = entry.d;
      option.append(name, " ", detail);
      option.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
      option.addEventListener("click", () => open(option));
      return option;
    }));
    count.textContent = !key(field.value) ? "" : hits.length ? fill(texts.found, { n: hits.length }) : texts.none;
    list.hidden = !hits.length;
    field.setAttribute("aria-expanded", String(hits.length > 0));
    mark(-1);
  };
  field.addEventListener("input", search);
  field.addEventListener("focus", search);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    const number = list.hidden ? 0 : list.children.length;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && number) {
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(active < 0 && step < 0 ? number - 1 : (active + step + number) % number);
      event.preventDefault();
    } else if (event.key === "Enter" && number) {
      open(list.children[Math.max(active, 0)]);
      event.preventDefault();
    } else if (event.key === "Escape") {
      if (list.hidden) field.value = "";
      close();
      count.textContent = "";
    }
  });

  // What is shown
  const indicator = one("indicator"), year = one("year");
  const tiles = [...document.querySelectorAll(".tile")];
  const table = document.querySelector(".sortable");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  let layer, about;
  let shown = -1; // the municipality on the card

  const describe = (number) => {
    shown = number;
    const [name, href] = data.places[number];
    const more = [];
    if (layer.i?.[number]) more.push(`${texts.interval}: ${layer.i[number]}`);
    if (layer.r[number]) more.push(fill(texts.rank, { rank: layer.r[number], n: layer.n }));
    one("card_name").textContent = name;
    one("card_name").href = href;
    one("card_value").textContent = layer.t[number];
    one("card_more").textContent = more.join(" · ");
    for (const tile of tiles) tile.toggleAttribute("aria-current", Number(tile.dataset.place) === number);
    one("card_name").hidden = false;
    one("card_hint").hidden = true;
  };

  const show = (subject, wanted) => {
    const years = data.layers[subject];
    about = data.about[subject];
    layer = years.find((entry) => entry.y === wanted) ?? years[0];
    indicator.value = subject;
    year.replaceChildren(...years.map((entry) => new Option(entry.y, entry.y, false, entry === layer)));
    year.disabled = years.length < 2;
    const title = fill(texts.title, { name: about.name, year: layer.y });
    one("layer_name").textContent = title;
    one("caption_name").textContent = title;
    one("layer_caveat").textContent = about.caveat;
    one("layer_missing").textContent = layer.m;
    one("layer_source").textContent = about.source;
    one("layer_href").href = about.href;
    one("ranked").textContent = layer.n;
    for (const tile of tiles) {
      const number = Number(tile.dataset.place);
      tile.classList.remove("f0", "f1", "f2", "f3", "f4", "f5");
      tile.classList.add(`f${layer.f[number]}`);
      tile.querySelector(".told").textContent = layer.t[number];
    }
    for (const row of rows) {
      const number = Number(row.dataset.place);
      const cell = row.querySelector(".value");
      cell.classList.toggle("missing", layer.v[number] === null);
      cell.querySelector(".told").textContent = layer.t[number];
      cell.querySelector(".interval").textContent = layer.i?.[number] ?? "";
      row.querySelector(".rank").textContent = layer.r[number];
    }
    const ends = about.direction ? texts.best : texts.most;
    document.querySelectorAll(".legend .end").forEach((end, place) => { end.textContent = ends[place]; });
    document.querySelectorAll(".legend .limits").forEach((limits, place) => {
      limits.textContent = layer.l[place];
      limits.parentElement.hidden = !layer.l[place] && place > 0 && place < layer.l.length - 1;
    });
    if (shown >= 0) describe(shown);
    sort();
  };
  const chosen = () => {
    show(indicator.value, Number(year.value));
    try {
      history.replaceState(null, "", `#${indicator.value}-${layer.y}`);
    } catch { /* The address cannot be changed here: the choice cannot be passed on as a link. */ }
  };
  indicator.addEventListener("change", () => { year.replaceChildren(); chosen(); });
  year.addEventListener("change", chosen);
  const fromAddress = () => {
    const [, subject, wanted] = /^#(.+)-(\d{4})$/.exec(location.hash) ?? [];
    return Object.hasOwn(data.layers, subject ?? "") ? [subject, Number(wanted)] : null;
  };
  addEventListener("hashchange", () => { const wanted = fromAddress(); if (wanted) show(...wanted); });

  // Keys on the map: one stop for the tab key, arrows from tile to tile
  const place = (tile) => {
    const [, row] = /\br(\d+)/.exec(tile.parentElement.className), [, column] = /\bc(\d+)/.exec(tile.parentElement.className);
    return [Number(row), Number(column)];
  };
  const places = new Map(tiles.map((tile) => [tile, place(tile)]));
  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const neighbour = (tile, [down, right]) => {
    const [row, column] = places.get(tile);
    const ahead = tiles
      .map((other) => {
        const [r, c] = places.get(other);
        const along = (r - row) * down + (c - column) * right;
        return { other, along, distance: along + 2 * Math.abs((r - row) * right) + 2 * Math.abs((c - column) * down) };
      })
      .filter((candidate) => candidate.along > 0);
    return ahead.length ? ahead.reduce((best, candidate) => (candidate.distance < best.distance ? candidate : best)).other : tile;
  };
  const stop = (tile) => { for (const other of tiles) other.tabIndex = other === tile ? 0 : -1; };
  let pointer = "";
  for (const tile of tiles) {
    const number = Number(tile.dataset.place);
    tile.addEventListener("focus", () => { stop(tile); describe(number); });
    tile.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") describe(number); });
    tile.addEventListener("pointerdown", (event) => { pointer = event.pointerType === "touch" && shown !== number ? "first touch" : ""; });
    tile.addEventListener("click", (event) => { // a finger covers the tile: the first touch shows it, the second opens it
      if (pointer !== "first touch") return;
      event.preventDefault();
      pointer = "";
      describe(number);
    });
    tile.addEventListener("keydown", (event) => {
      const next = event.key in STEPS ? neighbour(tile, STEPS[event.key])
        : event.key === "Home" ? tiles[0] : event.key === "End" ? tiles.at(-1) : null;
      if (!next || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      next.focus();
    });
  }
  stop(tiles[0]);

  // Sorting: by what is shown; who has no figure comes last, whichever way
  const sizes = new Map(rows.map((row) => [row, row.querySelector("[data-value]")?.dataset.value || null]));
  const values = {
    name: (row) => data.places[row.dataset.place][0],
    region: (row) => data.places[row.dataset.place][2],
    size: (row) => (sizes.get(row) === null ? null : Number(sizes.get(row))),
    value: (row) => layer.v[row.dataset.place],
    rank: (row) => (layer.v[row.dataset.place] === null || !layer.r[row.dataset.place] ? null : parseInt(layer.r[row.dataset.place], 10)),
  };
  const headers = [...table.querySelectorAll("th[data-key]")];
  const compare = (a, b) => (typeof a === "string" ? collator.compare(a, b) : a - b);
  let sorted = { key: "name", sign: 1 };
  function sort() {
    const value = values[sorted.key];
    const byName = (a, b) => collator.compare(values.name(a), values.name(b));
    body.append(...[...rows].sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      if (x === null || y === null) return (x === null) - (y === null) || byName(a, b);
      return compare(x, y) * sorted.sign || byName(a, b);
    }));
    for (const header of headers) {
      if (header.dataset.key === sorted.key) header.setAttribute("aria-sort", sorted.sign > 0 ? "ascending" : "descending");
      else header.removeAttribute("aria-sort");
    }
  }
  // The best comes first; where nothing is better, the greatest.
  const firstSign = (name) => ({ size: -1, value: about.direction < 0 ? 1 : -1 })[name] ?? 1;
  for (const header of headers) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => {
      const name = header.dataset.key;
      sorted = { key: name, sign: sorted.key === name ? -sorted.sign : firstSign(name) };
      sort();
    });
  }

  document.querySelectorAll(".search, .choose, .card").forEach((part) => { part.hidden = false; });
  show(...(fromAddress() ?? [indicator.options[0].value, 0]));
})();
