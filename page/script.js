// Search and filters.  The page is whole without this: entries (class e) are shown or hidden, and the fragment says which.
"use strict";
(() => {
  const form = document.forms[0], output = form.querySelector("output"), names = ["q", "paper", "item", "verdict", "level"];
  const named = (list, of) => { for (const c of list) if (of[c]) return of[c]; return ""; };
  document.getElementById("Counts:").remove(); // what the links of the counts do without this
  form.hidden = false;
  const classes = name => Object.fromEntries([...form[name].options].filter(choice => choice.value).map(choice => [choice.dataset.c, choice.value]));
  const levels = classes("level"), verdicts = classes("verdict");

  // Folds: curves and what else has points inside.  A point knows its fold, a fold its points.
  const folds = new Map([...document.querySelectorAll(".curve")].map(element => [element, {element, points: [], match: element.querySelector(".match")}]));
  const sections = [...document.querySelectorAll(".paper, .experiment, .level")].reverse();
  const groups = [...document.querySelectorAll(".figures")];
  const entries = [...document.querySelectorAll(".e")].map(element => {
    const list = [...element.classList].slice(1), paper = element.closest(".paper").dataset.p;
    const fold = element.matches(".pt") ? folds.get(element.closest(".curve")) : null;
    const item = element.dataset.i ?? fold.element.dataset.i;
    const entry = {element, paper, fold, items: item.split("; "), level: named(list, levels), verdict: named(list, verdicts), shown: true};
    if (fold) fold.points.push(entry);
    else if (folds.has(element)) folds.get(element).entry = entry;
    return entry;
  });
  const judged = entries.filter(entry => entry.verdict);

  // What is searched: the beginnings of words, of a curve all but its points, and of a point also what its curve says.
  const words = text => text.toLowerCase().split(/[^\p{L}\p{N}.%]+/u).filter(Boolean);
  const own = entry => entry.text ??= " " + words(entry.fold
    ? entry.element.textContent
    : [...entry.element.children].filter(child => child.tagName !== "TABLE").map(child => child.textContent).join(" ")).join(" ");
  const text = entry => entry.all ??= own(entry) + (entry.fold?.entry ? own(entry.fold.entry) : "");
  const later = window.requestIdleCallback ?? setTimeout;
  later(function read(n) {
    const from = Number.isInteger(n) ? n : 0, to = Math.min(from + 500, entries.length);
    for (let i = from; i < to; i++) text(entries[i]);
    if (to < entries.length) later(() => read(to));
  });

  const fill = (name, values) => {
    form[name].replaceChildren(new Option("all", ""), ...[...new Set(values)].map(value => new Option(value, value)));
  };
  fill("paper", entries.map(entry => entry.paper));
  fill("item", entries.flatMap(entry => entry.items).filter(Boolean));
  for (const name of names.slice(1)) form[name].parentElement.hidden = form[name].options.length < 3;

  const show = (element, yes) => { if (element.hidden === yes) element.hidden = !yes; };
  // The points of a fold are shown or hidden when it is open, which most are not.
  const settle = fold => { for (const point of fold.points) show(point.element, point.found || fold.whole); };
  for (const fold of folds.values()) fold.element.addEventListener("toggle", () => { if (fold.element.open) settle(fold); });

  function filter() {
    const searched = words(form.q.value).map(word => " " + word);
    const want = {};
    for (const name of names.slice(1)) want[name] = form[name].value;
    const any = searched.length > 0 || names.slice(1).some(name => want[name]);
    let n = 0;
    for (const entry of entries) {
      entry.found = (!want.paper || entry.paper === want.paper) && (!want.item || entry.items.includes(want.item)) &&
        (!want.verdict || entry.verdict === want.verdict) && (!want.level || entry.level === want.level) &&
        (searched.length === 0 || (all => searched.every(word => all.includes(word)))(text(entry)));
      if (entry.found && entry.verdict) n++;
      if (!entry.fold && !folds.has(entry.element)) show(entry.element, entry.found);
    }
    // A curve stays for its points' sake; one that is found itself keeps all of them unless points are asked for.
    let points = 0;
    for (const fold of folds.values()) {
      const found = fold.points.filter(point => point.found).length;
      fold.whole = found === 0 && Boolean(fold.entry?.found);
      if (fold.element.open) settle(fold);
      show(fold.element, found > 0 || Boolean(fold.entry?.found));
      fold.match.textContent = any && found && found < fold.points.length ? ` (${found} of them selected)` : "";
      fold.found = found;
      points += found;
    }
    // Few points are shown at once, and folded away when they are no longer looked for.
    for (const fold of folds.values()) {
      if (any && points <= 40 && fold.found && !fold.element.open) fold.element.open = fold.opened = true;
      else if (fold.opened && !(any && points <= 40 && fold.found)) fold.element.open = fold.opened = false;
    }
    // Figures stay when all are shown, or for their item.
    for (const group of groups) {
      const shown = any ? [...group.children].filter(figure => figure.dataset.i.split("; ").includes(want.item)) : [...group.children];
      group.classList.toggle("off", !shown.length);
      if (shown.length) for (const figure of group.children) show(figure, shown.includes(figure));
    }
    for (const section of sections) section.classList.toggle("off", any && !section.querySelector(".card:not([hidden]), .curve:not([hidden])"));
    output.textContent = any ? `${n} of ${judged.length} claims` : `${judged.length} claims`;
  }

  // The fragment is an id, or filters: "#verdict=contradicted&level=headline".
  function read() {
    const fragment = location.hash.slice(1), given = new URLSearchParams(fragment.includes("=") ? fragment : "");
    const place = fragment.includes("=") ? null : document.getElementById(fragment) ?? document.querySelector(":target");
    if (fragment && !fragment.includes("=") && !place) return;
    // A link to a claim that the filters hide puts them aside.
    const entry = entries.find(entry => entry.element === place), seen = place && !place.closest("[hidden], .off") && (!entry || entry.found || entry.fold?.whole);
    for (const name of names) if (!seen) form[name].value = given.get(name) ?? "";
    for (const name of names.slice(1)) if (form[name].selectedIndex < 0) form[name].value = "";
    filter();
    for (let fold = place; fold; fold = fold.parentElement?.closest("details")) if (fold.tagName === "DETAILS") fold.open = true;
    // When what has been shown is laid out.
    if (fragment) requestAnimationFrame(() => requestAnimationFrame(() => (place ?? form).scrollIntoView()));
  }
  function write() {
    const given = new URLSearchParams(names.filter(name => form[name].value).map(name => [name, form[name].value]));
    history.replaceState(null, "", "#" + given);
  }
  let waiting = false;
  const changed = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; filter(); write(); });
  };
  form.addEventListener("input", changed);
  form.addEventListener("reset", () => setTimeout(changed));
  form.addEventListener("submit", event => event.preventDefault());
  addEventListener("hashchange", read);
  addEventListener("keydown", event => {
    if (event.key === "/" && !event.target.matches("input, select")) { event.preventDefault(); form.q.focus(); }
    if (event.key === "Escape" && event.target === form.q) { form.q.value = ""; changed(); }
  });
  read();
})();
