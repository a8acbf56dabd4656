//! The Arrow schema in a table's metadata, with one column more.
//!
//! It is a message of Arrow's interprocess format: a FlatBuffer, whose offsets
//! lead forward from where they stand. So new heads put before the old buffer
//! lead into it, and what it says of the other columns need be neither
//! understood nor moved. (The crate that knows it all takes minutes to build.)

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// What stands before the length of a message; older ones have neither.
const MARK: [u8; 4] = [0xff; 4];

/// `Schema` among the kinds of messages.
const SCHEMA: u8 = 1;

/// `Utf8` among the types.
const UTF8: u8 = 5;

/// The schema in `encoded` with a column of strings named `name` at its end;
/// `None` if it is no schema.
pub(super) fn with_column(encoded: &str, name: &str) -> Option<String> {
    let bytes = BASE64_STANDARD.decode(encoded).ok()?;
    let old = Old(bytes.strip_prefix(&MARK).and_then(|rest| rest.get(4..)).unwrap_or(&bytes));
    let message = old.follow(0)?;
    if old.0.get(old.field(message, 1)?) != Some(&SCHEMA) {
        return None;
    }
    let schema = old.follow(old.field(message, 2)?)?;
    let fields = old.follow(old.field(schema, 1)?)?;
    let number = usize::try_from(old.u32(fields)?).ok()?;
    let columns: Vec<usize> = (0..number.min(old.0.len())).map_while(|n| old.follow(fields + 4 + 4 * n)).collect();
    if columns.len() != number {
        return None;
    }

    let target = |table: usize, slot: usize| old.field(table, slot).and_then(|at| old.follow(at));
    let kept = [target(message, 4), target(schema, 2), target(schema, 3)];
    let slots = [(kept[0], 8), (kept[1], 8), (kept[2], 12)].map(|(kept, slot)| kept.map_or(0, |_| slot));
    let mut new = New(vec![0; 4]);
    let new_message = new.table(16, &[12, 14, 4, 0, slots[0]]);
    new.link(0, new_message);
    new.copy(new_message + 12, &old, old.field(message, 0), 2);
    new.0[new_message + 14] = SCHEMA;
    let new_schema = new.table(20, &[16, 4, slots[1], slots[2]]);
    new.link(new_message + 4, new_schema);
    new.copy(new_schema + 16, &old, old.field(schema, 0), 2);
    let list = new.0.len();
    new.0.extend(u32::try_from(number + 1).ok()?.to_le_bytes());
    new.0.resize(list + 4 + 4 * (number + 1), 0);
    new.link(new_schema + 4, list);
    let field = new.table(20, &[4, 16, 17, 8, 0, 12]);
    new.link(list + 4 + 4 * number, field);
    new.0[field + 16] = 1;
    new.0[field + 17] = UTF8;
    let kind = new.table(4, &[]);
    new.link(field + 8, kind);
    let children = new.0.len();
    new.0.extend([0; 4]);
    new.link(field + 12, children);
    let text = new.0.len();
    new.0.extend(u32::try_from(name.len()).ok()?.to_le_bytes());
    new.0.extend(name.as_bytes());
    new.link(field + 4, text);
    // A string ends with a zero; numbers of eight bytes stay where they may stand.
    let start = (new.0.len() + 1).next_multiple_of(8);
    new.0.resize(start, 0);

    for (n, column) in columns.into_iter().enumerate() {
        new.link(list + 4 + 4 * n, start + column);
    }
    for (at, target) in [new_message + 8, new_schema + 8, new_schema + 12].into_iter().zip(kept) {
        if let Some(target) = target {
            new.link(at, start + target);
        }
    }
    new.0.extend(old.0);
    let length = u32::try_from(new.0.len()).ok()?.to_le_bytes();
    Some(BASE64_STANDARD.encode([&MARK, &length, &*new.0].concat()))
}

/// A buffer that is read. Nothing is believed of it: offsets may lead anywhere.
struct Old<'b>(&'b [u8]);

impl Old<'_> {
    fn bytes<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.0.get(at..at.checked_add(N)?)?.try_into().ok()
    }

    fn u32(&self, at: usize) -> Option<u32> {
        self.bytes(at).map(u32::from_le_bytes)
    }

    /// Where the offset at `at` leads.
    fn follow(&self, at: usize) -> Option<usize> {
        at.checked_add(usize::try_from(self.u32(at)?).ok()?).filter(|&target| target < self.0.len())
    }

    /// Where the field in slot `slot` of the table at `table` stands, if it has one.
    fn field(&self, table: usize, slot: usize) -> Option<usize> {
        let back = isize::try_from(self.bytes(table).map(i32::from_le_bytes)?).ok()?;
        let slots = isize::try_from(table).ok()?.checked_sub(back).and_then(|at| usize::try_from(at).ok())?;
        let length = usize::from(self.bytes(slots).map(u16::from_le_bytes)?);
        let place = 4 + 2 * slot;
        let at = if place + 2 <= length { self.bytes(slots + place).map(u16::from_le_bytes)? } else { 0 };
        (at > 0).then_some(table + usize::from(at))
    }
}

/// A buffer that is written.
struct New(Vec<u8>);

impl New {
    /// A table of `length` bytes, all 0 yet; `slots` say where in it each field
    /// stands, 0 if it has none.
    fn table(&mut self, length: u16, slots: &[u16]) -> usize {
        let slots_length = 4 + 2 * slots.len();
        let table = (self.0.len() + slots_length).next_multiple_of(4);
        let start = table - slots_length;
        self.0.resize(start, 0);
        let slots_length = u16::try_from(slots_length).unwrap_or_default();
        for number in [slots_length, length].iter().chain(slots) {
            self.0.extend(number.to_le_bytes());
        }
        self.0.extend(i32::from(slots_length).to_le_bytes());
        self.0.resize(table + usize::from(length), 0);
        table
    }

    /// Lets the offset at `at` lead to `target`, which stands behind it.
    fn link(&mut self, at: usize, target: usize) {
        let offset = u32::try_from(target - at).unwrap_or_default();
        self.0[at..at + 4].copy_from_slice(&offset.to_le_bytes());
    }

    fn copy(&mut self, to: usize, old: &Old<'_>, from: Option<usize>, length: usize) {
        if let Some(bytes) = from.and_then(|from| old.0.get(from..from + length)) {
            self.0[to..to + length].copy_from_slice(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns `id`, int64, and `text`, a dictionary of long strings, and the
    /// pair `k`, `v`, as pyarrow writes them.
    const WRITTEN: &str = "/////xABAAAQAAAAAAAKAA4ABgAFAAgACgAAAAABBAAQAAAAAAAKAAwAAAAEAAgACgAAADQAAAAEAAAAAQAAAAwAAAAI\
                           AAwABAAIAAgAAAAQAAAABAAAAAEAAAB2AAAAAQAAAGsAAAACAAAAdAAAABQAAAAQABgACAAGAAcADAAQABQAEAAAAAAA\
                           ARQUAAAAPAAAACAAAAAEAAAAAAAAAAQAAAB0ZXh0AAAAAAgACAAAAAQACAAAAAQAAAC8////AAAAASAAAAAEAAQABAAA\
                           ABAAFAAIAAYABwAMAAAAEAAQAAAAAAABAhAAAAAcAAAABAAAAAAAAAACAAAAaWQAAAgADAAIAAcACAAAAAAAAAFAAAAA\
                           AAAAAA==";

    /// The names of the columns, and the number of pairs.
    fn names(encoded: &str) -> Option<(Vec<String>, u32)> {
        let bytes = BASE64_STANDARD.decode(encoded).ok()?;
        assert_eq!(bytes[4..8], u32::try_from(bytes.len() - 8).unwrap().to_le_bytes());
        let old = Old(&bytes[8..]);
        let schema = old.follow(old.field(old.follow(0)?, 2)?)?;
        let fields = old.follow(old.field(schema, 1)?)?;
        let mut names = Vec::new();
        for number in 0..old.u32(fields)? as usize {
            let name = old.follow(old.field(old.follow(fields + 4 + 4 * number)?, 0)?)?;
            let text = &old.0[name + 4..name + 4 + old.u32(name)? as usize];
            names.push(String::from_utf8(text.to_vec()).unwrap());
        }
        Some((names, old.u32(old.follow(old.field(schema, 2)?)?)?))
    }

    #[test]
    fn a_column_is_added_and_all_else_stays() {
        let once = with_column(WRITTEN, "scanno").unwrap();
        let twice = with_column(&once, "a longer name").unwrap();
        let names = [WRITTEN, &once, &twice].map(|encoded| names(encoded).unwrap());
        assert_eq!(names[0], (vec!["id".into(), "text".into()], 1));
        assert_eq!(names[1].0[1..], ["text", "scanno"]);
        assert_eq!((&names[2].0[2..], names[2].1), (&["scanno".to_owned(), "a longer name".into()][..], 1));
    }

    #[test]
    fn what_is_damaged_does_no_harm() {
        let bytes = BASE64_STANDARD.decode(WRITTEN).unwrap();
        for at in 0..bytes.len() {
            for byte in [0, 1, 0x7f, 0xff] {
                let mut bad = bytes.clone();
                bad[at] = byte;
                let _ = with_column(&BASE64_STANDARD.encode(&bad), "scanno");
            }
            let _ = with_column(&BASE64_STANDARD.encode(&bytes[..at]), "scanno");
        }
        assert_eq!(with_column("no Base64!", "scanno"), None);
        assert_eq!(with_column("", "scanno"), None);
    }
}
