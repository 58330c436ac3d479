use alloc::borrow::Cow;
use core::ops::RangeInclusive;
use subtle::Choice;
use thiserror::Error;

use crate::matching::{FirstMatch, first_that_holds};
use crate::texts::Message;
use crate::{Code, Device, Drift, Position, SyncRange, UnixTime};

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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[error("{}", self.message())]
pub enum PairRefusal {
    /// One of the codes has another length than the device's codes. Not counted as a wrong code.
    WrongLength,
    /// The same code twice: the second has to be the one the token shows next. Not counted as a wrong code.
    SameCode,
    /// At least one of the codes is not the device's, near or far.
    Wrong,
    /// Both codes are the device's, but the second does not follow the first.
    NotConsecutive,
    /// The codes are consecutive, but were spent before, or stand below one that was. Not counted as wrong codes.
    AlreadyUsed,
    /// The codes are consecutive, but too far from where the device should stand.
    TooFarOff,
}

impl Message for PairRefusal {
    fn message(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::WrongLength => "the device's codes have another length: type both as the device shows them",
            Self::SameCode => "that is the same code twice: wait for the one that the device shows next",
            Self::Wrong => {
                "wrong codes: check the serial number, and type two codes as the device shows them in a row"
            }
            Self::NotConsecutive => {
                "the codes are not consecutive: type two as the device shows them in a row"
            }
            Self::AlreadyUsed => "these codes were already used: wait for the next ones",
            Self::TooFarOff => {
                "the device's clock or counter is too far off: check this machine's clock, or widen the policy's range"
            }
        })
    }
}

/// Associates a device: finds the one position in the range where both codes stand at adjacent counters.
///
/// For a TOTP device the range lies around now, whatever drift was known before.
///
/// Costs two compressions for each counter or step that is looked at: the range where the pair is accepted, twice the range where it
/// is not, for the reason. That is 5,770 with the default ±12 hours of 30 s steps, 345,610 at the very most (±1 day of 1 s steps).
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
    synchronise(device, [code1, code2], now, now.0.into(), range)
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
    synchronise(device, [code1, code2], now, device.position.drift.device_time(now), range)
}

fn synchronise(
    device: &Device,
    pair: [&Code; 2],
    now: UnixTime,
    centre: i128,
    range: SyncRange,
) -> Result<Synchronised, PairRefusal> {
    let [code1, code2] = pair;
    if pair.iter().any(|code| code.digits() != device.parameters.digits) {
        return Err(PairRefusal::WrongLength);
    }
    if code1.is_same_as(code2) {
        return Err(PairRefusal::SameCode);
    }
    let (accepted, searched) = (range.accepted(device, centre), range.searched(device, centre));
    let (start, end) = (*accepted.start(), *accepted.end());
    let mut search = PairSearch::new(pair, accepted.clone());
    search.look_through(device, accepted);
    // That a pair was accepted is told in any case; why one was not takes a look at all the rest.
    if !bool::from(search.accepted.found()) {
        if let Some(end) = start.checked_sub(1) {
            search.look_through(device, *searched.start()..=end);
        }
        if let Some(start) = end.checked_add(1) {
            search.look_through(device, start..=*searched.end());
        }
    }
    search.outcome(device, now)
}

/// What all candidates of a range say about a pair of codes, before anything branches on it.
struct PairSearch<'a> {
    pair: [&'a Code; 2],
    range: RangeInclusive<u64>,
    accepted: FirstMatch,
    used: Choice,
    too_far_off: Choice,
    seen: [Choice; 2],
}

impl<'a> PairSearch<'a> {
    fn new(pair: [&'a Code; 2], range: RangeInclusive<u64>) -> Self {
        let no = Choice::from(0);
        let accepted = FirstMatch::none(*range.start());
        Self { pair, range, accepted, used: no, too_far_off: no, seen: [no, no] }
    }

    /// Takes in the pairs whose second code stands at one of the counters.
    fn look_through(&mut self, device: &Device, counters: RangeInclusive<u64>) {
        let [code1, code2] = self.pair;
        let [mut seen_first, mut seen_second] = self.seen.map(|seen| seen.unwrap_u8());
        let mut first_before = Choice::from(0);
        // One more in front, where the first code of the first pair stands.
        let counters = counters.start().saturating_sub(1)..=*counters.end();
        device.for_each_value(counters, |counter, value| {
            let (first, second) = (code1.has_value(value), code2.has_value(value));
            let is_fresh = counter.checked_sub(1).is_some_and(|first| device.position.is_fresh(first));
            self.look_at(counter, first_before & second, is_fresh);
            seen_first |= first.unwrap_u8();
            seen_second |= second.unwrap_u8();
            first_before = first;
        });
        self.seen = [seen_first, seen_second].map(Choice::from);
    }

    /// Takes in whether a pair's second code stands at `counter`. Where it stands, and whether the pair was used, is no secret.
    fn look_at(&mut self, counter: u64, matches: Choice, is_fresh: bool) {
        match (is_fresh, self.range.contains(&counter)) {
            (true, true) => self.accepted.look_at(counter, matches),
            (true, false) => self.too_far_off |= matches,
            (false, _) => self.used |= matches,
        }
    }

    fn outcome(&self, device: &Device, now: UnixTime) -> Result<Synchronised, PairRefusal> {
        let counter = self.accepted.counter_or_any();
        let position = device.position_after(counter, |steps| Drift::after_pair(steps, counter, now));
        let [seen_first, seen_second] = self.seen;
        first_that_holds(
            [
                (self.accepted.found(), Ok(Synchronised { counter, position })),
                (self.used, Err(PairRefusal::AlreadyUsed)),
                (self.too_far_off, Err(PairRefusal::TooFarOff)),
                (seen_first & seen_second, Err(PairRefusal::NotConsecutive)),
            ],
            Err(PairRefusal::Wrong),
        )
    }
}
