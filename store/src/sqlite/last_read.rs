//! What was read last, so that a sign-in's answer, which comes a moment after its beginning, does not read account, devices and throttle again.
//!
//! It counts as long as the connection has changed nothing: whoever has the store open has it alone.

use keyfob_core::{AccountName, Throttle};

use crate::{Account, AccountId, Device, Purpose};

/// Most that is remembered of a kind.
const MOST: usize = 4;

/// What was read since the last change.
#[derive(Debug, Default)]
pub(super) struct LastRead {
    changes: u64,
    pub(super) accounts: Remembered<AccountName, Option<Account>>,
    pub(super) devices: Remembered<AccountId, Vec<Device>>,
    pub(super) throttles: Remembered<(AccountId, Purpose), Throttle>,
}

impl LastRead {
    /// Forgets what was read before the connection has changed so many rows.
    pub(super) fn forget_before(&mut self, changes: u64) {
        if self.changes != changes {
            *self = Self { changes, ..Self::default() };
        }
    }
}

/// Answers by what was asked.
#[derive(Debug)]
pub(super) struct Remembered<K, V>(Vec<(K, V)>);

impl<K, V> Default for Remembered<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: PartialEq, V: Clone> Remembered<K, V> {
    pub(super) fn find(&self, key: &K) -> Option<V> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone())
    }

    pub(super) fn keep(&mut self, key: K, value: V) {
        if self.0.len() == MOST {
            self.0.clear();
        }
        self.0.push((key, value));
    }
}
