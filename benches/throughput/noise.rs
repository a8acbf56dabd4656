//! Noise as scanners make it: a text is misread at a given rate, from a seed.

/// What is printed, and what it is often taken for. Longest first where one begins another.
const MISREADINGS: [(&str, &[&str]); 24] = [
    ("rn", &["m"]),
    ("li", &["h"]),
    ("cl", &["d"]),
    ("fi", &["ﬁ", "h"]),
    ("m", &["rn", "nn", "in"]),
    ("h", &["b", "li", "k"]),
    ("e", &["c", "o"]),
    ("a", &["n", "u", "o"]),
    ("o", &["c", "0", "e"]),
    ("n", &["u", "ri", "ii"]),
    ("u", &["n", "ii"]),
    ("i", &["l", "1", "t"]),
    ("l", &["1", "i", "I"]),
    ("t", &["l", "f", "c"]),
    ("f", &["t", "r"]),
    ("s", &["a", "8", "."]),
    ("r", &["v", "i"]),
    ("c", &["e", "o"]),
    ("w", &["vv", "tv"]),
    ("d", &["cl", "il"]),
    ("b", &["h", "6"]),
    ("g", &["q", "y", "9"]),
    (" ", &["", "  ", " ."]),
    (",", &[".", ""]),
];

/// SplitMix64 (Steele, Lea and Flood 2014).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
}

/// `text` with about `percent` of its characters misread, one in ten of these
/// torn from its neighbor by a blank.
pub(crate) fn misread(text: &str, percent: usize, random: &mut Random) -> String {
    let mut noisy = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        if random.below(100) >= percent {
            noisy.push(c);
        } else if c.is_alphabetic() && random.below(10) == 0 {
            noisy.extend([c, ' ']);
        } else if let Some((printed, readings)) = MISREADINGS.iter().find(|(printed, _)| rest.starts_with(printed)) {
            noisy.push_str(readings[random.below(readings.len())]);
            length = printed.len();
        } else {
            noisy.push(c);
        }
        rest = &rest[length..];
    }
    noisy
}
