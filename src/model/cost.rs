//! [`Cost`]: negative log-probabilities as integers, so that every machine
//! computes the same sums.
//!
//! The transcendental functions of a platform's math library may differ in the
//! last bit; those below use the four basic operations only, which IEEE 754
//! fixes exactly.

use std::sync::LazyLock;

/// −ln P in hundredths of a nat.
pub type Cost = i32;

/// One nat.
pub const NAT: Cost = 100;

/// The cost of what practically never happens; small enough that sums of a
/// few thousand do not overflow.
pub const IMPOSSIBLE: Cost = 500_000;

/// Natural logarithm of a positive, finite, normal number, by the series of
/// artanh; error below 1e-12.
#[must_use]
pub fn ln(x: f64) -> f64 {
    debug_assert!(x.is_normal() && x > 0.0, "logarithm of {x}");
    let bits = x.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i64 - 1023;
    let mantissa = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000);
    let z = (mantissa - 1.0) / (mantissa + 1.0);
    let square = z * z;
    // z ≤ 1/3, so 15 terms leave less than 9^-15.
    let series = (0..15).rev().fold(0.0, |sum, k| sum * square + 1.0 / f64::from(2 * k + 1));
    2.0 * z * series + exponent as f64 * std::f64::consts::LN_2
}

/// e^x for |x| < 700, by halving the argument and squaring back.
#[must_use]
pub fn exp(x: f64) -> f64 {
    let halvings = 10;
    let small = x.clamp(-700.0, 700.0) / f64::from(1 << halvings);
    let series = (1..12).rev().fold(1.0, |sum, k| 1.0 + sum * small / f64::from(k));
    (0..halvings).fold(series, |power, _| power * power)
}

/// The logistic function 1 / (1 + e^−x).
#[must_use]
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

/// −ln `p` as a cost; `p` in (0, 1].
#[must_use]
pub fn cost_of(p: f64) -> Cost {
    (-ln(p.max(1e-300)) * f64::from(NAT)).round() as Cost
}

/// The probability 0..1 that `cost` stands for.
#[must_use]
pub fn probability_of(cost: Cost) -> f64 {
    exp(-f64::from(cost) / f64::from(NAT))
}

/// −ln(e^−a + e^−b): the cost of "a or b".
#[must_use]
pub fn either(a: Cost, b: Cost) -> Cost {
    /// ln(1 + e^−gap) as a cost, for gaps up to 8 nats; beyond, it is nothing.
    static DISCOUNTS: LazyLock<Vec<Cost>> = LazyLock::new(|| {
        let discount = |gap: Cost| ln(1.0 + exp(-f64::from(gap) / f64::from(NAT))) * f64::from(NAT);
        (0..=8 * NAT).map(|gap| discount(gap).round() as Cost).collect()
    });
    a.min(b) - DISCOUNTS.get(a.abs_diff(b) as usize).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_agree_with_the_standard_library() {
        for i in 1..2000 {
            let x = f64::from(i) * 0.037;
            assert!((ln(x) - x.ln()).abs() < 1e-11, "ln {x}");
            assert!((exp(x - 30.0) / (x - 30.0).exp() - 1.0).abs() < 1e-9, "exp {x}");
        }
        assert_eq!(cost_of(1.0), 0);
        assert_eq!(either(100, 100), 100 - 69);
        assert_eq!(either(0, 5000), 0);
    }
}
