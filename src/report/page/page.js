// The page as a whole: controls, keys, theme, and the first look.

function fillControls() {
  byId("title").textContent = texts.length === 1 ? visible(texts[0].name) : `Review of ${count(texts.length, "text")}`;
  const which = [element("option", { value: "" }, `all ${texts.length}`)];
  for (const text of texts) which.push(element("option", { value: text.index }, `${visible(text.name)} (${text.changes.length})`));
  byId("which").replaceChildren(...which);
  byId("whose").hidden = texts.length < 2;
  const kinds = new Map();
  for (const { record } of changes) kinds.set(record.class, (kinds.get(record.class) ?? 0) + 1);
  const options = [...kinds].sort((a, b) => b[1] - a[1]);
  byId("kind").replaceChildren(element("option", { value: "" }, "all"),
    ...options.map(([kind, number]) => element("option", { value: kind }, `${className(kind)} (${number.toLocaleString("en")})`)));
  byId("reviewer").value = store.get(PREFIX + "reviewer") ?? data.head.reviewer;
  const single = store.get(PREFIX + "single");
  byId("single").checked = single ?? true;
  warn();
}

/** Says that decisions are not kept, if they are not. */
function warn() {
  if (store.works) return;
  byId("warning").hidden = false;
  byId("warning").textContent =
    "This browser does not keep what you decide from here on: save the log before you close or reload the page.";
}

const THEMES = ["auto", "light", "dark"];
function setTheme(theme) {
  const known = THEMES.includes(theme) ? theme : "auto";
  document.documentElement.dataset.theme = known;
  byId("theme").textContent = `Theme: ${known}`;
  return known;
}

const KEYS = {
  a: "accept", r: "reject", A: "acceptAll", R: "rejectAll", e: "write", w: "word", u: "undo", s: "scope",
  n: "next", j: "next", ArrowDown: "next", p: "previous", k: "previous", ArrowUp: "previous", d: "open",
};
const PLAIN = new Set(["ArrowDown", "ArrowUp"]);

function onKey(event) {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
    event.preventDefault();
    save();
    return;
  }
  const { target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || byId("help").open) return;
  if (event.key === "Escape" && target.closest("#filters")) {
    byId("list").focus();
    return;
  }
  if (event.key === "Enter" && target.id === "search") {
    event.preventDefault();
    byId("list").focus();
    return;
  }
  if (target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select")) return;
  const inList = target.id === "list" || target.closest("#card") || target === document.body;
  if (PLAIN.has(event.key) ? !inList || target.matches("input") : !byId("single").checked) return;
  if (event.key === "?") byId("help").showModal();
  else if (event.key === "/") {
    openList(true);
    byId("search").focus();
    byId("search").select();
  } else if (/^[1-9]$/.test(event.key) && current) actions.alternative(Number(event.key));
  else if (Object.hasOwn(KEYS, event.key) && (current || KEYS[event.key] === "undo")) actions[KEYS[event.key]]();
  else return;
  event.preventDefault();
}

function onListKey(event) {
  const page = Math.max(1, Math.floor(byId("list").clientHeight / ROW) - 1);
  const by = { Home: -view.length, End: view.length, PageUp: -page, PageDown: page }[event.key];
  if (by === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  step(by);
}

/** On narrow screens the list takes the place of the text. */
function openList(isOpen) {
  byId("side").classList.toggle("open", isOpen);
  byId("toggle").setAttribute("aria-expanded", isOpen);
  byId("toggle").textContent = isOpen ? "Text" : "List";
}

/** The change that what was clicked on stands for. */
const changeAt = (target) => changes[target.closest("[data-id]")?.dataset.id];

function listen() {
  document.addEventListener("keydown", onKey);
  byId("list").addEventListener("keydown", onListKey);
  byId("list").addEventListener("scroll", () => list.draw(), { passive: true });
  byId("list").addEventListener("click", ({ target }) => {
    if (!changeAt(target)) return;
    openList(false);
    select(changeAt(target));
  });
  byId("text").addEventListener("click", ({ target }) => {
    const change = changeAt(target);
    if (!change || String(getSelection()) !== "") return;
    if (!placeIn.has(change)) byId("filters").reset();
    select(change);
  });
  byId("card").addEventListener("click", ({ target }) => {
    const { action, number } = target.closest("[data-action]")?.dataset ?? {};
    if (!action) return;
    // The button is drawn anew: who works with the keyboard stays where they are.
    actions[action](number && Number(number));
    if (action !== "write") byId("card").querySelector(`[data-action=${action}]:not(:disabled)`)?.focus({ preventScroll: true });
  });
  byId("card").addEventListener("change", () => {
    const { id } = document.activeElement;
    drawCard();
    byId(id)?.focus();
  });
  let waiting = 0;
  const ask = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      list.refresh(true);
      say(`${count(view.length, "change")} shown`);
    }, 120);
  };
  byId("filters").addEventListener("input", ask);
  byId("filters").addEventListener("reset", () => {
    // The values are those of the start only after this event.
    queueMicrotask(() => setTimeout(() => list.refresh()));
  });
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("reviewer").addEventListener("change", () => store.set(PREFIX + "reviewer", byId("reviewer").value.trim()));
  byId("single").addEventListener("change", () => store.set(PREFIX + "single", byId("single").checked));
  byId("theme").addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(document.documentElement.dataset.theme) + 1) % THEMES.length];
    store.set(PREFIX + "theme", setTheme(next));
  });
  byId("ask").addEventListener("click", () => byId("help").showModal());
  byId("save").addEventListener("click", save);
  byId("words").addEventListener("click", saveWords);
  byId("toggle").addEventListener("click", () => openList(!byId("side").classList.contains("open")));
  new ResizeObserver(() => {
    if (current) list.reveal();
    list.draw();
  }).observe(byId("list"));
  new ResizeObserver(() => current && pane.reveal(current)).observe(byId("text"));
  // Another window with the same text has decided something.
  window.addEventListener("storage", ({ key }) => {
    if (!store.blocks.has(key)) return;
    store.blocks.delete(key);
    const touched = changes.filter((change) => blockOf(change) === key);
    store.load(touched);
    redraw(touched);
    drawCard();
  });
  window.addEventListener("beforeunload", (event) => {
    if (!store.works && unsaved > 0) event.preventDefault();
  });
}

setTheme(store.get(PREFIX + "theme"));
fillControls();
listen();
drawWords();
list.refresh();
if (current) byId("list").focus({ preventScroll: true });
