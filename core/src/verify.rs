use alloc::borrow::Cow;
use alloc::vec::Vec;
use subtle::Choice;
use thiserror::Error;

use crate::matching::{FirstMatch, first_that_holds};
use crate::texts::Message;
use crate::{Code, Device, Position, UnixTime, VerifyWindow};

/// A code was accepted: where the device stands from now on. Store it before anybody is let in.
#[must_use = "an accepted counter that is not stored can be used again"]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The counter or time step that matched.
    pub counter: u64,
    /// The device's new position: `counter` accepted, and the drift it shows.
    pub position: Position,
}

/// Why a code was not accepted. Ordered: the later one tells more where several devices were asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Error)]
#[error("{}", self.message())]
pub enum Refusal {
    /// The device's codes have another length. Not counted as a wrong code.
    WrongLength,
    /// No counter in the window has this code.
    Wrong,
    /// The code is the device's, but at or below the last accepted counter. Not counted as a wrong code.
    AlreadyUsed,
}

impl Message for Refusal {
    fn message(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::WrongLength => "the device's codes have another length",
            Self::Wrong => "wrong code",
            Self::AlreadyUsed => "already used: wait for the next code",
        })
    }
}

/// Verifies one code of one device (RFC 4226 §7.2, RFC 6238 §5.2). Constant time over the candidates.
///
/// TOTP: the steps within the window around now + drift. HOTP: the look-ahead window past the last accepted counter, and as
/// many counters before it, only to tell a used code from a wrong one. Where several match, the lowest is taken.
///
/// Costs two compressions for each candidate: with the default window 3 steps (13 at most for the first code after a pair) or 20
/// counters.
///
/// # Errors
/// [`Refusal`] says why; the device's position stays as it is.
pub fn verify(
    device: &Device,
    code: &Code,
    now: UnixTime,
    window: VerifyWindow,
) -> Result<Accepted, Refusal> {
    Search::new(device, code, now, window).outcome(device, now)
}

/// Verifies one code against all devices of an account; the index says whose code it was. Every device is looked at whatever
/// the others say, so that the time tells nothing.
///
/// # Errors
/// The most telling [`Refusal`]: already used before wrong before a wrong length. Without any device it is a wrong code.
pub fn verify_any(
    devices: &[Device],
    code: &Code,
    now: UnixTime,
    window: VerifyWindow,
) -> Result<(usize, Accepted), Refusal> {
    let searches: Vec<_> = devices.iter().map(|device| Search::new(device, code, now, window)).collect();
    let mut most_telling = None;
    for (index, (device, search)) in devices.iter().zip(&searches).enumerate() {
        match search.outcome(device, now) {
            Ok(accepted) => return Ok((index, accepted)),
            Err(refusal) => most_telling = most_telling.max(Some(refusal)),
        }
    }
    Err(most_telling.unwrap_or(Refusal::Wrong))
}

/// What all candidates of a device say about a code, before anything branches on it.
struct Search {
    wrong_length: Choice,
    fresh: FirstMatch,
    used: Choice,
}

impl Search {
    /// Looks at every candidate, used ones and a code of the wrong length too, so that all refusals take the same time.
    fn new(device: &Device, code: &Code, now: UnixTime, window: VerifyWindow) -> Self {
        let candidates = window.candidates(device, now);
        let mut fresh = FirstMatch::none(*candidates.start());
        let mut used = Choice::from(0);
        device.for_each_value(candidates, |counter, value| {
            let matches = code.has_value(value);
            let is_fresh = Choice::from(u8::from(device.position.is_fresh(counter)));
            fresh.look_at(counter, matches & is_fresh);
            used |= matches & !is_fresh;
        });
        let wrong_length = Choice::from(u8::from(code.digits() != device.parameters.digits));
        Self { wrong_length, fresh, used }
    }

    fn outcome(&self, device: &Device, now: UnixTime) -> Result<Accepted, Refusal> {
        let (counter, drift) = (self.fresh.counter_or_any(), device.position.drift);
        let position = device.position_after(counter, |steps| drift.after_code(steps, counter, now));
        first_that_holds(
            [
                (self.wrong_length, Err(Refusal::WrongLength)),
                (self.fresh.found(), Ok(Accepted { counter, position })),
                (self.used, Err(Refusal::AlreadyUsed)),
            ],
            Err(Refusal::Wrong),
        )
    }
}
