// Deciding: what the keys and buttons do, and the card on which they stand.

/** What can be taken back: {states: [[change, state]], word, at}. */
const done = [];
/** Decisions since the last download. */
let unsaved = 0;
/** The change whose own text is being written. */
let writing = null;

const everywhere = () => !byId("scope-text")?.checked;
const same = (change) =>
  pairs.get(change.pair).filter((other) => everywhere() || other.text === change.text);
/** Those of the same pair that one key decides: what was decided by hand stays. */
const openSame = (change) => same(change).filter((other) => other === change || !isDecided(other));

/** Says `text` on the page and to a screen reader. */
function say(text, isWrong = false) {
  byId("said").textContent = text;
  byId("said").classList.toggle("wrong", isWrong);
}

const shownPair = (change, after = afterOf(change)) =>
  `${visible(change.record.before)} → ${after === "" ? "(nothing)" : visible(after)}`;

/** Gives each of `list` the state that `make` makes, and goes on. */
function decide(list, make, what, ownWord = null) {
  const at = new Date().toISOString().slice(0, 19) + "Z";
  const { decision, after } = make(list[0]);
  const fault = decision === "accepted" ? unfit(list[0].record.before, after) : null;
  if (fault) {
    say(`${shownPair(list[0], after)} cannot be taken: the replacement ${fault}`, true);
    return;
  }
  const fits = list.filter((change) => holds(change.text, make(change).after));
  if (fits.length === 0) {
    say(`${shownPair(list[0], make(list[0]).after)} cannot be written in ${encodingOf(list[0].text)}; ` +
      "make this page with --to-utf8, or write it otherwise", true);
    return;
  }
  done.push({ states: fits.map((change) => [change, change.state]), at: current, ownWord });
  for (const change of fits) change.state = { ...make(change), at };
  store.keep(fits);
  unsaved += fits.length;
  const kept = fits.length < list.length ? `; ${list.length - fits.length} cannot be written in their encoding` : "";
  redraw(fits);
  const said = what(fits) + kept;
  const next = nextOpen(placeIn.get(current) ?? -1);
  if (next) {
    select(next);
    say(`${said}. Next: ${shownPair(next)}, ${percent(next.record.confidence)}`);
  } else {
    drawCard();
    const all = changes.every(isDecided);
    say(all ? `${said}. All are decided: save with Ctrl+S` : `${said}. All in this list are decided`);
  }
}

function redraw(changed) {
  for (const change of changed) {
    list.fill(change);
    pane.fill(change);
  }
}

const accept = (change) => ({ decision: "accepted", after: change.record.after });
const reject = (change) => ({ decision: "rejected", after: change.record.after });
const many = (list) => (list.length > 1 ? `${list.length} × ` : "");

const actions = {
  accept: () => decide([current], accept, ([one]) => `Accepted: ${shownPair(one)}`),
  reject: () => decide([current], reject, ([one]) => `Rejected: ${shownPair(one)}`),
  acceptAll: () => decide(openSame(current), accept, (list) => `Accepted ${many(list)}${shownPair(list[0])}`),
  rejectAll: () => decide(openSame(current), reject, (list) => `Rejected ${many(list)}${shownPair(list[0])}`),

  alternative(number) {
    const reading = current.record.alternatives?.[number - 1];
    if (!reading) say(`There is no reading ${number} here`, true);
    else actions.own(reading.text);
  },

  /** Takes `text` in place of what scanno proposes. */
  own(text) {
    if (text === current.record.before) actions.reject();
    else if (text === current.record.after) actions.accept();
    else decide([current], () => ({ decision: "accepted", after: text }), ([one]) => `Yours: ${shownPair(one)}`);
  },

  write() {
    writing = current;
    drawCard();
    byId("own").focus();
    byId("own").select();
  },

  word() {
    const word = current.record.before;
    if (/\s/.test(word)) {
      say("Only a single word can be an own word; r rejects the change", true);
      return;
    }
    const all = changes.filter((change) => change.record.before === word && (change === current || !isDecided(change)));
    ownWords.add(word);
    store.keepWords();
    decide(all, reject, (list) => `Own word: ${visible(word)}, rejected ${list.length} ×`, word);
    drawWords();
  },

  undo() {
    const last = done.pop();
    if (!last) {
      say("There is nothing to undo", true);
      return;
    }
    for (const [change, state] of last.states) change.state = state;
    const list = last.states.map(([change]) => change);
    store.keep(list);
    unsaved += list.length;
    if (last.ownWord !== null && !done.some((other) => other.ownWord === last.ownWord)) {
      ownWords.delete(last.ownWord);
      store.keepWords();
      drawWords();
    }
    redraw(list);
    select(last.at);
    say(`Taken back: ${many(list)}${shownPair(last.at)}`);
  },

  next: () => step(1),
  previous: () => step(-1),
  open() {
    const next = nextOpen(placeIn.get(current) ?? -1);
    if (next) select(next);
    else say("All in this list are decided");
  },

  scope() {
    const other = everywhere() ? byId("scope-text") : byId("scope-all");
    if (!other) return;
    other.checked = true;
    drawCard();
    say(everywhere() ? "All means: everywhere" : "All means: in this text");
  },
};

/** A button of the card. */
function button(action, key, label, attributes = {}) {
  const known = { type: "button", "data-action": action, "aria-keyshortcuts": key };
  return element("button", { ...known, ...attributes }, label, " ", element("kbd", {}, key));
}

/** Draws the card of the current change. */
function drawCard() {
  drawProgress();
  const card = byId("card");
  if (!current) {
    const text = changes.length === 0 ? "There is nothing to review." : "No change is like that. Ask for something else.";
    card.replaceChildren(element("p", { class: "quiet" }, text));
    return;
  }
  const { record, text } = current;
  if (writing !== current) writing = null;
  const state = element("span", { class: `state ${decisionOf(current)}` },
    element("span", { class: "sign", "aria-hidden": "true" }, signOf(current)), ` ${saidOf(current)}`);
  const facts = [["", className(record.class)], ["", `${percent(record.confidence)} sure`],
    ["where", `line ${record.line}, column ${record.column}`]];
  if (texts.length > 1) facts.push(["file", visible(text.name)]);
  const top = element("p", { class: "facts" }, state, ...facts.map(([name, fact]) => element("span", { class: name }, fact)),
    element("span", { class: "at" }, `${(placeIn.get(current) ?? 0) + 1} of ${view.length}`));
  card.replaceChildren(top, writing ? drawWriting() : drawPair(), drawReadings(), drawAll());
}

function drawPair() {
  const { record } = current;
  const why = (record.evidence ?? []).slice(0, 4).map(({ observed, intended }) =>
    observed === "" ? `“${visible(intended)}” lost` : intended === "" ? `“${visible(observed)}” too much`
      : `“${visible(observed)}” read for “${visible(intended)}”`);
  const pair = element("p", { class: "pair" }, word("del", record.before),
    element("span", { class: "arrow" }, " → "), word("ins", afterOf(current)));
  return element("div", { class: "big" }, pair, element("p", { class: "quiet" }, why.join(", ") || record.rule));
}

function drawWriting() {
  const own = element("textarea", { id: "own", rows: 1, spellcheck: "false", dir: "auto", "aria-label": "Your own text" });
  own.value = afterOf(current);
  own.rows = own.value.split("\n").length;
  const close = () => {
    writing = null;
    drawCard();
    byId("list").focus({ preventScroll: true });
  };
  const take = () => {
    // A text field knows one line end only.
    const ends = lineEnds(current.record.before).filter((end) => /[\r\n]/.test(end));
    const text = own.value.replace(/\n/g, () => ends.shift() ?? "\n");
    close();
    actions.own(text);
  };
  own.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      take();
    } else if (event.key === "Escape") {
      close();
    }
    event.stopPropagation();
  });
  const ok = element("button", { type: "button", class: "main" }, "Take it ", element("kbd", {}, "Enter"));
  ok.addEventListener("click", take);
  return element("div", { class: "big write" }, word("del", current.record.before),
    element("span", { class: "arrow" }, " → "), own, ok);
}

function drawReadings() {
  const readings = (current.record.alternatives ?? []).slice(0, 9).map(({ text, confidence }, index) =>
    button("alternative", index + 1, element("span", {}, word("bdi", text), element("span", { class: "quiet" }, ` ${percent(confidence)}`)),
      { "data-number": index + 1, "aria-pressed": decisionOf(current) === "accepted" && afterOf(current) === text }));
  const is = decisionOf(current);
  return element("div", { class: "buttons", role: "group", "aria-label": "Decide" },
    button("accept", "a", "Accept", { class: "accept", "aria-pressed": is === "accepted" && !isOwn(current) }),
    button("reject", "r", "Reject", { class: "reject", "aria-pressed": is === "rejected" }),
    ...readings,
    button("write", "e", "Own text…"),
    button("undo", "u", "Undo", { class: "undo", disabled: done.length === 0 }));
}

function drawAll() {
  const number = openSame(current).length;
  const scopes = texts.length < 2 ? [] : [["scope-all", "everywhere", everywhere()], ["scope-text", "in this text", !everywhere()]];
  const choice = scopes.map(([id, label, checked]) =>
    element("label", {}, element("input", { type: "radio", name: "scope", id, checked }), ` ${label}`));
  const isWord = !/\s/.test(current.record.before);
  return element("div", { class: "buttons small", role: "group", "aria-label": "All of the same pair" },
    element("span", { class: "quiet" }, number > 1 ? `All ${number} of the same pair:` : "All of the same pair:"),
    button("acceptAll", "A", "Accept all", { disabled: number < 2 }),
    button("rejectAll", "R", "Reject all", { disabled: number < 2 }),
    button("word", "w", "Own word", { disabled: !isWord, title: "Right as it stands; never to be touched" }),
    ...(choice.length ? [element("span", { class: "scope" }, ...choice, " ", element("kbd", {}, "s"))] : []));
}

function drawProgress() {
  warn();
  const number = changes.reduce((sum, change) => sum + isDecided(change), 0);
  byId("done").textContent = `${number.toLocaleString("en")} of ${count(changes.length, "change")} decided`;
  byId("bar").max = Math.max(1, changes.length);
  byId("bar").value = number;
  byId("save").textContent = unsaved > 0 ? "Save •" : "Save";
  byId("save").title = unsaved > 0 ? "There are decisions that are not in a saved log yet (Ctrl+S)" : "Ctrl+S";
}

function drawWords() {
  byId("words").hidden = ownWords.size === 0;
  byId("words").textContent = `Own words (${ownWords.size})`;
  byId("words").title = "Download the list; scanno takes it with --lexicon";
}
