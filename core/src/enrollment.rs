use thiserror::Error;

use crate::{Code, Period, SerialNumber, UnixTime};

/// The steps that page and terminal share when a device is associated or resynchronised: serial number (twice for root) → first
/// code → wait for the next → second code → submit.
#[derive(Debug)]
pub struct Enrollment;

/// What to ask for or to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Ask for the Serial Number.
    SerialNumber,
    /// Ask for the Serial Number once more (for root).
    SerialNumberAgain,
    /// Ask for Authentication Code 1.
    FirstCode,
    /// Show the wait for the next code, in seconds; entering the second code is possible meanwhile.
    Wait(u64),
    /// Ask for Authentication Code 2.
    SecondCode,
    /// Everything is there: submit.
    Submit,
}

/// A mistake that can be seen without the secret. The step stays the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Mistake {
    /// The second code equals the first.
    #[error("that is the first code again: wait for the next one")]
    SameCode,
}

/// What an [`Enrollment`] collects.
#[derive(Debug)]
pub struct Submission {
    /// The device.
    pub serial: SerialNumber,
    /// Authentication Code 1.
    pub code1: Code,
    /// Authentication Code 2.
    pub code2: Code,
}

impl Enrollment {
    /// Starts. `for_root` asks for the serial number twice.
    #[must_use]
    pub fn new(for_root: bool) -> Self {
        todo!()
    }
}
