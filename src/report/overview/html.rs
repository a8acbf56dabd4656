//! The overview as one page: nothing is loaded from elsewhere, and no script runs.

use std::fmt::Write;

use super::{Overview, RATES, rate};
use crate::report::html::{BASE, escape};

/// Rows of the table of corrections.
const FREQUENT: usize = 40;
/// Width of the longest bar, pixels.
const WIDTH: f64 = 320.0;

const STYLE: &str = "\
body{max-width:60rem;margin:2rem auto;padding:0 1rem}\
h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2.2rem}table{border-collapse:collapse}\
td,th{padding:.15rem .8rem .15rem 0;text-align:left;vertical-align:top;font-weight:400}th{color:var(--quiet);font-size:.85rem}\
td.n{text-align:right;font-variant-numeric:tabular-nums}.lead{font-size:1.15rem}.note{color:var(--quiet);font-size:.9rem}\
.bar{display:inline-block;height:.8rem;vertical-align:middle}.a{background:#c65}.b{background:#486}\
.path{overflow-wrap:anywhere}";

/// The content of `report.html`.
#[must_use]
pub fn page(overview: &Overview) -> String {
    let mut out = String::new();
    write_page(overview, &mut out).expect("a string takes all");
    out
}

fn write_page(overview: &Overview, out: &mut String) -> std::fmt::Result {
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>scanno: report</title>\n\
         <style>{BASE}{STYLE}</style>\n</head>\n<body>\n<h1>What scanno found and changed</h1>\n"
    )?;
    writeln!(out, "<p class=\"lead\">{}.</p>", escape(&overview.verdict()))?;
    totals(overview, out)?;
    rates(overview, out)?;
    classes(overview, out)?;
    frequent(overview, out)?;
    doubtful(overview, out)?;
    worst(overview, out)?;
    failed(overview, out)?;
    writeln!(
        out,
        "<p class=\"note\">scanno {}, language data {}, options {}.</p>\n</body>\n</html>",
        escape(&overview.scanno),
        escape(&overview.data),
        escape(&overview.config.to_string())
    )
}

fn totals(overview: &Overview, out: &mut String) -> std::fmt::Result {
    let (counts, facts, time) = (&overview.counts, &overview.facts, overview.time);
    out.push_str("<table>\n");
    let mut row = |name: &str, value: String| writeln!(out, "<tr><th>{name}</th><td class=\"n\">{value}</td></tr>");
    row("Files", grouped(overview.files))?;
    row("Documents", grouped(facts.documents))?;
    row("Words", grouped(facts.words))?;
    row("Changes made", grouped(counts.made() as u64))?;
    row("Changes only suggested", grouped(counts.with(crate::change::Decision::Suggested) as u64))?;
    row("Places reported, nothing proposed", grouped(counts.found() as u64))?;
    for (reason, number) in &overview.skipped {
        row(&format!("Records passed through: {}", escape(reason)), grouped(*number))?;
    }
    row("Files not done", grouped(overview.failed.len() as u64))?;
    let megabytes = time.bytes as f64 / 1e6;
    let speed = if time.seconds > 0.0 { megabytes / time.seconds } else { 0.0 };
    row("Time", format!("{:.0} s for {megabytes:.1} MB, {speed:.2} MB/s", time.seconds))?;
    out.push_str("</table>\n");
    Ok(())
}

fn rates(overview: &Overview, out: &mut String) -> std::fmt::Result {
    let facts = &overview.facts;
    let estimated = facts.estimated == facts.documents;
    let what = if estimated {
        "Documents by the estimated share of wrong words, before and after cleaning."
    } else {
        "Documents by the share of words that were changed or are doubtful (before), and of those that are \
         still doubtful (after)."
    };
    writeln!(out, "<h2>How bad the documents are</h2>\n<p class=\"note\">{what}</p>\n<table>")?;
    out.push_str("<tr><th>Wrong words</th><th>Before</th><th></th><th>After</th><th></th></tr>\n");
    let most = facts.rates.iter().flatten().copied().max().unwrap_or(0);
    let last = (0..RATES.len()).rfind(|&class| facts.rates.iter().any(|rates| rates[class] > 0)).unwrap_or(0);
    for class in 0..=last {
        let range = match RATES.get(class + 1) {
            Some(to) => format!("{} to {to} %", RATES[class]),
            None => format!("from {} %", RATES[class]),
        };
        let [before, after] = facts.rates.map(|rates| rates[class]);
        writeln!(
            out,
            "<tr><td>{range}</td><td class=\"n\">{}</td><td>{}</td><td class=\"n\">{}</td><td>{}</td></tr>",
            grouped(before),
            bar("a", before, most, WIDTH / 2.0),
            grouped(after),
            bar("b", after, most, WIDTH / 2.0)
        )?;
    }
    out.push_str("</table>\n");
    Ok(())
}

fn classes(overview: &Overview, out: &mut String) -> std::fmt::Result {
    let classes = overview.classes();
    if classes.is_empty() {
        return Ok(());
    }
    out.push_str("<h2>Kinds of error</h2>\n<table>\n<tr><th>Kind</th><th>Made</th><th>Suggested</th><th></th></tr>\n");
    let most = classes.iter().map(|&(_, made, suggested)| (made + suggested) as u64).max().unwrap_or(0);
    for (class, made, suggested) in classes {
        let bars = bar("b", made as u64, most, WIDTH) + &bar("a", suggested as u64, most, WIDTH);
        let (made, suggested) = (grouped(made as u64), grouped(suggested as u64));
        writeln!(
            out,
            "<tr><td>{class}</td><td class=\"n\">{made}</td><td class=\"n\">{suggested}</td><td>{bars}</td></tr>"
        )?;
    }
    out.push_str("</table>\n");
    Ok(())
}

fn frequent(overview: &Overview, out: &mut String) -> std::fmt::Result {
    let pairs = overview.facts.frequent(FREQUENT);
    if pairs.is_empty() {
        return Ok(());
    }
    out.push_str(
        "<h2>Most frequent corrections</h2>\n<table>\n\
         <tr><th>Number</th><th>Correction</th><th>For example</th></tr>\n",
    );
    for (name, pair) in pairs {
        let (before, after) = name.split_once(" → ").unwrap_or((name, ""));
        let [left, right] = &pair.example;
        let (before, after) = (escape(before), escape(after));
        writeln!(
            out,
            "<tr><td class=\"n\">{}</td><td><del>{before}</del> → <ins>{after}</ins></td>\
             <td>…{}<ins>{after}</ins>{}…</td></tr>",
            grouped(pair.number),
            escape(left),
            escape(right)
        )?;
    }
    out.push_str("</table>\n");
    Ok(())
}

fn doubtful(overview: &Overview, out: &mut String) -> std::fmt::Result {
    if overview.facts.doubtful.is_empty() {
        return Ok(());
    }
    out.push_str(
        "<h2>To look at first</h2>\n<p class=\"note\">The changes that are nearest to a toss-up.</p>\n<table>\n\
         <tr><th>Where</th><th>Text</th><th>Probability</th><th></th></tr>\n",
    );
    for place in &overview.facts.doubtful {
        let [left, right] = &place.context;
        writeln!(
            out,
            "<tr><td class=\"path\">{}:{}</td><td>…{}<del>{}</del> <ins>{}</ins>{}…</td>\
             <td class=\"n\">{} %</td><td>{}</td></tr>",
            name(&place.path, place.record),
            place.line,
            escape(left),
            escape(&place.before),
            escape(&place.after),
            escape(right),
            place.confidence / 10,
            if place.made { "made" } else { "suggested" }
        )?;
    }
    out.push_str("</table>\n");
    Ok(())
}

fn worst(overview: &Overview, out: &mut String) -> std::fmt::Result {
    if overview.facts.worst.is_empty() {
        return Ok(());
    }
    out.push_str(
        "<h2>Worst documents</h2>\n<table>\n\
         <tr><th>Document</th><th>Words</th><th>Wrong before</th><th>After</th></tr>\n",
    );
    for worst in &overview.facts.worst {
        let [before, after] = worst.wrong.map(|wrong| rate(wrong, worst.words));
        writeln!(
            out,
            "<tr><td class=\"path\">{}</td><td class=\"n\">{}</td><td class=\"n\">{before:.1} %</td>\
             <td class=\"n\">{after:.1} %</td></tr>",
            name(&worst.path, worst.record),
            grouped(worst.words)
        )?;
    }
    out.push_str("</table>\n");
    Ok(())
}

fn failed(overview: &Overview, out: &mut String) -> std::fmt::Result {
    if overview.failed.is_empty() {
        return Ok(());
    }
    out.push_str("<h2>Not done</h2>\n<table>\n");
    for failed in &overview.failed {
        writeln!(out, "<tr><td class=\"path\">{}</td><td>{}</td></tr>", escape(&failed.path), escape(&failed.reason))?;
    }
    out.push_str("</table>\n");
    Ok(())
}

fn name(path: &str, record: Option<u64>) -> String {
    record.map_or_else(|| escape(path), |line| format!("{}, record on line {line}", escape(path)))
}

fn bar(class: &str, number: u64, most: u64, width: f64) -> String {
    if number == 0 {
        return String::new();
    }
    let width = (number as f64 / most as f64 * width).max(1.0);
    format!("<span class=\"bar {class}\" style=\"width:{width:.0}px\"></span>")
}

/// `12,345`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}
