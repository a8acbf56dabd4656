//! The files of a dictionary: how they are written.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// zstd's level for files that are written once and kept in the repository.
const ZSTD_LEVEL: i32 = 19;

/// The sums of a folder's files, as `sha256sum -c` reads them.
pub(super) const SUMS: &str = "SHA256SUMS";

/// A text file being written: comment lines, then rows.
pub(super) struct Table {
    name: &'static str,
    text: String,
    rows: usize,
}

impl Table {
    /// A table whose comment is `header`. A name in `.zst` compresses.
    pub(super) fn new(name: &'static str, header: &str) -> Self {
        let mut text = String::new();
        for line in header.lines() {
            let _ = writeln!(text, "# {line}");
        }
        Self { name, text, rows: 0 }
    }

    /// Adds a row.
    pub(super) fn row(&mut self, row: std::fmt::Arguments<'_>) {
        let _ = writeln!(self.text, "{row}");
        self.rows += 1;
    }

    /// Writes the file and tells its line for [`SUMS`].
    pub(super) fn write(self, folder: &Path) -> Result<String> {
        let path = folder.join(self.name);
        let bytes = if self.name.ends_with(".zst") {
            zstd::encode_all(self.text.as_bytes(), ZSTD_LEVEL)?
        } else {
            self.text.clone().into_bytes()
        };
        fs::write(&path, &bytes).with_context(|| format!("cannot write {}", path.display()))?;
        let gzipped = {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            std::io::Write::write_all(&mut encoder, self.text.as_bytes())?;
            encoder.finish()?.len()
        };
        eprintln!(
            "{:26} {:>9} rows {:>11} bytes of text {:>10} gzipped {:>10} bytes as written",
            self.name,
            self.rows,
            self.text.len(),
            gzipped,
            bytes.len()
        );
        Ok(format!("{:x}  {}\n", Sha256::digest(&bytes), self.name))
    }
}
