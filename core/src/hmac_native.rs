use hmac::{Hmac, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use zeroize::Zeroize;

use crate::Algorithm;
use crate::hmac_key::{LANES, keyed, truncated};

/// Its instructions for hashes are what makes a processor quick.
pub(crate) enum PreparedHmac {
    Sha1(Hmac<Sha1>),
    Sha256(Hmac<Sha256>),
    Sha512(Hmac<Sha512>),
}

impl PreparedHmac {
    pub(crate) fn new(key: &[u8], algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha1 => Self::Sha1(keyed(key)),
            Algorithm::Sha256 => Self::Sha256(keyed(key)),
            Algorithm::Sha512 => Self::Sha512(keyed(key)),
        }
    }

    /// The truncated hashes of counters.
    pub(crate) fn values(&self, counters: [u64; LANES]) -> [u32; LANES] {
        match self {
            Self::Sha1(hmac) => counters.map(|counter| value(hmac.clone(), counter)),
            Self::Sha256(hmac) => counters.map(|counter| value(hmac.clone(), counter)),
            Self::Sha512(hmac) => counters.map(|counter| value(hmac.clone(), counter)),
        }
    }
}

fn value(mut hmac: impl Mac, counter: u64) -> u32 {
    hmac.update(&counter.to_be_bytes());
    let mut hash = hmac.finalize().into_bytes();
    let value = truncated_bytes(&hash);
    hash.as_mut_slice().zeroize();
    value
}

/// Dynamic truncation (RFC 4226 §5.3) of a hash of at least 20 bytes.
fn truncated_bytes(hash: &[u8]) -> u32 {
    let mut words = [0_u32; 5];
    for (word, bytes) in words.iter_mut().zip(hash.chunks_exact(4)) {
        *word = bytes.iter().fold(0, |word, byte| (word << 8) | u32::from(*byte));
    }
    truncated(words, hash.last().copied().map_or(0, u32::from))
}
