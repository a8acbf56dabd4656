//! How far confidence is to be believed in a collection: a straight line
//! between log-odds (Platt 1999), fitted with a strong belief that nothing is
//! to be moved.
//!
//! Only where the pages show that the program is too sure is it made less so.
//! The levels stand right above steps of the accept model's own calibration:
//! a move upwards, however small, takes all the changes of a step over the
//! threshold at once. On the judging sets that broke up to half as many right words more.

use crate::model::accept::{Calibration, log_odds};
use crate::model::cost::logistic;

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
/// Steps of Newton's method; it has converged after five or six.
const STEPS: usize = 20;

/// The likeliest map, given `answers` and what is believed beforehand, if it
/// lowers confidence for certain; else none.
pub(super) fn fit(answers: &[Answer]) -> Calibration {
    let (prior_shift, prior_scale) = (SHIFT_SPREAD.powi(-2), SCALE_SPREAD.powi(-2));
    let answers: Vec<(f64, f64, f64)> = answers
        .iter()
        .filter(|a| a.confidence > 0.0 && a.confidence < 1.0)
        .map(|a| (log_odds(a.confidence), f64::from(u8::from(a.is_right)), a.weight))
        .collect();
    let (mut shift, mut scale) = (0.0, 1.0);
    let mut spread = 0.0;
    for _ in 0..STEPS {
        let (mut g0, mut g1) = (-prior_shift * shift, -prior_scale * (scale - 1.0));
        let (mut h00, mut h01, mut h11) = (prior_shift, 0.0, prior_scale);
        for &(x, right, weight) in &answers {
            let p = logistic(shift + scale * x);
            let (error, curve) = (weight * (right - p), weight * p * (1.0 - p));
            g0 += error;
            g1 += error * x;
            h00 += curve;
            h01 += curve * x;
            h11 += curve * x * x;
        }
        let determinant = h00 * h11 - h01 * h01;
        shift += (h11 * g0 - h01 * g1) / determinant;
        scale += (h00 * g1 - h01 * g0) / determinant;
        spread = ((h11 - 2.0 * ASKED * h01 + ASKED * ASKED * h00) / determinant).sqrt();
    }
    if shift + (scale - 1.0) * ASKED > -SURE * spread {
        return Calibration::default();
    }
    let rounded = |x: f64| (x * 1000.0).round() / 1000.0;
    Calibration { shift: rounded(shift.clamp(-2.0, 2.0)), scale: rounded(scale.clamp(0.5, 2.0)) }
}

#[cfg(test)]
mod tests {
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
}
