//! Why the authority refuses something, in one word each, for pages: AWS has one code for several of them.

use keyfob_authority::{AccessRefusal, Refused};
use keyfob_core::{PairRefusal, Throttled, UnixTime};

/// The stable word. docs/service.md lists them.
pub const fn word(refused: &Refused) -> &'static str {
    match refused {
        Refused::Malformed => "malformed-code",
        Refused::WrongCode => "wrong-code",
        Refused::AlreadyUsed => "already-used",
        Refused::Pair(pair) => of_pair(*pair),
        Refused::Throttled(Throttled::Until(_)) => "throttled",
        Refused::Throttled(Throttled::Locked) => "locked",
        Refused::NoDevice(_) => "no-device",
        Refused::UnknownSerialNumber(_) => "unknown-serial-number",
        Refused::Taken { .. } => "taken",
        Refused::NotAssociated { .. } => "not-associated",
        Refused::DeviceLimit(_) => "device-limit",
        Refused::HasDevices(_) => "has-devices",
        Refused::UnknownAccount(_) => "unknown-user",
        Refused::Recreated { .. } => "recreated",
        Refused::KnownSerialNumber(_) => "known-serial-number",
        Refused::UnassociatedLimit(_) => "unassociated-limit",
        Refused::TagLimit(_) => "tag-limit",
        Refused::TooManyDevices => "too-many-devices",
        Refused::ImportLimit => "import-limit",
        Refused::AccessKeyLimit(_) => "access-key-limit",
        Refused::UnknownSession => "unknown-session",
        Refused::Access(refusal) => of_access(*refusal),
    }
}

const fn of_pair(refusal: PairRefusal) -> &'static str {
    match refusal {
        PairRefusal::WrongLength => "malformed-code",
        PairRefusal::SameCode => "same-codes",
        PairRefusal::Wrong => "wrong-code",
        PairRefusal::NotConsecutive => "not-consecutive",
        PairRefusal::AlreadyUsed => "already-used",
        PairRefusal::TooFarOff => "clock-too-far-off",
    }
}

const fn of_access(refusal: AccessRefusal) -> &'static str {
    match refusal {
        AccessRefusal::UnknownAccessKey => "unknown-access-key",
        AccessRefusal::WrongSignature => "wrong-signature",
        AccessRefusal::ExpiredSession => "expired-session",
        AccessRefusal::NotSignedIn => "not-signed-in",
        AccessRefusal::WrongPassword => "wrong-password",
        AccessRefusal::Repeated => "repeated",
        AccessRefusal::NotAllowed => "not-allowed",
        AccessRefusal::CodeRequired => "code-required",
    }
}

/// From when on the same may be tried again, where it may without anybody's help.
pub const fn retry_at(refused: &Refused) -> Option<UnixTime> {
    match refused {
        Refused::Throttled(Throttled::Until(time)) => Some(*time),
        _ => None,
    }
}
