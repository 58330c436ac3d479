use core::hint::black_box;
use subtle::{Choice, ConditionallySelectable};

/// The first of several candidates that matches, found without a branch on whether one does.
pub(crate) struct FirstMatch {
    counter: u64,
    found: Choice,
}

impl FirstMatch {
    /// `counter` is any candidate: it stands for the match while there is none.
    pub(crate) fn none(counter: u64) -> Self {
        Self { counter, found: Choice::from(0) }
    }

    /// Takes one more candidate in.
    pub(crate) fn look_at(&mut self, counter: u64, matches: Choice) {
        self.counter.conditional_assign(&counter, matches & !self.found);
        self.found |= matches;
    }

    /// What `compute` makes of the counter that matched. It computes whether or not one did; only then a branch tells.
    pub(crate) fn reveal<T>(&self, compute: impl FnOnce(u64) -> T) -> Option<T> {
        let mut computed = Some(compute(self.counter));
        // Without the black box the compiler may move the computation into the branch.
        black_box(&mut computed);
        if !bool::from(self.found) {
            computed = None;
        }
        computed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_of(matches: [u8; 4]) -> Option<u64> {
        let mut first = FirstMatch::none(10);
        for (counter, matches) in (10..).zip(matches) {
            first.look_at(counter, Choice::from(matches));
        }
        first.reveal(|counter| counter)
    }

    #[test]
    fn the_first_of_several_matches_counts() {
        assert_eq!(first_of([0, 0, 0, 0]), None);
        assert_eq!(first_of([1, 0, 0, 0]), Some(10));
        assert_eq!(first_of([0, 1, 0, 1]), Some(11));
        assert_eq!(first_of([1, 1, 1, 1]), Some(10));
        assert_eq!(first_of([0, 0, 0, 1]), Some(13));
    }
}
