use core::fmt;
use core::hint::black_box;
use hmac::KeyInit;

#[cfg(not(target_arch = "wasm32"))]
use crate::hmac_native::PreparedHmac;
#[cfg(target_arch = "wasm32")]
use crate::hmac_wasm::PreparedHmac;
use crate::{Algorithm, Digits, Secret};

/// How many counters' codes are computed at a time.
pub(crate) const LANES: usize = if cfg!(target_feature = "simd128") { 4 } else { 1 };

/// HMAC with its two key blocks already compressed, for one of the three hashes. A code then costs a copy of the two states
/// and two compressions. The states wipe themselves.
pub(crate) struct HmacKey(PreparedHmac);

impl HmacKey {
    pub(crate) fn new(secret: &Secret, algorithm: Algorithm) -> Self {
        Self(PreparedHmac::new(secret.expose(), algorithm))
    }

    /// The codes at some counters or time steps (RFC 4226 §5.3), as numbers below 10^digits.
    pub(crate) fn codes_at(&self, counters: [u64; LANES], digits: Digits) -> [u64; LANES] {
        self.0.values(counters).map(|value| u64::from(last_digits(value, digits)))
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

/// Dynamic truncation (RFC 4226 §5.3) to 31 bits, from the first words of a hash; the low half of its last byte says where. All
/// words are read and two are kept by masks: an index that depends on the secret would show in the cache.
pub(crate) fn truncated(words: [u32; 5], last: u32) -> u32 {
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
