//! How good is a cleaned text, given the truth?
