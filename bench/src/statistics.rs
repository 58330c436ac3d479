//! Medians, and whether two samples can be told apart.

use std::time::Duration;

/// The level at which three comparisons together find a difference where there is none in 5 of 100 runs: 0.05 / 3.
pub const LEVEL: f64 = 0.05 / 3.0;
/// The normal distribution's quantiles for that level, both sides, and for 90 % power.
const LEVEL_QUANTILE: f64 = 2.394;
const POWER_QUANTILE: f64 = 1.2816;

/// Times, in milliseconds.
#[derive(Clone, Debug, Default)]
pub struct Sample(Vec<f64>);

/// A time in milliseconds.
#[must_use]
pub fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

impl Sample {
    /// Takes one in.
    pub fn add(&mut self, time: f64) {
        let place = self.0.partition_point(|other| *other < time);
        self.0.insert(place, time);
    }

    /// How many.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// In ascending order.
    #[must_use]
    pub fn sorted(&self) -> &[f64] {
        &self.0
    }

    /// The median; NaN where there is none.
    #[must_use]
    pub fn median(&self) -> f64 {
        self.percentile(50)
    }

    /// The least time that so many of a hundred do not exceed; NaN where there is none.
    #[must_use]
    pub fn percentile(&self, percent: usize) -> f64 {
        let rank = (self.0.len() * percent).div_ceil(100);
        self.0.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
    }

    /// How likely one of these, made longer by a shift, exceeds one of the others.
    fn exceeds(&self, shift: f64, other: &Self) -> f64 {
        let below = |time: &f64| {
            let less = other.0.partition_point(|it| *it < time + shift);
            let not_more = other.0.partition_point(|it| *it <= time + shift);
            number(less + not_more) / 2.0
        };
        self.0.iter().map(below).sum::<f64>() / (number(self.0.len()) * number(other.0.len()))
    }
}

fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::NAN, f64::from)
}

/// The Mann-Whitney test of two samples.
#[derive(Clone, Copy, Debug)]
pub struct Comparison {
    /// How likely one of the first exceeds one of the second; 0.5 where they are alike.
    pub exceeds: f64,
    /// How many standard errors that is from 0.5.
    pub z: f64,
    /// How often chance alone goes as far.
    pub p: f64,
    /// The smallest shift, in milliseconds, that the test would have found with 90 % power (Noether 1987).
    pub smallest_shift: f64,
}

impl Comparison {
    /// Compares two samples.
    #[must_use]
    pub fn new(first: &Sample, second: &Sample) -> Self {
        let exceeds = first.exceeds(0.0, second);
        let error = standard_error(first.count(), second.count());
        let z = (exceeds - 0.5) / error;
        Self {
            exceeds,
            z,
            p: libm::erfc(z.abs() / std::f64::consts::SQRT_2),
            smallest_shift: shift_that_exceeds(second, 0.5 + (LEVEL_QUANTILE + POWER_QUANTILE) * error),
        }
    }

    /// Are they told apart?
    #[must_use]
    pub fn differ(&self) -> bool {
        self.p < LEVEL
    }
}

fn standard_error(first: usize, second: usize) -> f64 {
    let (first, second) = (number(first), number(second));
    ((first + second + 1.0) / (12.0 * first * second)).sqrt()
}

/// By halving: the further one is shifted, the more often it exceeds.
fn shift_that_exceeds(sample: &Sample, share: f64) -> f64 {
    let (mut low, mut high) = (0.0, sample.percentile(100));
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        if sample.exceeds(middle, sample) < share { low = middle } else { high = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(times: impl IntoIterator<Item = u32>) -> Sample {
        let mut sample = Sample::default();
        times.into_iter().for_each(|time| sample.add(f64::from(time)));
        sample
    }

    fn near(found: f64, wanted: f64) -> bool {
        (found - wanted).abs() < 1e-3
    }

    #[test]
    fn percentiles_are_times_of_the_sample() {
        let sample = sample([5, 1, 4, 2, 3]);
        assert!(near(sample.median(), 3.0));
        assert!(near(sample.percentile(99), 5.0));
        assert!(Sample::default().median().is_nan());
    }

    #[test]
    fn the_statistic_is_that_of_a_textbook_example() {
        // Aesop's race: tortoises (T) and hares (H) arrive as T H H H H H T T T T T H; U is 11 of 36 for one side.
        let (tortoises, hares) = (sample([1, 7, 8, 9, 10, 11]), sample([2, 3, 4, 5, 6, 12]));
        let comparison = Comparison::new(&hares, &tortoises);
        assert!(near(comparison.exceeds, 11.0 / 36.0));
        assert!(near(comparison.z, (11.0 - 18.0) / 39f64.sqrt()));
        assert!(near(comparison.p, 0.2623));
        assert!(!comparison.differ());
    }

    #[test]
    fn a_shift_of_the_smallest_size_and_more_is_found() {
        let before = sample((0..2000).map(|number| number * 7919 % 2000));
        let shift = Comparison::new(&before, &before).smallest_shift;
        assert!(shift > 10.0 && shift < 200.0, "{shift}");
        let mut after = Sample::default();
        before.sorted().iter().for_each(|time| after.add(time + shift));
        let comparison = Comparison::new(&after, &before);
        let off = comparison.z - (LEVEL_QUANTILE + POWER_QUANTILE);
        assert!(comparison.differ() && off.abs() < 0.1, "{comparison:?}");
    }
}
