// What was decided is kept in the browser at once, by the hash of the text: it
// survives a reload, another page made of the same text, and a crash.
// Decisions on places within one block of the file are one item, so that
// keeping one more costs the same in a text of any size.

/** Bytes of the file. */
const BLOCK = 16384;
const PREFIX = "scanno:";
const blockOf = (change) =>
  `${PREFIX}${change.text.head.sha256}:${Math.floor(change.record.byte_start / BLOCK)}`;
const placeOf = (change) => `${change.record.byte_start}-${change.record.byte_end}`;

/** Words that are never to be touched. */
const ownWords = new Set();

const store = {
  works: true,
  /** Items by key. Decisions on places that this page has no change at stay in them. */
  blocks: new Map(),

  get(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },

  set(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
      return true;
    } catch {
      store.works = false;
      return false;
    }
  },

  /** Takes over what is kept for `list`. */
  load(list) {
    for (const change of list) {
      const key = blockOf(change);
      if (!store.blocks.has(key)) store.blocks.set(key, store.get(key) ?? {});
      const kept = store.blocks.get(key)[placeOf(change)];
      change.state = null;
      if (!Array.isArray(kept)) continue;
      const [made, at, after] = kept;
      if (made === 0) change.state = { decision: "rejected", after: change.record.after, at: String(at) };
      if (made === 1 && typeof after === "string" && holds(change.text, after) && !unfit(change.record.before, after)) {
        change.state = { decision: "accepted", after, at: String(at) };
      }
    }
  },

  /** Keeps the states of `list`. */
  keep(list) {
    const touched = new Set();
    for (const change of list) {
      const key = blockOf(change);
      touched.add(key);
      const { state } = change;
      const block = store.blocks.get(key);
      if (!state) delete block[placeOf(change)];
      else block[placeOf(change)] = state.decision === "accepted" ? [1, state.at, state.after] : [0, state.at];
    }
    for (const key of touched) store.set(key, store.blocks.get(key));
  },

  wordsKey: () => `${PREFIX}words:${texts.map((text) => text.head.sha256.slice(0, 8)).slice(0, 9).join("")}`,
  loadWords() {
    for (const word of store.get(store.wordsKey()) ?? []) ownWords.add(String(word));
  },
  keepWords() {
    store.set(store.wordsKey(), [...ownWords]);
  },
};

store.set(PREFIX + "probe", 1);
store.load(changes);
store.loadWords();
