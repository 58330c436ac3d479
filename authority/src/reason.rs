use keyfob_core::{PairRefusal, Throttled, UnixTime};

use crate::{AccessRefusal, Refused};

impl Refused {
    /// Why, in one stable word, for the audit log and for pages. docs/service.md lists them.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Malformed => "malformed-code",
            Self::WrongCode | Self::WrongCodes => "wrong-code",
            Self::AlreadyUsed => "already-used",
            Self::Pair(pair) => of_pair(*pair),
            Self::Throttled(Throttled::Until(_)) => "throttled",
            Self::Throttled(Throttled::Locked) => "locked",
            Self::NoDevice(_) => "no-device",
            Self::UnknownSerialNumber(_) => "unknown-serial-number",
            Self::Taken { .. } => "taken",
            Self::NotAssociated { .. } => "not-associated",
            Self::DeviceLimit(_) => "device-limit",
            Self::HasDevices(_) => "has-devices",
            Self::UnknownAccount(_) => "unknown-user",
            Self::Recreated { .. } => "recreated",
            Self::KnownSerialNumber(_) => "known-serial-number",
            Self::UnassociatedLimit(_) => "unassociated-limit",
            Self::TagLimit(_) => "tag-limit",
            Self::TooManyDevices => "too-many-devices",
            Self::ImportLimit => "import-limit",
            Self::AccessKeyLimit(_) => "access-key-limit",
            Self::UnknownSession => "unknown-session",
            Self::KnownAccount(_) => "known-user",
            Self::Access(refusal) => of_access(*refusal),
        }
    }

    /// From when on the same may be tried again, where it may without anybody's help.
    #[must_use]
    pub const fn retry_at(&self) -> Option<UnixTime> {
        match self {
            Self::Throttled(Throttled::Until(time)) => Some(*time),
            _ => None,
        }
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
