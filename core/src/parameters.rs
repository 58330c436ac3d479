use alloc::borrow::Cow;
use core::{fmt, num::NonZeroU32, str::FromStr};
use thiserror::Error;

use crate::UnixTime;
use crate::texts::{Message, around};

/// The hash under the HMAC (RFC 6238 §1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Algorithm {
    /// HMAC-SHA-1, HOTP's own.
    Sha1,
    /// HMAC-SHA-256.
    Sha256,
    /// HMAC-SHA-512.
    Sha512,
}

/// A hash that is none of the three; never taken for SHA-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{}", self.message())]
pub struct UnknownAlgorithm;

impl Message for UnknownAlgorithm {
    fn message(&self) -> Cow<'static, str> {
        "unknown algorithm: SHA1, SHA256 and SHA512 are supported".into()
    }
}

impl Algorithm {
    /// `SHA1`, `SHA256` or `SHA512`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    /// Reads `SHA1`, `SHA-1`, `HmacSHA1`, `HMAC-SHA-1` and the like, in any case.
    fn from_str(text: &str) -> Result<Self, UnknownAlgorithm> {
        let bare =
            text.bytes().filter(|byte| !matches!(byte, b'-' | b'_')).map(|byte| byte.to_ascii_uppercase());
        let is = |algorithm: &Self| {
            let name = algorithm.name().bytes();
            bare.clone().eq(name.clone()) || bare.clone().eq("HMAC".bytes().chain(name))
        };
        [Self::Sha1, Self::Sha256, Self::Sha512].into_iter().find(is).ok_or(UnknownAlgorithm)
    }
}

/// How many digits a device's codes have: 6 to 10 (RFC 4226 §5.3 asks for at least 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "u32", into = "u32"))]
pub struct Digits(u8);

/// A number of digits outside 6 to 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{}", self.message())]
pub struct UnsupportedDigits(pub u32);

impl Message for UnsupportedDigits {
    fn message(&self) -> Cow<'static, str> {
        around("codes of ", self.0.into(), " digits are not supported: 6 to 10 are")
    }
}

impl Digits {
    /// Six digits, what most tokens show.
    pub const SIX: Self = Self(6);

    /// # Errors
    /// [`UnsupportedDigits`] outside 6 to 10.
    pub fn new(digits: u32) -> Result<Self, UnsupportedDigits> {
        u8::try_from(digits)
            .ok()
            .filter(|digits| (6..=10).contains(digits))
            .map(Self)
            .ok_or(UnsupportedDigits(digits))
    }

    /// The number, 6 to 10.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

#[cfg(feature = "serde")]
impl TryFrom<u32> for Digits {
    type Error = UnsupportedDigits;

    fn try_from(digits: u32) -> Result<Self, UnsupportedDigits> {
        Self::new(digits)
    }
}

#[cfg(feature = "serde")]
impl From<Digits> for u32 {
    fn from(digits: Digits) -> Self {
        digits.0.into()
    }
}

/// The length of a time step in seconds, at least 1 (RFC 6238 §4.1: X).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Period(NonZeroU32);

impl Period {
    /// 30 s, RFC 6238's default.
    pub const THIRTY_SECONDS: Self = Self(NonZeroU32::new(30).unwrap());

    /// `None` for 0.
    #[must_use]
    pub const fn from_seconds(seconds: u32) -> Option<Self> {
        match NonZeroU32::new(seconds) {
            Some(seconds) => Some(Self(seconds)),
            None => None,
        }
    }

    /// The length in seconds.
    #[must_use]
    pub const fn seconds(self) -> u32 {
        self.0.get()
    }
}

/// What a device counts: the moving factor of RFC 4226 §5.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum MovingFactor {
    /// HOTP: a counter, one up with every code shown.
    Counter,
    /// TOTP: time steps of `period` since `t0`.
    Time {
        /// The length of a step.
        period: Period,
        /// Where counting starts (RFC 6238 §4.1: T0), 1970 for most devices.
        t0: UnixTime,
    },
}

impl MovingFactor {
    /// `HOTP` or `TOTP`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Counter => "HOTP",
            Self::Time { .. } => "TOTP",
        }
    }

    /// How long a code is shown; none where codes follow the button.
    #[must_use]
    pub const fn period(self) -> Option<Period> {
        match self {
            Self::Counter => None,
            Self::Time { period, .. } => Some(period),
        }
    }
}

/// How a device computes its codes; fixed when it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Parameters {
    /// Counter or time.
    pub moving_factor: MovingFactor,
    /// The hash under the HMAC.
    pub algorithm: Algorithm,
    /// The length of a code.
    pub digits: Digits,
}
