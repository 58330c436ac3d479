use crate::Algorithm;
use crate::hmac_key::{LANES, truncated, truncated_bytes};
use crate::hmac_sha1::HmacSha1;
use crate::hmac_sha2::HmacSha2;

/// Where WebAssembly has vectors of 128 bits, four messages take little longer than one.
#[cfg(target_feature = "simd128")]
type Words = wide::u32x4;
#[cfg(not(target_feature = "simd128"))]
type Words = core::num::Wrapping<u32>;

/// WebAssembly has no instructions for hashes, and a page waits for every kilobyte.
pub(crate) enum PreparedHmac {
    Sha1(HmacSha1),
    Sha2(HmacSha2),
}

impl PreparedHmac {
    pub(crate) fn new(key: &[u8], algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha1 => Self::Sha1(HmacSha1::new::<Words, LANES>(key)),
            Algorithm::Sha256 => Self::Sha2(HmacSha2::sha256(key)),
            Algorithm::Sha512 => Self::Sha2(HmacSha2::sha512(key)),
        }
    }

    /// The truncated hashes of counters.
    pub(crate) fn values(&self, counters: [u64; LANES]) -> [u32; LANES] {
        match self {
            Self::Sha1(hmac) => hmac.hashes::<Words, LANES>(counters).map(|hash| {
                let [.., last] = hash;
                truncated(hash, last)
            }),
            Self::Sha2(hmac) => counters.map(|counter| {
                let (hash, length) = hmac.hash(counter);
                truncated_bytes(hash.get(..length).unwrap_or_default())
            }),
        }
    }
}
