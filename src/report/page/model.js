// Texts, changes and what is decided of them. A change is a record of the log,
// with `start` and `end` in UTF-16 units of its text, and `state`: what was
// decided on this page, or null: {decision, after, at}.

const data = JSON.parse(document.getElementById("data").textContent);
const texts = [];
const changes = [];
/** All changes of one pair, everywhere. */
const pairs = new Map();

const CLASSES = { "real-word": "real word", "line-end": "line end" };
const className = (name) => CLASSES[name] ?? name;

/** A function from code points to UTF-16 units of `text`, in which JavaScript counts. */
function unitsOf(text) {
  if (!/[\ud800-\udbff]/.test(text)) return (chars) => chars;
  // In code points: the characters that take two units.
  const wide = [];
  let chars = 0;
  for (const c of text) {
    if (c.length > 1) wide.push(chars);
    chars += 1;
  }
  return (at) => {
    let [low, high] = [0, wide.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (wide[middle] < at) low = middle + 1;
      else high = middle;
    }
    return at + low;
  };
}

for (const { saveAs, text: content, records } of data.texts) {
  const units = unitsOf(content);
  const [head, summary] = [records[0], records[records.length - 1]];
  const text = { index: texts.length, name: head.path, saveAs, content, head, summary, records, changes: [], findings: [] };
  for (const record of records) {
    if (record.type !== "change" && record.type !== "finding") continue;
    const place = { text, record, start: units(record.char_start), end: units(record.char_end) };
    if (record.type === "finding") {
      text.findings.push(place);
      continue;
    }
    const change = { ...place, id: changes.length, pair: record.before + "\0" + record.after, state: null };
    text.changes.push(change);
    changes.push(change);
    if (!pairs.has(change.pair)) pairs.set(change.pair, []);
    pairs.get(change.pair).push(change);
  }
  texts.push(text);
}
data.texts = null;

// The folders that all texts lie in need not be read again and again.
const folders = texts.map(({ name }) => name.split(/[\\/]/).slice(0, -1));
let common = 0;
while (folders.length > 0 && folders.every((path) => path.length > common && path[common] === folders[0][common])) common += 1;
for (const text of texts) text.name = text.name.split(/[\\/]/).slice(common).join("/");

const decisionOf = (change) => change.state?.decision ?? change.record.decision;
/** What a change would make of the text, were it made. */
const afterOf = (change) => change.state?.after ?? change.record.after;
const isMade = (change) => ["applied", "accepted"].includes(decisionOf(change));
const isDecided = (change) => ["accepted", "rejected"].includes(decisionOf(change));
const isDoubtful = ({ record }) => record.confidence >= data.head.doubtful[0] && record.confidence < data.head.doubtful[1];
const isOwn = (change) => afterOf(change) !== change.record.after;

const SIGNS = { applied: "●", suggested: "?", accepted: "✓", rejected: "✗" };
const signOf = (change) => (decisionOf(change) === "accepted" && isOwn(change) ? "✎" : SIGNS[decisionOf(change)]);
const SAID = { applied: "made", suggested: "only suggested", accepted: "accepted", rejected: "rejected" };
const saidOf = (change) => SAID[decisionOf(change)];
/** A percentage that is never rounded to certainty. */
const percent = (confidence) =>
  confidence < 0.01 ? "<1 %" : Math.min(99, Math.floor(confidence * 100 + 1e-9)) + " %";

// Bytes of Windows-1252, by character.
const WINDOWS = new Map();
for (let byte = 0; byte < 256; byte += 1) {
  WINDOWS.set(new TextDecoder("windows-1252").decode(new Uint8Array([byte])), byte);
}

/** The encoding of the cleaned file. */
const encodingOf = (text) => text.head.cleaned_encoding ?? text.head.encoding;
/** True if the cleaned file can hold `words`. */
const holds = (text, words) => encodingOf(text) !== "windows-1252" || Array.from(words).every((c) => WINDOWS.has(c));

const LINE_ENDS = /\r\n|[\n\v\f\r\x85\u2028\u2029]/g;
const lineEnds = (text) => text.match(LINE_ENDS) ?? [];
const INVISIBLE = /[\s\p{Cc}\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu;

/** What `after` may not do in the place of `before`, as `scanno apply` would say it, or null. */
function unfit(before, after) {
  if (lineEnds(before).join("|") !== lineEnds(after).join("|")) return "must have the line ends of what it replaces, and no others";
  const times = (text, control) => text.split(control).length;
  const controls = after.replace(LINE_ENDS, "").match(/\p{Cc}/gu) ?? [];
  if (controls.some((control) => times(after, control) > times(before, control))) return "has a control character";
  const seen = (text) => text.replace(INVISIBLE, "");
  const isSpeck = Array.from(seen(before)).length <= 2 && !/[\p{Alphabetic}\p{N}]/u.test(before);
  return seen(after) === "" && !isSpeck ? "is empty, and only specks of at most two symbols are deleted" : null;
}

/** `words` as the cleaned file of `text` has them. */
function encode(text, words) {
  const encoding = encodingOf(text);
  if (encoding === "utf-8") return new TextEncoder().encode(words);
  if (encoding === "windows-1252") return Uint8Array.from(words, (c) => WINDOWS.get(c));
  const bytes = new DataView(new ArrayBuffer(2 * words.length));
  for (let at = 0; at < words.length; at += 1) bytes.setUint16(2 * at, words.charCodeAt(at), encoding === "utf-16le");
  return new Uint8Array(bytes.buffer);
}

/** The cleaned text, as it stands now. */
function cleaned(text) {
  const pieces = [];
  let from = 0;
  for (const change of text.changes) {
    if (!isMade(change)) continue;
    pieces.push(text.content.slice(from, change.start), afterOf(change));
    from = change.end;
  }
  pieces.push(text.content.slice(from));
  return pieces.join("");
}
