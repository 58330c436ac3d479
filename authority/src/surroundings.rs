use std::time::{SystemTime, UNIX_EPOCH};

use keyfob_core::UnixTime;

use crate::{NameService, SystemNameService, Unusable};

/// What the time is.
pub trait Clock {
    /// Now.
    fn now(&self) -> UnixTime;
}

/// Where random bytes come from.
pub trait Randomness {
    /// Fills `bytes`.
    ///
    /// # Errors
    /// [`Unusable::Randomness`] where the system gives none.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Unusable>;
}

/// What the acts need of the machine they run on.
pub struct Surroundings {
    /// The clock.
    pub clock: Box<dyn Clock>,
    /// Randomness.
    pub randomness: Box<dyn Randomness>,
    /// Accounts.
    pub names: Box<dyn NameService>,
}

impl Surroundings {
    /// This machine's own.
    #[must_use]
    pub fn system() -> Self {
        Self {
            clock: Box::new(SystemClock),
            randomness: Box::new(SystemRandomness),
            names: Box::new(SystemNameService),
        }
    }
}

struct SystemClock;

impl Clock for SystemClock {
    /// A clock before 1970 reads 1970.
    #[allow(clippy::disallowed_methods, reason = "this is where the clock is read")]
    fn now(&self) -> UnixTime {
        UnixTime(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()))
    }
}

struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Unusable> {
        getrandom::fill(bytes).map_err(|error| Unusable::Randomness(error.to_string()))
    }
}
