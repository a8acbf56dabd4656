//! Which [`Encoding`] a file is in, or why it is no text.
//!
//! A byte order mark decides; then what is valid UTF-8 is UTF-8; then UTF-16
//! is known by its zero bytes. What remains is Windows-1252, unless it is UTF-8
//! that was damaged, another encoding, or no text at all: a wrong guess could
//! never lose a byte (every decoder has an exact inverse), but it would correct
//! words that are not there.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::WINDOWS_1252;

use super::{DecodeError, Encoding};

/// How the encoding of a document became known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It was stated: by the caller, a byte order mark or a log.
    Stated,
    /// The bytes are valid in it, which hardly happens by chance.
    Valid,
    /// It is the most likely one.
    Detected,
}

/// Characters, 0..1, that may be control characters in a text. Damaged OCR has
/// a few; compressed or compiled data have more than a tenth even without NUL.
const CONTROL_SHARE: f64 = 0.1;

/// Bytes, 0..1, from 0x80 up in a file that is not UTF-8, above which it cannot
/// be English or any language of Latin script (French has about 0.04).
const FOREIGN_SHARE: f64 = 0.2;

/// Bytes from 0x80 up below which nothing is said about foreign encodings.
const FOREIGN_BYTES: usize = 32;

/// Bytes looked at for zero bytes of UTF-16 and by chardetng.
const SAMPLE_BYTES: usize = 1 << 16;

/// Code units, 0..1, of the sample whose high byte is zero in UTF-16 text of
/// Latin script.
const UTF16_ZERO_SHARE: f64 = 0.7;

/// Code units, 0..1, of the sample whose low byte may be zero in such text (`Ā`).
const UTF16_STRAY_SHARE: f64 = 0.01;

/// First bytes of files that people take for text, or give in place of it.
const SIGNATURES: [(&[u8], &str); 13] = [
    (b"%PDF-", "PDF"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xFF\xD8\xFF", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"\0\0\0\x0CjP  ", "JPEG 2000"),
    (b"AT&TFORM", "DjVu"),
    (b"\x1F\x8B", "gzip"),
    (b"\x28\xB5\x2F\xFD", "Zstandard"),
    (b"BZh", "bzip2"),
    (b"PK\x03\x04", "ZIP (or Word, EPUB)"),
    (b"{\\rtf", "RTF"),
];

/// Encoding of `bytes`, length of the byte order mark, and how it is known.
pub(super) fn detect(bytes: &[u8]) -> Result<(Encoding, usize, Origin), DecodeError> {
    if let Some((_, kind)) = SIGNATURES.iter().find(|(signature, _)| bytes.starts_with(signature)) {
        return Err(DecodeError::OtherFormat { kind });
    }
    if bytes.starts_with(b"\xFF\xFE\0\0") || bytes.starts_with(b"\0\0\xFE\xFF") {
        return Err(DecodeError::Unsupported { name: "UTF-32" });
    }
    for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be] {
        if bytes.starts_with(encoding.byte_order_mark()) {
            return Ok((encoding, encoding.byte_order_mark().len(), Origin::Stated));
        }
    }
    if let Some(offset) = bytes.iter().position(|&b| b == 0) {
        return match utf16_without_mark(bytes) {
            Some(encoding) => Ok((encoding, 0, Origin::Detected)),
            None => Err(DecodeError::Nul { offset }),
        };
    }
    if std::str::from_utf8(bytes).is_ok() {
        return Ok((Encoding::Utf8, 0, Origin::Valid));
    }
    if is_broken_utf8(bytes) {
        return Ok((Encoding::Utf8, 0, Origin::Detected));
    }
    match foreign(bytes) {
        Some(name) => Err(DecodeError::Unsupported { name }),
        None => Ok((Encoding::Windows1252, 0, Origin::Detected)),
    }
}

/// Refuses text with NUL or with more control characters than text has.
/// `file_offset` leads from an offset in `text` to one in the file.
pub(super) fn check_controls(text: &str, file_offset: impl Fn(usize) -> usize) -> Result<(), DecodeError> {
    let (mut count, mut characters, mut first) = (0, 0, None);
    for (at, c) in text.char_indices() {
        characters += 1;
        if c.is_control() && !is_layout(c) {
            if c == '\0' {
                return Err(DecodeError::Nul { offset: file_offset(at) });
            }
            first.get_or_insert(at);
            count += 1;
        }
    }
    match first {
        Some(first) if count as f64 > CONTROL_SHARE * characters as f64 => {
            Err(DecodeError::ControlCharacters { offset: file_offset(first), count, characters })
        }
        _ => Ok(()),
    }
}

/// Control characters that belong in text: tab, line ends, vertical tab, form
/// feed, DOS end of file, next line.
fn is_layout(c: char) -> bool {
    matches!(c, '\t'..='\r' | '\u{1a}' | '\u{85}')
}

/// UTF-16 without byte order mark, if zero bytes show it beyond doubt: in Latin
/// script nearly all of the high bytes are zero, and hardly any low byte.
fn utf16_without_mark(bytes: &[u8]) -> Option<Encoding> {
    let (pairs, _) = bytes[..bytes.len().min(SAMPLE_BYTES)].as_chunks::<2>();
    let zeros = |at: usize| pairs.iter().filter(|pair| pair[at] == 0).count();
    let units = pairs.len() as f64;
    let is_high = |zeros: usize| zeros >= 2 && zeros as f64 >= UTF16_ZERO_SHARE * units;
    let is_low = |zeros: usize| zeros as f64 <= UTF16_STRAY_SHARE * units;
    let (first, second) = (zeros(0), zeros(1));
    if is_high(second) && is_low(first) {
        Some(Encoding::Utf16Le)
    } else if is_high(first) && is_low(second) {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

/// True if `bytes`, which are not valid UTF-8, hold at least as many characters
/// of several bytes as bad bytes. In Windows-1252 such sequences (a capital with
/// accent followed by a symbol) hardly occur.
fn is_broken_utf8(bytes: &[u8]) -> bool {
    let (mut characters, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        characters += chunk.valid().bytes().filter(|&b| b >= 0xC0).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    characters >= bad
}

/// Name of the encoding if the text is clearly not of Latin script.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    let sample = &bytes[..bytes.len().min(SAMPLE_BYTES)];
    let high = sample.iter().filter(|b| !b.is_ascii()).count();
    if high < FOREIGN_BYTES || (high as f64) < FOREIGN_SHARE * sample.len() as f64 {
        return None;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    (guess != WINDOWS_1252).then(|| guess.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf16_without_mark_is_only_taken_for_it_beyond_doubt() {
        let long: Vec<u8> =
            "Ā page of text, nothing else. ".repeat(9).encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(utf16_without_mark(&long), None, "too many of one kind may be data");
        assert_eq!(utf16_without_mark(&long[2..60]), Some(Encoding::Utf16Le));
        assert_eq!(utf16_without_mark(&long[1..60]), Some(Encoding::Utf16Be));
        for data in [&[0; 64][..], b"name\0other name\0", b"a\0", b"\0\0\0a\0\0\0b\0\0\0c"] {
            assert_eq!(utf16_without_mark(data), None, "{data:?}");
        }
    }

    #[test]
    fn a_few_sequences_that_look_like_utf8_do_not_make_it_broken_utf8() {
        assert!(!is_broken_utf8(b"\xA35 and \xA36; FR\xDC\x94 says he"), "one pair, two lone bytes");
        assert!(is_broken_utf8("£5, £6 and £".as_bytes().split_last().unwrap().1));
    }

    #[test]
    fn every_signature_is_refused_and_words_like_it_are_not() {
        for (signature, kind) in SIGNATURES {
            assert_eq!(detect(signature), Err(DecodeError::OtherFormat { kind }));
        }
        assert!(detect(b"PDF-").is_ok());
    }
}
