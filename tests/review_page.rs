//! The page of `scanno review --html` in a real browser, up to the text that
//! `scanno apply` makes of what was decided. They need Chromium and ChromeDriver,
//! and so are ignored; `.ci/run` runs them where it finds both.

mod browser;
mod common;

use browser::{Browser, ENTER, wait};
use common::Folder;
use scanno::change::{Alternative, Class, Correction, Decision, Target};
use scanno::document::sha256;
use scanno::format::jsonl::{ChangeRecord, Header, Log};
use scanno::{ChangeLog, Document, Span};

/// A change at every place where `before` stands.
fn change(document: &Document, before: &str, after: &str, decision: Decision, others: &[&str]) -> Vec<Correction> {
    let one = |(start, _)| Correction {
        span: Span::new(start, start + before.len()),
        before: before.into(),
        after: after.into(),
        class: Class::Substitution,
        rule: "test".into(),
        confidence: if decision == Decision::Applied { 0.99 } else { 0.6 },
        decision,
        decided: None,
        alternatives: others.iter().map(|&text| Alternative { text: text.into(), confidence: 0.1 }).collect(),
        evidence: Vec::new(),
    };
    document.text().match_indices(before).map(one).collect()
}

/// Writes a text and its log beside it, as `clean` might have left them.
fn write(folder: &Folder, name: &str, bytes: &[u8], changes: impl Fn(&Document) -> Vec<Correction>) {
    let document = Document::from_bytes(bytes).unwrap();
    let changes = ChangeLog::new(changes(&document), Vec::new(), None);
    let header = Header { path: name.into(), data: "test".into(), config: serde_json::json!({}) };
    let log = Log::new(&document, &changes, header, Target::AsRead).unwrap();
    folder.write(name, bytes);
    folder.write(&format!("{name}.scanno.jsonl"), log.to_bytes());
}

/// A folder, the browser, and what the page of `arguments` shows in it.
fn open(folder: &Folder, arguments: &str) -> Browser {
    std::fs::create_dir_all(folder.path("downloads")).unwrap();
    let browser = Browser::start(&folder.path("downloads"));
    let output =
        folder.scanno(&format!("review --html review.html {arguments}")).env("SCANNO_REVIEWER", "Tess").output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    browser.open(&folder.path("review.html"));
    browser
}

/// Saves with Ctrl+S and gives the file.
fn save(folder: &Folder, browser: &Browser, name: &str) -> String {
    let path = folder.path(&format!("downloads/{name}"));
    browser.press_with_control("s");
    wait("the download", || path.is_file());
    folder.text(&format!("downloads/{name}"))
}

const PAGE: &[u8] =
    "He went to tbe house 😀, and tbe dog saw tbe cat.\r\nIt was oId and thc sky arc blue.\r\n".as_bytes();

fn write_page(folder: &Folder) {
    write(folder, "page.txt", PAGE, |document| {
        let mut changes = change(document, "tbe", "the", Decision::Applied, &["tube"]);
        changes.extend(change(document, "oId", "old", Decision::Suggested, &[]));
        changes.extend(change(document, "thc", "the", Decision::Applied, &[]));
        changes.extend(change(document, "arc", "art", Decision::Suggested, &["ark", "are"]));
        changes
    });
}

#[test]
#[ignore = "needs a browser: Chromium, and ChromeDriver on the path"]
fn what_is_decided_with_keys_and_clicks_is_the_text_that_apply_makes() {
    let folder = Folder::new();
    write_page(&folder);
    let browser = open(&folder, "page.txt");
    let decided = |number: usize| browser.text("#done") == format!("{number} of 6 changes decided");
    let current = || browser.text("#card .pair");
    assert!(decided(0));

    browser.press("r");
    browser.click("[data-action=accept]");
    assert!(decided(2), "{}", browser.text("#done"));
    browser.press("u");
    assert!(decided(1) && browser.text("#said").starts_with("Taken back: tbe"), "{}", browser.text("#said"));
    browser.press("A");
    assert_eq!((decided(3), current()), (true, "oId → old".into()), "what was rejected stays so");

    browser.press(&format!("e0ld é{ENTER}"));
    assert_eq!((decided(4), current()), (true, "thc → the".into()));
    browser.press("d2");
    assert_eq!((decided(5), browser.text("#said").starts_with("Yours: arc → are")), (true, true));

    // A filter leaves what it says; the list is what the keys go through.
    browser.run(
        "byId('decision').value = 'rejected'; byId('decision').dispatchEvent(new Event('input', {bubbles: true}))",
    );
    browser.wait_for("byId('shown').textContent === '1 of 6 changes'");
    browser.press("/");
    browser.press(&format!("nothing like it{ENTER}"));
    browser.wait_for("byId('shown').textContent === '0 of 6 changes'");
    browser.click("#clear");
    browser.wait_for("byId('shown').textContent === '6 changes'");

    browser.reload();
    assert!(decided(5), "decisions survive a reload: {}", browser.text("#done"));
    assert_eq!(current(), "thc → the", "and one goes on with what is open");
    assert_eq!(browser.text("#text .rejected"), "tbe✗");

    let log = save(&folder, &browser, "page.txt.scanno.jsonl");
    let expected = "He went to tbe house 😀, and the dog saw the cat.\r\nIt was 0ld é and the sky are blue.\r\n";
    let applied = folder.run("apply downloads/page.txt.scanno.jsonl page.txt");
    assert_eq!(String::from_utf8_lossy(&applied.is_done().stdout), expected);
    folder.write("cleaned.txt", expected);
    assert_eq!(folder.run("revert downloads/page.txt.scanno.jsonl cleaned.txt").is_done().stdout, PAGE);

    let log = Log::read(log.as_bytes()).unwrap();
    let changes: Vec<&ChangeRecord> = log.changes().collect();
    let decisions: Vec<&str> = changes.iter().map(|change| change.decision.name()).collect();
    assert_eq!(decisions, ["rejected", "accepted", "accepted", "accepted", "applied", "accepted"]);
    let by: Vec<_> = changes.iter().map(|change| change.decided.as_ref().map(|decided| &*decided.by)).collect();
    assert_eq!(by, [Some("Tess"), Some("Tess"), Some("Tess"), Some("Tess"), None, Some("Tess")]);
    let at = &changes[0].decided.as_ref().unwrap().at;
    assert!(at.len() == 20 && at.ends_with('Z'), "{at}");
    let others = |change: &ChangeRecord| change.alternatives.iter().map(|a| a.text.clone()).collect::<Vec<_>>();
    assert_eq!((others(changes[3]), others(changes[5])), (vec!["old".into()], vec!["art".into(), "ark".into()]));
    let (_, made_anew) = log.apply_updated(PAGE).unwrap();
    assert_eq!(made_anew, log, "the summary is right too");
    assert_eq!(log.summary().cleaned_sha256, sha256(expected.as_bytes()));

    // The saved log beside the text: its decisions are where one begins.
    folder.write("page.txt.scanno.jsonl", log.to_bytes());
    folder.run("review --html again.html page.txt").is_done();
    browser.run("localStorage.clear()");
    browser.open(&folder.path("again.html"));
    assert!(decided(5), "{}", browser.text("#done"));
    // And likewise beside the text that was made with it.
    folder.write("page.txt", expected);
    folder.run("review --html again.html page.txt").is_done();
    browser.open(&folder.path("again.html"));
    assert!(decided(5), "{}", browser.text("#done"));
}

#[test]
#[ignore = "needs a browser: Chromium, and ChromeDriver on the path"]
fn several_texts_are_one_file_of_logs_and_own_words_hold_everywhere() {
    let folder = Folder::new();
    let house = |document: &Document| change(document, "Shadadi", "Shadade", Decision::Applied, &[]);
    write(&folder, "in/a.txt", b"Shadadi and Shadadi.\n", house);
    write(&folder, "in/b/c.txt", b"The caf\xe9 of Shadadi, tbe best.\n", |document| {
        [house(document), change(document, "tbe", "the", Decision::Applied, &[])].concat()
    });
    folder.write("in/none.txt", "The house stood on the hill.\n");
    let browser = open(&folder, "in");
    assert_eq!(browser.text("#title"), "Review of 2 texts");

    // All in this text, then undone, then wherever it stands.
    browser.press("sR");
    assert_eq!(browser.text("#done"), "2 of 4 changes decided");
    browser.press("uw");
    assert_eq!(browser.text("#done"), "3 of 4 changes decided");
    assert_eq!(browser.text("#words"), "Own words (1)");
    // What Windows-1252 cannot hold is refused, not lost on saving.
    browser.press(&format!("e→{ENTER}"));
    assert!(browser.text("#said").contains("cannot be written in windows-1252"), "{}", browser.text("#said"));
    browser.press(&format!("eth“é{ENTER}"));
    assert!(browser.text("#said").contains("All are decided"), "{}", browser.text("#said"));

    let logs = save(&folder, &browser, "review.scanno.jsonl");
    let second = logs.rfind("{\"type\":\"document\"").unwrap();
    for (log, name, expected) in [
        (&logs[..second], "in/a.txt", &b"Shadadi and Shadadi.\n"[..]),
        (&logs[second..], "in/b/c.txt", b"The caf\xe9 of Shadadi, th\x93\xe9 best.\n"),
    ] {
        let read = Log::read(log.as_bytes()).unwrap();
        assert_eq!(read.apply_updated(&folder.read(name)).unwrap(), (expected.to_vec(), read));
    }
    browser.click("#words");
    wait("the words", || folder.path("downloads/own-words.txt").is_file());
    assert_eq!(folder.text("downloads/own-words.txt"), "Shadadi\n");
}

#[test]
#[ignore = "needs a browser: Chromium, and ChromeDriver on the path"]
fn a_hostile_text_is_shown_and_does_nothing() {
    let folder = Folder::new();
    let attack = "</script><script>alert(1)</script><img src=x onerror=alert(2)><!-- \u{1b}[2J \u{202e}live\u{2069} &lt;b&gt; tbe \
                  <svg onload=alert(3)> \u{2028} ';alert(4);// \r\n\r\n<style>*{display:none}</style>\t東京 שלום e\u{301}\u{301}\n";
    let name = "<img src=x onerror=alert(5)>.txt".replace(' ', "\u{a0}");
    write(&folder, &name, attack.as_bytes(), |document| {
        let mut changes = change(document, "<img", "<iframe src=javascript:alert(6)>", Decision::Applied, &["<b>"]);
        changes.extend(change(document, "\u{202e}live", "\u{202e}]0;evil\u{2069}", Decision::Suggested, &[]));
        changes
    });
    let browser = open(&folder, ".");
    let foreign = "return document.querySelectorAll('img, iframe, svg, b:not(#help b), style:not(head style)').length";
    browser.press("1");
    browser.press("p");
    assert_eq!(browser.run(foreign), 0);
    let shown = browser.text("#text");
    for part in ["␛[2J", "<U+202E>live", "<U+2028>", "&lt;b&gt;", "東京 שלום", "<style>*{display:none}</style>"]
    {
        assert!(shown.contains(part), "{part} is not in {shown:?}");
    }
    let whole = browser.text("main") + &browser.text("header");
    let obeyed = ['\u{1b}', '\u{202e}', '\u{2028}', '\u{7}'];
    assert!(!whole.contains(obeyed), "{whole:?}");
    assert!(browser.text("#title").starts_with("<img"));
    // Nor could the page be made to: markup and code from strings are refused.
    for code in ["document.body.innerHTML = '<i></i>'", "setTimeout('alert(7)', 0)"] {
        assert_eq!(browser.run(&format!("try {{ {code}; return 'done' }} catch {{ return 'refused' }}")), "refused");
    }
}

/// Ten thousand changes: only what is in sight exists. The figures are said, and
/// have room for a busy machine: alone it is a fraction of a second.
#[test]
#[ignore = "needs a browser: Chromium, and ChromeDriver on the path"]
fn ten_thousand_changes_open_and_scroll() {
    let folder = Folder::new();
    let text: String = (0..10_000)
        .map(|n| format!("Number {n} of tbe old houses stood on the hill, and the members came back to the town.\n"))
        .collect();
    write(&folder, "long.txt", text.as_bytes(), |document| {
        change(document, "tbe", "the", Decision::Applied, &["tube"])
    });
    let browser = open(&folder, "long.txt");
    assert_eq!(browser.text("#shown"), "10,000 changes");
    let loaded = browser.run("return performance.getEntriesByType('navigation')[0].loadEventEnd").as_f64().unwrap();
    let mut frames = Vec::new();
    for pane in ["list", "text"] {
        let median = browser.run_async(&format!(
            "const done = arguments[0], box = byId({pane:?}), times = []; let last = performance.now();
             const step = (now) => {{ times.push(now - last); last = now; box.scrollTop += 300;
               if (times.length < 60) requestAnimationFrame(step); else done(times.sort((a, b) => a - b)[30]); }};
             requestAnimationFrame(step);"
        ));
        frames.push(median.as_f64().unwrap());
    }
    println!(
        "10,000 changes: loaded in {loaded:.0} ms; a frame of scrolling takes {frames:.0?} ms (list, text; median)"
    );
    assert!(loaded < 10_000.0, "{loaded} ms");
    browser.run("byId('list').focus()");
    browser.press("\u{e010}");
    assert_eq!(browser.text("#card .at"), "10000 of 10000");
    let rows = browser.run("return document.querySelectorAll('.row').length").as_u64().unwrap();
    assert!(rows < 100, "{rows} rows");
    assert_eq!(browser.run("return document.querySelectorAll('mark.current').length"), 1);
    browser.press("pa");
    assert_eq!(browser.text("#done"), "1 of 10,000 changes decided");
}

#[test]
#[ignore = "needs a browser: Chromium, and ChromeDriver on the path"]
fn every_control_has_a_name_and_a_place_in_the_order() {
    let folder = Folder::new();
    write_page(&folder);
    let browser = open(&folder, "page.txt");
    let nameless =
        "return [...document.querySelectorAll('button, input, select, textarea, [role=listbox], [role=option]')]
        .filter((one) => !one.textContent.trim() && !one.ariaLabel && !one.labels?.length).map((one) => one.outerHTML)";
    assert_eq!(browser.run(nameless), serde_json::json!([]));
    assert_eq!(browser.run("return document.activeElement.id"), "list");
    let pointed = "return byId(byId('list').getAttribute('aria-activedescendant')).ariaLabel";
    assert_eq!(browser.run(pointed), "tbe to the, made, 99 %, line 1");
    browser.press("?");
    assert_eq!(browser.run("return byId('help').open"), true);
    browser.press(&format!("{ENTER}r"));
    // Without single keys only what is focused decides.
    browser.run("byId('single').click(); byId('list').focus()");
    browser.press("rra");
    assert_eq!(browser.text("#done"), "1 of 6 changes decided");
}
