use keyfob_core::{InvalidSerialNumber, OtpauthError, SecretLengthError, UnsupportedDigits};
use thiserror::Error;

use crate::{Excerpt, Place};

/// Why a record can't be used. Never quotes a secret.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RejectReason {
    /// No serial number, nor what stands in for it.
    #[error("it has no serial number")]
    MissingSerial,
    /// No serial number as devices have it.
    #[error(transparent)]
    InvalidSerial(#[from] InvalidSerialNumber),
    /// The serial number of an earlier record.
    #[error("its serial number stands in this file already, at {first}: only that one is read")]
    DuplicateSerial {
        /// The earlier record.
        first: Place,
    },
    /// Neither counter nor time.
    #[error("its type {0} is neither HOTP nor TOTP")]
    UnsupportedType(Excerpt),
    /// No word on whether it counts or tells the time.
    #[error("it doesn't say whether it is HOTP or TOTP")]
    MissingType,
    /// A hash that is none of the three; never taken for SHA-1.
    #[error("its algorithm {0} is unknown: SHA1, SHA256 and SHA512 are supported")]
    UnknownAlgorithm(Excerpt),
    /// No secret.
    #[error("it has no secret")]
    MissingSecret,
    /// A secret to be derived from a key that the vendor and the recipient share (RFC 6030 §4.4).
    #[error(
        "its secret is to be derived from a key that is not in the file (KeyReference): ask the vendor for the secrets themselves"
    )]
    DerivedSecret,
    /// A secret in no encoding of its format.
    #[error("its secret is not valid {0}")]
    MalformedSecret(&'static str),
    /// A secret that could be hexadecimal and base32, in a table that has both.
    #[error(
        "its secret can be read as hexadecimal and as base32: name the column 'secret hex' or 'secret base32'"
    )]
    AmbiguousSecret,
    /// Too short or too long a secret.
    #[error(transparent)]
    SecretLength(#[from] SecretLengthError),
    /// An encrypted value.
    #[error("its {0} is encrypted, which this version can't read: ask the vendor for a file in plain text")]
    Encrypted(&'static str),
    /// A value with a MAC, which can't be checked without its key.
    #[error("its {0} carries a MAC, which this version can't check: ask the vendor for a file without")]
    UncheckedMac(&'static str),
    /// A secret without MAC in a file that declares one: it may have been stripped.
    #[error(
        "its secret has no MAC although the file declares one (MACMethod): the file may have been tampered with"
    )]
    MissingMac,
    /// HOTP without its counter (RFC 6030 §10.1, Google's key URI format).
    #[error("it is HOTP, but has no counter")]
    MissingCounter,
    /// Not a number, or one out of range.
    #[error("its {0} value is not a number that can be used")]
    MalformedNumber(&'static str),
    /// Not a date-time.
    #[error("its {0} is not a date-time such as 2030-01-31T00:00:00Z")]
    MalformedDate(&'static str),
    /// No word on the length of its codes (RFC 6030 §10.1).
    #[error("it doesn't say how many digits its codes have (ResponseFormat Length)")]
    MissingDigits,
    /// Too few or too many digits.
    #[error(transparent)]
    Digits(#[from] UnsupportedDigits),
    /// Codes that aren't decimal digits.
    #[error("its codes are {0}: only DECIMAL is supported")]
    UnsupportedEncoding(Excerpt),
    /// Codes with a check digit appended.
    #[error("its codes have a check digit (CheckDigits), which is not supported")]
    CheckDigits,
    /// A time step of no length.
    #[error("its time step is 0 seconds long")]
    ZeroPeriod,
    /// A start of counting other than 1970.
    #[error("its Time is not 0: only time steps counted from 1970 are supported")]
    NonZeroTime,
    /// A clock that is more than a day off.
    #[error("its TimeDrift is more than a day")]
    ExcessiveDrift,
    /// A PIN that would have to be checked.
    #[error("its policy asks for a PIN (PINPolicy), which is not supported")]
    PinPolicy,
    /// A limit of uses that would have to be kept.
    #[error("its policy limits how often it may be used (NumberOfTransactions), which is not supported")]
    NumberOfTransactions,
    /// A key for something else (RFC 6030 §5).
    #[error("its policy doesn't allow one-time codes (KeyUsage)")]
    KeyUsage,
    /// A policy that isn't understood: such a key may not be used (RFC 6030 §5).
    #[error("its policy has an unknown part {0}, so that it may not be used")]
    UnknownPolicy(Excerpt),
    /// A package without a key.
    #[error("it has no key")]
    MissingKey,
    /// A key or its package is of another XML language.
    #[error("it is in another XML namespace than its KeyContainer")]
    ForeignNamespace,
    /// An element that may stand there only once.
    #[error("it has more than one {0}")]
    RepeatedElement(&'static str),
    /// An element that has something else than text.
    #[error("its {0} has something else in it than text")]
    UnexpectedContent(&'static str),
    /// A manufacturer or model that can't be shown.
    #[error("its {0} is longer than 256 characters or has control characters")]
    UnusableText(&'static str),
    /// A table's line with more or fewer fields than its header.
    #[error("it has {found} fields, but the table has {expected} columns")]
    FieldCount {
        /// Columns of the header.
        expected: usize,
        /// Fields of the line.
        found: usize,
    },
    /// A quoted field that isn't closed on its line, or has text after its closing quote.
    #[error("it has a quoted field that does not end where it should")]
    MalformedQuoting,
    /// An URI that can't be used.
    #[error(transparent)]
    Otpauth(#[from] OtpauthError),
}
