//! Pages that are nearly clean, made from clean ones: real errors are too many
//! on real pages to learn from them what a page with three errors looks like.

use scanno::model::confusion::Counts;

/// Deterministic random numbers (SplitMix64, Steele et al. 2014).
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in 0..1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Errors of each kind, as shares of the words: characters misread, a blank
/// lost, a blank added, a hyphen lost. About half of what a good scan has.
const RATES: [f64; 4] = [0.012, 0.002, 0.002, 0.25];

/// `text` with a few errors, drawn from `counts` as often as they were counted.
pub fn add(text: &str, counts: &Counts, random: &mut Random) -> String {
    // Errors within words, by what was meant.
    let usable: Vec<_> = counts
        .rewrites
        .iter()
        .filter(|r| {
            !r.intended.is_empty()
                && r.count >= 3
                && !r.observed.contains(['^', '$'])
                && !r.intended.contains(['^', '$'])
        })
        .collect();
    let total: f64 = usable.iter().map(|r| f64::from(r.count)).sum();
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive(char::is_whitespace) {
        let letters = word.trim_end();
        let blank = &word[letters.len()..];
        let draw = random.unit();
        let mut word = letters.to_owned();
        if draw < RATES[0] {
            // Draw rewrites until one fits somewhere.
            for _ in 0..50 {
                let mut at = random.unit() * total;
                let Some(r) = usable.iter().find(|r| {
                    at -= f64::from(r.count);
                    at < 0.0
                }) else {
                    continue;
                };
                let places: Vec<usize> = word.match_indices(&r.intended).map(|m| m.0).collect();
                if !places.is_empty() {
                    let place = places[(random.unit() * places.len() as f64) as usize];
                    word.replace_range(place..place + r.intended.len(), &r.observed);
                    break;
                }
            }
        } else if draw < RATES[0] + RATES[2] && word.len() > 4 && word.bytes().all(|b| b.is_ascii_alphabetic()) {
            let at = 1 + (random.unit() * (word.len() - 1) as f64) as usize;
            word.insert(at, ' ');
        }
        let hyphen = word.find('-').filter(|&h| {
            let around = |c: Option<char>| c.is_some_and(char::is_alphabetic);
            around(word[..h].chars().next_back()) && around(word[h + 1..].chars().next())
        });
        if let Some(h) = hyphen
            && random.unit() < RATES[3]
        {
            word.remove(h);
        }
        out.push_str(&word);
        let joins = word.ends_with(|c: char| c.is_ascii_lowercase()) && blank == " ";
        if !(joins && random.unit() < RATES[1]) {
            out.push_str(blank);
        }
    }
    out
}
