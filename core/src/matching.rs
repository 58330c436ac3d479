use subtle::{Choice, ConditionallySelectable};

/// The first of several candidates that matches, found without a branch on whether one does.
pub(crate) struct FirstMatch {
    counter: u64,
    found: Choice,
}

impl FirstMatch {
    pub(crate) fn none() -> Self {
        Self { counter: 0, found: Choice::from(0) }
    }

    /// Takes one more candidate in.
    pub(crate) fn look_at(&mut self, counter: u64, matches: Choice) {
        self.counter.conditional_assign(&counter, matches & !self.found);
        self.found |= matches;
    }

    /// The counter that matched. Only here does a branch tell: ask once all candidates were looked at.
    pub(crate) fn reveal(&self) -> Option<u64> {
        bool::from(self.found).then_some(self.counter)
    }
}
