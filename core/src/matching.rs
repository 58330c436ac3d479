use alloc::vec::Vec;
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
        // As numbers: each operation of a `Choice` is a call that nothing can be inlined into.
        let (is_new, found) = (matches.unwrap_u8(), self.found.unwrap_u8());
        self.counter.conditional_assign(&counter, Choice::from(is_new & (found ^ 1)));
        self.found = Choice::from(is_new | found);
    }

    /// The counter that matched; any candidate where none did, so that what a match implies is computed either way.
    pub(crate) fn counter_or_any(&self) -> u64 {
        self.counter
    }

    pub(crate) fn found(&self) -> Choice {
        self.found
    }
}

/// The outcome of the first condition that holds, `otherwise` where none does. All outcomes stand in a row before, and one is read by its
/// place, without a branch: the first to branch on it is who asked.
pub(crate) fn first_that_holds<T: Copy, const N: usize>(conditions: [(Choice, T); N], otherwise: T) -> T {
    let always = Choice::from(1);
    let mut row = Vec::with_capacity(N + 1);
    row.extend(conditions);
    row.push((always, otherwise));
    let mut first = FirstMatch::none(0);
    for (place, (holds, _)) in (0..).zip(&row) {
        first.look_at(place, *holds);
    }
    // The black box keeps the compiler from turning places back into branches.
    let place = usize::try_from(black_box(first.counter));
    place.ok().and_then(|place| row.get(place)).map_or(otherwise, |(_, outcome)| *outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_of(matches: [u8; 4]) -> Option<u64> {
        let mut first = FirstMatch::none(10);
        for (counter, matches) in (10..).zip(matches) {
            first.look_at(counter, Choice::from(matches));
        }
        first_that_holds([(first.found(), Some(first.counter_or_any()))], None)
    }

    #[test]
    fn the_first_of_several_matches_counts() {
        assert_eq!(first_of([0, 0, 0, 0]), None);
        assert_eq!(first_of([1, 0, 0, 0]), Some(10));
        assert_eq!(first_of([0, 1, 0, 1]), Some(11));
        assert_eq!(first_of([1, 1, 1, 1]), Some(10));
        assert_eq!(first_of([0, 0, 0, 1]), Some(13));
    }

    #[test]
    fn the_first_condition_that_holds_decides() {
        for (holds, expected) in
            [([0, 0, 0], 'd'), ([0, 0, 1], 'c'), ([0, 1, 1], 'b'), ([1, 0, 1], 'a'), ([1, 1, 1], 'a')]
        {
            let [a, b, c] = holds.map(Choice::from);
            assert_eq!(first_that_holds([(a, 'a'), (b, 'b'), (c, 'c')], 'd'), expected);
        }
    }
}
