use keyfob_core::{InvalidSerialNumber, MalformedCode, Message, Mistake, OtpauthError, PairRefusal, Refusal};

/// The word by which a page tells refusals apart.
pub trait Reason: Message {
    fn reason(&self) -> &'static str;
}

impl Reason for MalformedCode {
    fn reason(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::WrongLength => "wrong-length",
            Self::StrayCharacter => "stray-character",
        }
    }
}

impl Reason for InvalidSerialNumber {
    fn reason(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong => "too-long",
            Self::StrayCharacter => "stray-character",
        }
    }
}

impl Reason for Refusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::WrongLength => "wrong-length",
            Self::Wrong => "wrong-code",
            Self::AlreadyUsed => "already-used",
        }
    }
}

impl Reason for PairRefusal {
    fn reason(&self) -> &'static str {
        match self {
            Self::WrongLength => "wrong-length",
            Self::SameCode => "same-codes",
            Self::Wrong => "wrong-code",
            Self::NotConsecutive => "not-consecutive",
            Self::AlreadyUsed => "already-used",
            Self::TooFarOff => "clock-too-far-off",
        }
    }
}

impl Reason for Mistake {
    fn reason(&self) -> &'static str {
        match self {
            Self::SerialNumber(why) => why.reason(),
            Self::OtherSerialNumber => "other-serial-number",
            Self::Code(why) => why.reason(),
            Self::WrongLength(_) => "wrong-length",
            Self::SameCode => "same-codes",
            Self::NothingToEnter => "nothing-to-enter",
        }
    }
}

impl Reason for OtpauthError {
    fn reason(&self) -> &'static str {
        match self {
            Self::NotOtpauth => "not-otpauth",
            Self::UnknownType => "unknown-type",
            Self::NotUtf8 => "not-utf8",
            Self::Repeated(_) => "repeated-parameter",
            Self::Missing(_) => "missing-parameter",
            Self::NotANumber(_) => "not-a-number",
            Self::Secret(_) => "invalid-secret",
            Self::Digits(_) => "unsupported-digits",
            Self::Algorithm(_) => "unsupported-algorithm",
        }
    }
}
