use crate::{Algorithm, Digits, Secret};

/// HMAC with its two key blocks already compressed, for one of the three hashes.
pub(crate) struct HmacKey;

impl HmacKey {
    pub(crate) fn new(secret: &Secret, algorithm: Algorithm) -> Self {
        todo!()
    }

    /// The code at a counter or time step (RFC 4226 §5.3), as a number below 10^digits.
    pub(crate) fn code_at(&self, counter: u64, digits: Digits) -> u64 {
        todo!()
    }
}

impl core::fmt::Debug for HmacKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("HmacKey([redacted])")
    }
}
