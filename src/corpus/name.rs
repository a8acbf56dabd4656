//! Names of files as strings, none of which stands for two.

use std::borrow::Cow;
use std::fmt::Write;
use std::path::Path;

/// `path` as a string. What in it is not UTF-8 is written as U+0000 and two
/// hexadecimal digits a byte; no system has names with U+0000.
#[must_use]
pub fn escaped(path: &Path) -> Cow<'_, str> {
    if let Some(path) = path.to_str() {
        return path.into();
    }
    let mut out = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            write!(out, "\0{byte:02X}").expect("a string takes all");
        }
    }
    out.into()
}

#[cfg(all(test, unix))]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    #[test]
    fn names_stay_different_and_readable() {
        let of = |bytes: &'static [u8]| escaped(Path::new(OsStr::from_bytes(bytes)));
        assert_eq!(of("café/1.txt".as_bytes()), "café/1.txt");
        assert_eq!(of(b"caf\xe9/\xff1.txt"), "caf\0E9/\0FF1.txt");
        assert_ne!(of(b"caf\xe9"), of(b"caf\xe8"));
        assert_ne!(of(b"caf\xe9"), of("caf\u{fffd}".as_bytes()));
    }
}
