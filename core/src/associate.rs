use thiserror::Error;

use crate::{Code, Device, Position, SyncRange, UnixTime};

/// Two consecutive codes showed where the device stands. Store it before telling anybody.
#[must_use = "an accepted counter that is not stored can be used again"]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Synchronised {
    /// The counter or time step of the second code.
    pub counter: u64,
    /// The device's new position: both codes are spent, the token's next one signs in.
    pub position: Position,
}

/// Why a pair of codes was not accepted. The device's position stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PairRefusal {
    /// One of the codes has another length than the device's codes. Not counted as a wrong code.
    #[error("the device's codes have another length")]
    WrongLength,
    /// The same code twice: the second has to be the one the token shows next. Not counted as a wrong code.
    #[error("the same code twice")]
    SameCode,
    /// At least one of the codes is not the device's, near or far.
    #[error("wrong codes")]
    Wrong,
    /// Both codes are the device's, but the second does not follow the first.
    #[error("the codes are not consecutive")]
    NotConsecutive,
    /// The codes are consecutive, but were spent before, or stand below one that was. Not counted as wrong codes.
    #[error("already used: wait for the next codes")]
    AlreadyUsed,
    /// The codes are consecutive, but too far from where the device should stand.
    #[error("the device's clock or counter is too far off")]
    TooFarOff,
}

/// Associates a device: finds the one position in the range where both codes stand at adjacent counters.
///
/// For a TOTP device the range lies around now, whatever drift was known before.
///
/// # Errors
/// [`PairRefusal`] says why.
pub fn associate(
    device: &Device,
    code1: &Code,
    code2: &Code,
    now: UnixTime,
    range: SyncRange,
) -> Result<Synchronised, PairRefusal> {
    todo!()
}

/// Resynchronises an associated device (RFC 4226 §7.4, RFC 6238 §6): as [`associate`], around now + drift.
///
/// # Errors
/// [`PairRefusal`] says why.
pub fn resynchronise(
    device: &Device,
    code1: &Code,
    code2: &Code,
    now: UnixTime,
    range: SyncRange,
) -> Result<Synchronised, PairRefusal> {
    todo!()
}
