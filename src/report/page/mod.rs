//! The page on which a person goes through the changes of one or more texts
//! and decides: one file, no server, nothing loaded from elsewhere.
//!
//! What the page knows are the texts and their [logs](Log); what it gives back
//! are the same logs with decisions in them, as [editing a
//! log](crate::format::jsonl#editing-a-log) allows. Texts are other people's:
//! the page builds every element itself and sets text as text, and its content
//! security policy lets no other script run than the one whose hash it names,
//! and no connection be opened.

use std::io::{self, Write};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::html::{BASE, escape, inert};
use crate::{Level, format::jsonl::Log};

const MARKUP: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");

/// The script, a file for each of its tasks, in the order in which they build on each other.
const SCRIPT: [&str; 7] = [
    include_str!("model.js"),
    include_str!("store.js"),
    include_str!("text.js"),
    include_str!("list.js"),
    include_str!("decide.js"),
    include_str!("save.js"),
    include_str!("page.js"),
];

/// A text to be reviewed.
#[derive(Clone, Copy, Debug)]
pub struct Reviewed<'a> {
    /// The decoded original, as [`Document::text`](crate::Document::text) gives it.
    pub text: &'a str,
    /// Its changes. Decisions that are in it already are shown as decided.
    pub log: &'a Log,
    /// Name of the file, without folders, under which the page saves its log.
    pub save_as: &'a str,
}

/// What is said of all texts.
#[derive(Serialize)]
struct Head<'a> {
    reviewer: &'a str,
    /// A change is doubtful from the first confidence up to the second.
    doubtful: [f64; 2],
}

/// Writes the page for `texts`. `reviewer` is the name that decisions bear
/// unless the person at the page gives another.
///
/// # Errors
/// What `out` reports.
pub fn write(mut out: impl Write, texts: &[Reviewed<'_>], reviewer: &str) -> io::Result<()> {
    let style = [BASE, STYLE].concat();
    let script = ["\"use strict\";\n", &SCRIPT.concat()].concat();
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'",
        hash(&style),
        hash(&script)
    );
    let title = match texts {
        [one] => format!("{}: review", escape(&one.log.document().path)),
        _ => format!("{} texts: review", texts.len()),
    };
    let mut rest = MARKUP;
    for (place, content) in [("policy", &policy), ("title", &title), ("style", &style)] {
        rest = fill(&mut out, rest, place)?;
        out.write_all(content.as_bytes())?;
    }
    rest = fill(&mut out, rest, "data")?;
    // Where the levels do not agree, someone should look.
    let head = Head { reviewer, doubtful: [Level::Eager, Level::Cautious].map(Level::confidence) };
    write!(out, "{{\"head\":{},\"texts\":[", inert(&serde_json::to_string(&head)?))?;
    for (index, reviewed) in texts.iter().enumerate() {
        let comma = if index > 0 { "," } else { "" };
        let [name, text] = [reviewed.save_as, reviewed.text].map(|text| serde_json::to_string(text).map(|s| inert(&s)));
        write!(out, "{comma}\n{{\"saveAs\":{},\"text\":{},\"records\":[", name?, text?)?;
        let log = String::from_utf8(reviewed.log.to_bytes()).map_err(io::Error::other)?;
        // A record is a line, and a line is JSON.
        out.write_all(inert(log.trim_end().replace('\n', ",\n").as_str()).as_bytes())?;
        out.write_all(b"]}")?;
    }
    out.write_all(b"]}")?;
    rest = fill(&mut out, rest, "script")?;
    out.write_all(script.as_bytes())?;
    out.write_all(rest.as_bytes())
}

/// Writes `markup` up to the mark `{{place}}` and gives what follows it.
fn fill<'m>(out: &mut impl Write, markup: &'m str, place: &str) -> io::Result<&'m str> {
    let (before, after) = markup.split_once(&format!("{{{{{place}}}}}")).expect("the markup has all marks, in order");
    out.write_all(before.as_bytes())?;
    Ok(after)
}

/// The hash of `content` as a content security policy names it.
fn hash(content: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(content)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{ChangeLog, Target};
    use crate::{Document, format::jsonl::Header};

    fn page(text: &str) -> String {
        let document = Document::from_text(text);
        let header = Header { path: "<i>.txt".into(), data: "en".into(), config: serde_json::json!({}) };
        let log = Log::new(&document, &ChangeLog::default(), header, Target::AsRead).unwrap();
        let mut page = Vec::new();
        write(&mut page, &[Reviewed { text, log: &log, save_as: "<i>" }], "Ada <ada@example.org>").unwrap();
        String::from_utf8(page).unwrap()
    }

    /// The content of the element that begins with `start`.
    fn element<'p>(page: &'p str, start: &str, end: &str) -> &'p str {
        let from = page.find(start).unwrap() + start.len();
        &page[from..from + page[from..].find(end).unwrap()]
    }

    #[test]
    fn the_data_come_through_and_are_no_markup() {
        let text = "</script><img src=x onerror=alert(1)>\r\n\u{2028}\u{202e}<!-- & \u{1}";
        let page = page(text);
        assert!(!page.contains("<img") && !page.contains("<i>") && !page.contains("<ada"), "{page}");
        let data = element(&page, "<script type=\"application/json\" id=\"data\">", "</script>");
        let data: serde_json::Value = serde_json::from_str(data).unwrap();
        assert_eq!(data["texts"][0]["text"], text);
        assert_eq!(data["texts"][0]["records"][0]["path"], "<i>.txt");
        assert_eq!(data["texts"][0]["records"][1]["type"], "summary");
        assert_eq!(data["head"]["reviewer"], "Ada <ada@example.org>");
    }

    #[test]
    fn the_policy_names_what_is_there_and_nothing_is_loaded() {
        let page = page("");
        for (start, end) in [("<style>", "</style>"), ("<script>", "</script>")] {
            assert!(page.contains(&hash(element(&page, start, end))), "{start}");
        }
        for loading in ["src=", "url(", "@import", "http:", "https:", "fetch(", "innerHTML", "import("] {
            assert!(!page.contains(loading), "{loading}");
        }
        assert!(!page.contains("{{"), "a mark was not filled");
    }
}
