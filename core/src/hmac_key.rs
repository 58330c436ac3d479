use core::fmt;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use subtle::{ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroize;

use crate::{Algorithm, Digits, Secret};

/// HMAC with its two key blocks already compressed, for one of the three hashes. A code then costs a copy of the two states
/// and two compressions. The states wipe themselves.
pub(crate) enum HmacKey {
    Sha1(Hmac<Sha1>),
    Sha256(Hmac<Sha256>),
    Sha512(Hmac<Sha512>),
}

impl HmacKey {
    pub(crate) fn new(secret: &Secret, algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha1 => Self::Sha1(keyed(secret.expose())),
            Algorithm::Sha256 => Self::Sha256(keyed(secret.expose())),
            Algorithm::Sha512 => Self::Sha512(keyed(secret.expose())),
        }
    }

    /// The code at a counter or time step (RFC 4226 §5.3), as a number below 10^digits.
    pub(crate) fn code_at(&self, counter: u64, digits: Digits) -> u64 {
        let value = match self {
            Self::Sha1(hmac) => truncated(hmac.clone(), counter),
            Self::Sha256(hmac) => truncated(hmac.clone(), counter),
            Self::Sha512(hmac) => truncated(hmac.clone(), counter),
        };
        u64::from(last_digits(value, digits))
    }
}

impl fmt::Debug for HmacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HmacKey([redacted])")
    }
}

/// A keyed HMAC, ready for a message.
#[expect(clippy::expect_used, reason = "RFC 2104 §2 takes keys of any length, so this can't fail")]
pub(crate) fn keyed<M: KeyInit>(key: &[u8]) -> M {
    M::new_from_slice(key).expect("HMAC takes keys of any length")
}

/// Dynamic truncation (RFC 4226 §5.3) to 31 bits. All 16 places are read and one is kept by a mask: an index that depends on
/// the secret would show in the cache.
fn truncated(mut hmac: impl Mac, counter: u64) -> u32 {
    hmac.update(&counter.to_be_bytes());
    let mut hash = hmac.finalize().into_bytes();
    let offset = hash.last().map_or(0, |last| last & 0xf);
    let mut value = 0;
    for (place, bytes) in (0..16_u8).zip(hash.windows(4)) {
        if let &[a, b, c, d] = bytes {
            value.conditional_assign(&u32::from_be_bytes([a, b, c, d]), place.ct_eq(&offset));
        }
    }
    hash.as_mut_slice().zeroize();
    value & 0x7fff_ffff
}

/// The value modulo 10^digits. Each divisor is a constant, so that it compiles to a multiplication: a division's time would
/// depend on the value. Below 2^31 ten digits are the value itself; their first is 0, 1 or 2.
const fn last_digits(value: u32, digits: Digits) -> u32 {
    match digits.get() {
        6 => value % 1_000_000,
        7 => value % 10_000_000,
        8 => value % 100_000_000,
        9 => value % 1_000_000_000,
        _ => value,
    }
}
