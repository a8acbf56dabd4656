// From decisions to logs, and from logs to files.

/** The person at the page, for the log. */
const reviewer = () => byId("reviewer").value.trim() || data.head.reviewer || "unknown";

/** The record of `change` with what was decided in it. */
function recordOf(change) {
  const { record, state } = change;
  if (!state) return record;
  const decided = { by: reviewer(), at: state.at };
  if (state.decision === "rejected" || state.after === record.after) {
    return { ...record, decision: state.decision, decided };
  }
  const proposed = { text: record.after, confidence: record.confidence };
  const others = (record.alternatives ?? []).filter(({ text }) => text !== state.after);
  const alternatives = [proposed, ...others];
  return { ...record, after: state.after, decision: state.decision, decided, alternatives, evidence: [] };
}

/** The log of `text` as it is written to a file. */
async function logOf(text) {
  const after = encode(text, cleaned(text));
  const marks = { "utf-8": [0xef, 0xbb, 0xbf], "utf-16le": [0xff, 0xfe], "utf-16be": [0xfe, 0xff] };
  const hasMark = text.head.byte_order_mark && !text.head.cleaned_encoding;
  const mark = hasMark ? marks[text.head.encoding] : [];
  const summary = { ...text.summary, cleaned_bytes: mark.length + after.length, changes: {} };
  for (const change of text.changes) {
    const counts = (summary.changes[change.record.class] ??= {});
    counts[decisionOf(change)] = (counts[decisionOf(change)] ?? 0) + 1;
  }
  // Without it the log still leads to the text, and `apply` states the hash anew.
  if (window.crypto?.subtle) {
    const bytes = new Uint8Array(mark.length + after.length);
    bytes.set(mark);
    bytes.set(after, mark.length);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    summary.cleaned_sha256 = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  const byRecord = new Map(text.changes.map((change) => [change.record, change]));
  const records = text.records.slice(0, -1).map((record) => (byRecord.has(record) ? recordOf(byRecord.get(record)) : record));
  return [...records, summary].map((record) => JSON.stringify(record) + "\n").join("");
}

function download(name, content, type) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = element("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Downloads the log of the one text, or of all, one after the other in one file. */
async function save() {
  if (texts.length === 0) return;
  const before = unsaved;
  const name = texts.length === 1 ? texts[0].saveAs : "review.scanno.jsonl";
  const logs = [];
  for (const text of texts) logs.push(await logOf(text));
  download(name, logs.join(""), "application/x-ndjson");
  unsaved -= before;
  drawProgress();
  const what = texts.length === 1 ? "the log" : `the logs of ${texts.length} texts`;
  const file = texts.length === 1 ? visible(texts[0].name) : "the originals";
  say(`Saved ${what} as ${visible(name)}. scanno apply makes the text from it and ${file}`);
}

function saveWords() {
  download("own-words.txt", [...ownWords].map((word) => word + "\n").join(""), "text/plain");
  say("Saved own-words.txt. scanno takes it with --lexicon own-words.txt");
}
