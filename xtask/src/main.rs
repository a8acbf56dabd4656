//! The project's own tools: `cargo xtask words` builds the dictionaries' text
//! files, `cargo xtask verify` checks them.

mod sources;

use anyhow::Result;
use clap::Parser;

/// Builds scanno's dictionaries and trains its models.
#[derive(Parser)]
enum Task {
    /// Build the text files of a dictionary from word lists and training text.
    Words(sources::Words),
    /// Check the text files of a dictionary: order, duplicates, form, sums.
    Verify(sources::Verify),
}

fn main() -> Result<()> {
    match Task::parse() {
        Task::Words(task) => task.run(),
        Task::Verify(task) => task.run(),
    }
}
