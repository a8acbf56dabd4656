//! The `scanno` command: parse, run, exit code.
fn main() {}
