//! How far confidence is to be believed in a collection: a straight line
//! between log-odds (Platt 1999), fitted with a strong belief that nothing is
//! to be moved.
//!
//! Only where the pages show that the program is too sure is it made less so.
//! The levels stand right above steps of the accept model's own calibration:
//! a move upwards, however small, takes all the changes of a step over the
//! threshold at once. On the judging sets that broke up to half as many right words more.

use crate::model::accept::{Calibration, log_odds};
use crate::model::cost::{exp, ln, logistic};

/// A change of which is known whether it is right.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    /// Confidence, 0..1.
    pub(super) confidence: f64,
    pub(super) is_right: bool,
    /// What it counts.
    pub(super) weight: f64,
}

/// How far collections differ: standard deviation, in nats, of what is to be
/// added to log-odds, and of their factor. Between the judging sets the shift
/// is about a third of a nat.
const SHIFT_SPREAD: f64 = 0.3;
const SCALE_SPREAD: f64 = 0.1;
/// Log-odds at which it is asked whether confidence is too high: those of the default level, about.
const ASKED: f64 = 1.0;
/// Standard deviations of what is not known by which it must be so.
const SURE: f64 = 1.0;
/// Steps of Newton's method, at most; it has converged after five or six, after twenty where much speaks against much.
const STEPS: usize = 100;
/// What a step must promise to gain to be worth taking, as a share of what there is, in nats: less is rounding, and
/// far below what three decimals of the map show.
const WORTHWHILE: f64 = 1e-12;
/// Share of what the slope promises that a step has to keep, or it is halved (Armijo 1966).
const KEPT: f64 = 0.1;

/// The likeliest map, given `answers` and what is believed beforehand, if it
/// lowers confidence for certain; else none.
pub(super) fn fit(answers: &[Answer]) -> Calibration {
    let likeliest = Likeliest::of(answers);
    let [shift, scale] = likeliest.map;
    if shift + (scale - 1.0) * ASKED > -SURE * likeliest.spread {
        return Calibration::default();
    }
    let rounded = |x: f64| (x * 1000.0).round() / 1000.0;
    Calibration { shift: rounded(shift.clamp(-2.0, 2.0)), scale: rounded(scale.clamp(0.5, 2.0)) }
}

/// The mode of the posterior distribution of maps.
struct Likeliest {
    /// Shift and scale.
    map: [f64; 2],
    /// Standard deviation of what it makes of log-odds of [`ASKED`].
    spread: f64,
}

impl Likeliest {
    /// The posterior has one mode, but where many answers contradict a high
    /// confidence it is so flat there that an undamped step leads far beyond it.
    fn of(answers: &[Answer]) -> Self {
        let answers: Vec<(f64, f64, f64)> = answers
            .iter()
            .filter(|a| a.confidence > 0.0 && a.confidence < 1.0)
            .map(|a| (log_odds(a.confidence), f64::from(u8::from(a.is_right)), a.weight))
            .collect();
        let mut map = [0.0, 1.0];
        let mut here = Place::at(map, &answers);
        for _ in 0..STEPS {
            let step = here.step();
            let promised = step[0] * here.slope[0] + step[1] * here.slope[1];
            let least = WORTHWHILE * (1.0 + here.value.abs());
            if promised < least {
                break;
            }
            let mut share = 1.0;
            (map, here) = loop {
                let next = [map[0] + share * step[0], map[1] + share * step[1]];
                let there = Place::at(next, &answers);
                if there.value >= here.value + KEPT * share * promised || share * promised < least {
                    break (next, there);
                }
                share /= 2.0;
            };
        }
        Self { map, spread: here.spread() }
    }
}

/// The logarithm of the posterior density at one map, but for a constant, with
/// its first and its negative second derivatives.
struct Place {
    value: f64,
    slope: [f64; 2],
    curve: [f64; 3],
}

impl Place {
    fn at([shift, scale]: [f64; 2], answers: &[(f64, f64, f64)]) -> Self {
        let (prior_shift, prior_scale) = (SHIFT_SPREAD.powi(-2), SCALE_SPREAD.powi(-2));
        let moved = scale - 1.0;
        let mut value = -0.5 * (prior_shift * shift * shift + prior_scale * moved * moved);
        let (mut g0, mut g1) = (-prior_shift * shift, -prior_scale * moved);
        let (mut h00, mut h01, mut h11) = (prior_shift, 0.0, prior_scale);
        for &(x, right, weight) in answers {
            let odds = shift + scale * x;
            let p = logistic(odds);
            let (error, curve) = (weight * (right - p), weight * p * (1.0 - p));
            value += weight * (right * odds - softplus(odds));
            g0 += error;
            g1 += error * x;
            h00 += curve;
            h01 += curve * x;
            h11 += curve * x * x;
        }
        Self { value, slope: [g0, g1], curve: [h00, h01, h11] }
    }

    fn determinant(&self) -> f64 {
        let [h00, h01, h11] = self.curve;
        h00 * h11 - h01 * h01
    }

    /// Newton's step from here.
    fn step(&self) -> [f64; 2] {
        let ([g0, g1], [h00, h01, h11]) = (self.slope, self.curve);
        [(h11 * g0 - h01 * g1) / self.determinant(), (h00 * g1 - h01 * g0) / self.determinant()]
    }

    fn spread(&self) -> f64 {
        let [h00, h01, h11] = self.curve;
        ((h11 - 2.0 * ASKED * h01 + ASKED * ASKED * h00) / self.determinant()).sqrt()
    }
}

/// ln(1 + e^x).
fn softplus(x: f64) -> f64 {
    x.max(0.0) + ln(1.0 + exp(-x.abs()))
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::{any, prop_assert, proptest};

    use super::*;

    fn answers(confidence: f64, right: usize, wrong: usize) -> Vec<Answer> {
        let answer = |is_right| Answer { confidence, is_right, weight: 1.0 };
        [vec![answer(true); right], vec![answer(false); wrong]].concat()
    }

    #[test]
    fn what_is_as_right_as_it_says_stays() {
        let fitted = fit(&[answers(0.75, 75, 25), answers(0.5, 50, 50)].concat());
        assert_eq!(fitted, Calibration::default());
        assert_eq!(fit(&[]), Calibration::default());
    }

    #[test]
    fn much_evidence_moves_it_and_little_hardly_does() {
        let few = fit(&answers(0.75, 2, 2));
        let many = fit(&answers(0.75, 500, 500));
        assert!(many.apply(0.75) < 0.55, "{many:?}");
        assert_eq!(few, Calibration::default());
        assert!((0.6..0.75).contains(&fit(&answers(0.75, 20, 20)).apply(0.75)));
        assert_eq!(fit(&answers(0.75, 990, 10)), Calibration::default(), "it is made no bolder");
    }

    #[test]
    fn strong_evidence_is_not_ignored() {
        let mut before = 0.986;
        for rejected in [3, 40, 60, 200, 5000, 100_000] {
            let after = fit(&answers(0.986, 0, rejected)).apply(0.986);
            assert!(after <= before, "{rejected}: {after} after {before}");
            before = after;
        }
        assert!(before < 0.6, "{before}");
    }

    /// How far `map` lies from what is believed beforehand, in its standard deviations, squared.
    fn moved([shift, scale]: [f64; 2]) -> f64 {
        (shift / SHIFT_SPREAD).powi(2) + ((scale - 1.0) / SCALE_SPREAD).powi(2)
    }

    proptest! {
        /// The mode of a likelihood's power times a normal prior moves away from the prior as the power grows.
        #[test]
        fn more_of_the_same_evidence_never_moves_less(
            seen in vec((0.0001_f64..0.9999, any::<bool>(), 0.1_f64..3.0), 1..40),
            times in 2_u32..500,
        ) {
            let evidence = |times: u32| -> Vec<Answer> {
                let answer = |&(confidence, is_right, weight)| {
                    Answer { confidence, is_right, weight: weight * f64::from(times) }
                };
                seen.iter().map(answer).collect()
            };
            let once = Likeliest::of(&evidence(1));
            let often = Likeliest::of(&evidence(times));
            prop_assert!(moved(often.map) >= moved(once.map) - 1e-6, "{:?} {:?}", once.map, often.map);
        }

        /// The same of what comes out, where one confidence alone is judged.
        #[test]
        fn more_rejections_never_leave_more_confidence(
            confidence in 0.2_f64..0.9999,
            (right, wrong) in (0_usize..20, 1_usize..20),
            times in 2_usize..200,
        ) {
            let after = |times| fit(&answers(confidence, right * times, wrong * times)).apply(confidence);
            prop_assert!(after(times) <= after(1) + 1e-3, "{} after {}", after(times), after(1));
        }
    }
}
