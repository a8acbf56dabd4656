// Which changes are gone through, in which order, and their list, of which
// only the rows in sight exist.

/** Height of a row, pixels; that of `.row` in the style. */
const ROW = 44;
/** Rows beyond the visible ones on either side. */
const MARGIN = 8;

/** The change that is looked at. */
let current = null;
/** The changes in the list. They stay when they are decided, until something else is asked for. */
let view = [];
/** Place in the list by change. */
let placeIn = new Map();

const control = (id) => byId(id);
const isFiltered = () =>
  ["search", "which", "kind", "decision"].some((id) => control(id).value !== "") ||
  control("doubtful").checked || Number(control("least").value) > 0 || Number(control("most").value) < 100;

const haystackOf = (change) => {
  const { before, context } = change.record;
  change.haystack ??= [before, context?.left + before + context?.right, change.record.after].join("\n").toLowerCase();
  return change.haystack;
};

/** The changes that the filters leave. */
function filtered() {
  const [search, which, kind, decision] = ["search", "which", "kind", "decision"].map((id) => control(id).value);
  const wanted = search.trim().toLowerCase();
  const [least, most] = ["least", "most"].map((id) => Number(control(id).value));
  const doubtful = control("doubtful").checked;
  const isWanted = (change) =>
    (which === "" || change.text.index === Number(which)) &&
    (kind === "" || change.record.class === kind) &&
    (decision === "" || (decision === "open" ? !isDecided(change) : decisionOf(change) === decision)) &&
    change.record.confidence * 100 >= least && change.record.confidence * 100 <= most + (most >= 100 ? 1 : 0.9999) &&
    (!doubtful || isDoubtful(change)) &&
    (wanted === "" || haystackOf(change).includes(wanted) || afterOf(change).toLowerCase().includes(wanted));
  const found = changes.filter(isWanted);
  const order = {
    confidence: (a, b) => a.record.confidence - b.record.confidence || a.id - b.id,
    frequency: (a, b) =>
      pairs.get(b.pair).length - pairs.get(a.pair).length || (a.pair < b.pair ? -1 : a.pair > b.pair ? 1 : a.id - b.id),
  }[control("sort").value];
  return order ? found.sort(order) : found;
}

const list = {
  rows: new Map(),

  /** Asks the filters again, and begins with the first that is open, or stays at the current change. */
  refresh(isNew = false) {
    view = filtered();
    placeIn = new Map(view.map((change, index) => [change, index]));
    list.rows.clear();
    byId("rows").replaceChildren();
    byId("rows").style.height = `${view.length * ROW}px`;
    byId("clear").hidden = !isFiltered();
    const all = changes.length === view.length;
    byId("shown").textContent = all ? `${count(view.length, "change")}` : `${view.length.toLocaleString("en")} of ${count(changes.length, "change")}`;
    if (isNew || !placeIn.has(current)) select(nextOpen(-1) ?? view[0] ?? null);
    else list.reveal();
    list.draw();
  },

  /** Makes the rows that are in sight, and the current one. */
  draw() {
    const box = byId("list");
    const first = Math.max(0, Math.floor(box.scrollTop / ROW) - MARGIN);
    const last = Math.min(view.length, Math.ceil((box.scrollTop + box.clientHeight) / ROW) + MARGIN);
    const wanted = new Set(view.slice(first, last));
    if (placeIn.has(current)) wanted.add(current);
    for (const [change, row] of list.rows) {
      if (wanted.has(change)) continue;
      row.remove();
      list.rows.delete(change);
    }
    const rows = new DocumentFragment();
    for (const change of wanted) {
      if (list.rows.has(change)) continue;
      const row = element("div", { role: "option", class: "row", id: `row-${change.id}`, "data-id": change.id });
      row.style.transform = `translateY(${placeIn.get(change) * ROW}px)`;
      row.setAttribute("aria-setsize", view.length);
      row.setAttribute("aria-posinset", placeIn.get(change) + 1);
      list.rows.set(change, row);
      list.fill(change);
      rows.append(row);
    }
    byId("rows").append(rows);
  },

  /** Draws the row of `change` anew, if there is one. */
  fill(change) {
    const row = list.rows.get(change);
    if (!row) return;
    const { record } = change;
    row.className = `row ${decisionOf(change)}`;
    row.setAttribute("aria-selected", change === current);
    row.setAttribute("aria-label",
      `${visible(record.before)} to ${visible(afterOf(change)) || "nothing"}, ${saidOf(change)}, ` +
      `${percent(record.confidence)}, line ${record.line}`);
    row.replaceChildren(
      element("span", { class: "sign" }, signOf(change)),
      element("span", { class: "pair" }, word("del", record.before), " → ", word("ins", afterOf(change))),
      element("span", { class: "quiet number" }, percent(record.confidence)),
    );
  },

  /** Scrolls no farther than is needed to see the current row with its neighbors. */
  reveal() {
    const box = byId("list");
    const top = (placeIn.get(current) ?? 0) * ROW;
    if (top < box.scrollTop + ROW) box.scrollTop = top - ROW;
    if (top + 3 * ROW > box.scrollTop + box.clientHeight) box.scrollTop = top + 3 * ROW - box.clientHeight;
  },
};

const count = (number, what) => `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;

/** The first change after place `from` of the list that is not decided, from its start again if need be. */
function nextOpen(from) {
  for (let step = 1; step <= view.length; step += 1) {
    const change = view[(from + step) % view.length];
    if (!isDecided(change)) return change;
  }
  return null;
}

/** Looks at `change`. */
function select(change) {
  const before = current;
  current = change;
  for (const other of [before, change]) {
    if (!other) continue;
    list.fill(other);
    pane.fill(other);
  }
  if (change) {
    list.reveal();
    list.draw();
    byId("list").setAttribute("aria-activedescendant", `row-${change.id}`);
  } else {
    byId("list").removeAttribute("aria-activedescendant");
  }
  drawCard();
  if (change) pane.reveal(change);
}

/** Looks at what stands `by` places further down the list. */
function step(by) {
  if (view.length === 0) return;
  const place = placeIn.get(current) ?? -1;
  select(view[Math.max(0, Math.min(view.length - 1, place + by))]);
}
