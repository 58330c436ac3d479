use core::fmt;
use core::hint::black_box;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha512};
use zeroize::Zeroize;

use crate::{Algorithm, Digits, Secret};

/// How many counters' codes are computed at a time.
pub(crate) const LANES: usize = if cfg!(target_feature = "simd128") { 4 } else { 1 };

/// Its instructions for SHA-1 are what makes a processor quick; WebAssembly has none.
#[cfg(not(target_arch = "wasm32"))]
type Sha1Key = Hmac<sha1::Sha1>;
#[cfg(target_arch = "wasm32")]
type Sha1Key = crate::hmac_sha1::HmacSha1;

/// Where WebAssembly has vectors of 128 bits, four messages take little longer than one.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
type Words = wide::u32x4;
#[cfg(all(target_arch = "wasm32", not(target_feature = "simd128")))]
type Words = core::num::Wrapping<u32>;

/// HMAC with its two key blocks already compressed, for one of the three hashes. A code then costs a copy of the two states
/// and two compressions. The states wipe themselves.
pub(crate) enum HmacKey {
    Sha1(Sha1Key),
    Sha256(Hmac<Sha256>),
    Sha512(Hmac<Sha512>),
}

impl HmacKey {
    pub(crate) fn new(secret: &Secret, algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha1 => Self::Sha1(sha1_key(secret.expose())),
            Algorithm::Sha256 => Self::Sha256(keyed(secret.expose())),
            Algorithm::Sha512 => Self::Sha512(keyed(secret.expose())),
        }
    }

    /// The codes at some counters or time steps (RFC 4226 §5.3), as numbers below 10^digits.
    pub(crate) fn codes_at(&self, counters: [u64; LANES], digits: Digits) -> [u64; LANES] {
        let values = match self {
            Self::Sha1(key) => sha1_values(key, counters),
            Self::Sha256(hmac) => counters.map(|counter| value(hmac.clone(), counter)),
            Self::Sha512(hmac) => counters.map(|counter| value(hmac.clone(), counter)),
        };
        values.map(|value| u64::from(last_digits(value, digits)))
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn sha1_key(key: &[u8]) -> Sha1Key {
    keyed(key)
}

#[cfg(target_arch = "wasm32")]
fn sha1_key(key: &[u8]) -> Sha1Key {
    Sha1Key::new::<Words, LANES>(key)
}

#[cfg(not(target_arch = "wasm32"))]
fn sha1_values(key: &Sha1Key, counters: [u64; LANES]) -> [u32; LANES] {
    counters.map(|counter| value(key.clone(), counter))
}

#[cfg(target_arch = "wasm32")]
fn sha1_values(key: &Sha1Key, counters: [u64; LANES]) -> [u32; LANES] {
    key.hashes::<Words, LANES>(counters).map(|hash| {
        let [.., last] = hash;
        truncated(hash, last)
    })
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

/// The truncated HMAC of a counter.
fn value(mut hmac: impl Mac, counter: u64) -> u32 {
    hmac.update(&counter.to_be_bytes());
    let mut hash = hmac.finalize().into_bytes();
    let mut words = [0_u32; 5];
    for (word, bytes) in words.iter_mut().zip(hash.chunks_exact(4)) {
        *word = bytes.iter().fold(0, |word, byte| (word << 8) | u32::from(*byte));
    }
    let last = hash.last().copied().map_or(0, u32::from);
    hash.as_mut_slice().zeroize();
    truncated(words, last)
}

/// Dynamic truncation (RFC 4226 §5.3) to 31 bits, from the first words of a hash; the low half of its last byte says where. All
/// words are read and two are kept by masks: an index that depends on the secret would show in the cache.
fn truncated(words: [u32; 5], last: u32) -> u32 {
    let [w0, w1, w2, w3, w4] = words;
    // The black box keeps the compiler from turning masks back into branches.
    let mask = |bit: u32| black_box((last >> bit) & 1).wrapping_neg();
    let (two_on, one_on) = (mask(3), mask(2));
    let [first, second, third] =
        [(w0, w2), (w1, w3), (w2, w4)].map(|(near, far)| near ^ (two_on & (near ^ far)));
    let [high, low] =
        [(first, second), (second, third)].map(|(near, far)| u64::from(near ^ (one_on & (near ^ far))));
    let from_there = ((high << 32) | low) << (8 * (last & 3));
    u32::try_from(from_there >> 32).unwrap_or_default() & 0x7fff_ffff
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
