use crate::Algorithm;
use crate::hmac_key::{LANES, truncated};
use crate::hmac_words::HmacWords;

/// Where WebAssembly has vectors of 128 bits, four messages take little longer than one.
#[cfg(target_feature = "simd128")]
type Words = wide::u32x4;
#[cfg(not(target_feature = "simd128"))]
type Words = core::num::Wrapping<u32>;

/// WebAssembly has no instructions for hashes, and a page waits for every kilobyte.
pub(crate) struct PreparedHmac(HmacWords);

impl PreparedHmac {
    pub(crate) fn new(key: &[u8], algorithm: Algorithm) -> Self {
        Self(HmacWords::new::<Words, LANES>(key, algorithm))
    }

    /// The truncated hashes of counters.
    pub(crate) fn values(&self, counters: [u64; LANES]) -> [u32; LANES] {
        self.0.hashes::<Words, LANES>(counters).map(|(start, last)| truncated(start, last))
    }
}
