// Text as it can be shown, and the pane that shows it. Everything is set as
// text; what a browser would obey, hide or reorder is shown by its number.

const element = (name, attributes = {}, ...content) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("aria-")) made.setAttribute(key, String(value));
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...content);
  return made;
};
const byId = (id) => document.getElementById(id);

const HARMFUL =
  /\r\n|[\0-\x08\n-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g;

/** `text` in one line, as the terminal would show it. */
const visible = (text) => text.replace(HARMFUL, (found) => sign(found));

function sign(found) {
  const code = found.codePointAt(0);
  if (found === "\r\n" || code === 10) return "⏎";
  if (code < 32) return String.fromCodePoint(0x2400 + code);
  if (code === 127) return "␡";
  return `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
}

const SIGNED = new RegExp(HARMFUL.source.replace("\\n-", "\\x0b-"), "g");
/** `text` with its lines as they are. */
const lined = (text) => text.replace(SIGNED, (found) => (found === "\r\n" ? "\n" : sign(found)));

/** A word of a change; what is empty is said. */
const word = (name, text) => element(name, {}, text === "" ? "(nothing)" : visible(text));

/** UTF-16 units from which a piece of text ends at the next line end. */
const PIECE = 1500;
/** UTF-16 units at which it ends anyway. */
const LONGEST_PIECE = 6000;
/** Letters in a line, to guess the height of what is not yet laid out. */
const LINE = 75;
/** Pixels beyond what is in sight in which marks are drawn. */
const AHEAD = 1200;

/** Cuts `text` where a line ends: [from, to] of each piece, none ending within a change. */
function* cuts({ content, changes }) {
  let [from, next] = [0, 0];
  while (from < content.length) {
    let to = content.indexOf("\n", from + PIECE) + 1 || content.length;
    if (to - from > LONGEST_PIECE) to = content.lastIndexOf(" ", from + LONGEST_PIECE) + 1;
    if (to <= from) to = Math.min(content.length, from + LONGEST_PIECE);
    if (/[\udc00-\udfff]/.test(content[to] ?? "")) to += 1;
    while (next < changes.length && changes[next].end <= to) next += 1;
    if (changes[next]?.start < to) to = changes[next].end;
    yield [from, to];
    from = to;
  }
}

/** The pane: all the text is there from the start, its marks where one looks. */
const pane = {
  text: null,
  /** By change. */
  marks: new Map(),
  /** [piece, from, to] in their order. */
  pieces: [],
  watcher: null,

  /** Shows `text`, if it is not shown already. */
  show(text) {
    if (pane.text === text) return;
    pane.text = text;
    pane.marks = new Map();
    pane.watcher?.disconnect();
    pane.watcher = new IntersectionObserver((seen) => {
      for (const { isIntersecting, target } of seen) if (isIntersecting) pane.mark(Number(target.dataset.piece));
    }, { root: byId("text"), rootMargin: `${AHEAD}px` });
    pane.pieces = [];
    for (const [from, to] of cuts(text)) {
      const run = lined(text.content.slice(from, to));
      const piece = element("div", { class: "piece", "data-piece": pane.pieces.length }, run);
      const lines = run.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / LINE)), -1);
      piece.style.containIntrinsicSize = `auto ${1.7 * Math.max(1, lines)}rem`;
      pane.pieces.push({ piece, from, to, isMarked: false });
      pane.watcher.observe(piece);
    }
    const heading = element("h2", {}, visible(text.name));
    byId("text").replaceChildren(heading, ...pane.pieces.map(({ piece }) => piece));
    byId("text").scrollTop = 0;
  },

  /** Draws the marks of a piece, unless they are. */
  mark(index) {
    const { piece, from, to, isMarked } = pane.pieces[index];
    if (isMarked) return;
    pane.pieces[index].isMarked = true;
    pane.watcher.unobserve(piece);
    const { content, changes, findings } = pane.text;
    const made = new DocumentFragment();
    let at = from;
    for (let next = firstFrom(changes, from); next < changes.length && changes[next].start < to; next += 1) {
      const change = changes[next];
      addPlain(made, content, at, change.start, findings);
      const mark = element("mark", { "data-id": change.id });
      pane.marks.set(change, mark);
      pane.fill(change);
      made.append(mark);
      if (change.record.before.includes("\n")) made.append("\n");
      at = change.end;
    }
    addPlain(made, content, at, to, findings);
    piece.replaceChildren(made);
  },

  /** Draws the mark of `change` anew. */
  fill(change) {
    const mark = pane.marks.get(change);
    if (!mark) return;
    const decision = decisionOf(change);
    mark.className = decision + (change === current ? " current" : "");
    const [before, after] = [word("del", change.record.before), word("ins", afterOf(change))];
    const shown = { accepted: [after], rejected: [word("span", change.record.before)] };
    const sign = element("span", { class: "sign", "aria-hidden": "true" }, signOf(change));
    mark.replaceChildren(...(shown[decision] ?? [before, " ", after]), ...(isDecided(change) ? [sign] : []));
    // Its sign is not to stand alone on the next line.
    mark.classList.toggle("short", isDecided(change) && mark.textContent.length < 40);
    mark.title = `${visible(change.record.before)} → ${visible(afterOf(change))}: ${saidOf(change)}`;
  },

  /** Brings `change` to where one reads. */
  reveal(change) {
    pane.show(change.text);
    const index = firstFrom(pane.pieces, change.start, "to", 1);
    for (const near of [index - 1, index, index + 1]) if (pane.pieces[near]) pane.mark(near);
    const [mark, box] = [pane.marks.get(change).getBoundingClientRect(), byId("text").getBoundingClientRect()];
    // What is well in sight stays where it is: the eye need not follow.
    if (mark.top < box.top + 60 || mark.bottom > box.top + box.height * 0.72) {
      byId("text").scrollTop += mark.top - box.top - box.height * 0.3;
    }
  },
};

/** The first of `list` whose `key` is at or after `at`, or after it by `beyond`. */
function firstFrom(list, at, key = "start", beyond = 0) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle][key] < at + beyond) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Adds text without changes to `parent`; what was found in it is wrapped. */
function addPlain(parent, content, from, to, findings) {
  let at = from;
  while (at < to) {
    const finding = findings.find(({ start, end }) => end > at && start < to);
    const stop = !finding ? to : finding.start > at ? finding.start : Math.min(to, finding.end);
    const run = lined(content.slice(at, stop));
    if (finding && finding.start <= at) {
      const { class: kind, reason } = finding.record;
      parent.append(element("span", { class: "finding", title: `${kind}: ${reason}; nothing is proposed` }, run));
    } else parent.append(run);
    at = stop;
  }
}
