//! The parts of a JSON object that matter, where they lie, and a JSON string
//! changed in places: nothing is parsed that is not needed, and nothing is
//! written anew that was not changed.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{KEY, RecordError};

/// What was looked for in an object.
pub(super) struct Object<'l> {
    pub(super) is_empty: bool,
    /// It has the key [`KEY`].
    pub(super) has_key: bool,
    /// The last value of the field.
    pub(super) value: Option<&'l RawValue>,
}

impl<'l> Object<'l> {
    pub(super) fn parse(text: &'l str, field: &str) -> Result<Self, RecordError> {
        let mut json = serde_json::Deserializer::from_str(text);
        let parsed = json.deserialize_map(Fields { field }).and_then(|object| json.end().map(|()| object));
        parsed.map_err(|error| {
            let is_object = text.trim_start().starts_with('{');
            // Valid JSON of another type, or no JSON at all.
            if !is_object && serde_json::from_str::<IgnoredAny>(text).is_ok() {
                return RecordError::NoObject;
            }
            // Its line is always the first.
            let said = error.to_string();
            let what = said.split(" at line ").next().unwrap_or(&said);
            RecordError::Json(format!("{what} at column {}", error.column()))
        })
    }
}

struct Fields<'f> {
    field: &'f str,
}

impl<'l> Visitor<'l> for Fields<'_> {
    type Value = Object<'l>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'l>>(self, mut map: A) -> Result<Object<'l>, A::Error> {
        let mut object = Object { is_empty: true, has_key: false, value: None };
        while let Some(Key(key)) = map.next_key()? {
            object.is_empty = false;
            object.has_key |= key == KEY;
            if key == self.field {
                object.value = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(object)
    }
}

/// A key, borrowed unless it has escapes.
#[derive(serde::Deserialize)]
struct Key<'l>(#[serde(borrow)] Cow<'l, str>);

/// The JSON string `raw`, with `changes`: sorted, disjoint ranges of the text
/// that it stands for, in bytes of UTF-8, and what takes their place.
pub(super) fn replace<'a>(raw: &str, changes: impl Iterator<Item = (Range<usize>, &'a str)>) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut places = Places { raw, at: 1, decoded: 0 };
    let mut from = 0;
    for (range, after) in changes {
        out.push_str(&raw[from..places.advance(range.start)]);
        let written = serde_json::to_string(after).expect("any string can be written");
        out.push_str(&written[1..written.len() - 1]);
        from = places.advance(range.end);
    }
    out.push_str(&raw[from..]);
    out
}

/// Walks through a JSON string, and the text that it stands for beside it.
struct Places<'r> {
    raw: &'r str,
    /// In `raw`, after its quotation mark.
    at: usize,
    /// The same place in the text.
    decoded: usize,
}

impl Places<'_> {
    /// Goes on to the byte `target` of the text, and says where that lies in the string.
    fn advance(&mut self, target: usize) -> usize {
        while self.decoded < target {
            let rest = &self.raw[self.at..];
            let plain = rest.find('\\').unwrap_or(rest.len()).min(target - self.decoded);
            if plain > 0 {
                self.at += plain;
                self.decoded += plain;
                continue;
            }
            let (length, c) = escape(rest);
            self.at += length;
            self.decoded += c.len_utf8();
        }
        self.at
    }
}

/// The length of the escape at the start of `raw`, and the character it stands for.
fn escape(raw: &str) -> (usize, char) {
    let unit = |at: usize| raw.get(at..at + 4).and_then(|digits| u16::from_str_radix(digits, 16).ok());
    if raw.as_bytes().get(1) != Some(&b'u') {
        return (2, '\\');
    }
    let units = [unit(2), unit(8)].map(Option::unwrap_or_default);
    match char::decode_utf16(units).next() {
        Some(Ok(c)) => (6 * c.len_utf16(), c),
        _ => (6, char::REPLACEMENT_CHARACTER),
    }
}
