use core::slice;
use sha2::block_api::{compress256, compress512};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// FIPS 180-4 §5.3.5. The high halves are SHA-256's (§5.3.3).
const INITIAL: [u64; 8] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];
/// The longer hash's block.
const MOST_BLOCK: usize = 128;
/// The longest message, a key of 128 bytes, takes three blocks of SHA-256.
const MOST_PADDED: usize = 192;

/// HMAC-SHA-256 and HMAC-SHA-512 (RFC 2104) of counters for WebAssembly, the two key blocks already compressed. One for both hashes: an
/// HMAC for each would be larger than the hashes.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct HmacSha2 {
    inner: State,
    outer: State,
}

/// What has been hashed so far.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
enum State {
    Sha256([u32; 8]),
    Sha512([u64; 8]),
}

impl HmacSha2 {
    pub(crate) fn sha256(key: &[u8]) -> Self {
        Self::new(&State::Sha256(INITIAL.map(high_half)), key)
    }

    pub(crate) fn sha512(key: &[u8]) -> Self {
        Self::new(&State::Sha512(INITIAL), key)
    }

    fn new(initial: &State, key: &[u8]) -> Self {
        let mut block = Zeroizing::new([0; MOST_BLOCK]);
        if key.len() > initial.block() {
            // RFC 2104 §2.
            *block = initial.clone().finish(key, 0);
        } else {
            block.iter_mut().zip(key).for_each(|(byte, key)| *byte = *key);
        }
        let padded = |pad: u8| {
            let mut state = initial.clone();
            state.compress(&*Zeroizing::new(block.map(|byte| byte ^ pad)));
            state
        };
        Self { inner: padded(0x36), outer: padded(0x5c) }
    }

    /// The hash of a counter, zeros following it, and its length in bytes.
    pub(crate) fn hash(&self, counter: u64) -> (Zeroizing<[u8; MOST_BLOCK]>, usize) {
        let (before, length) = (self.inner.block(), self.inner.hash());
        let inner = Zeroizing::new(self.inner.clone().finish(&counter.to_be_bytes(), before));
        let inner = inner.get(..length).unwrap_or_default();
        (Zeroizing::new(self.outer.clone().finish(inner, before)), length)
    }
}

impl State {
    /// Bytes of a block.
    const fn block(&self) -> usize {
        match self {
            Self::Sha256(_) => 64,
            Self::Sha512(_) => 128,
        }
    }

    /// Bytes of a hash.
    const fn hash(&self) -> usize {
        self.block() / 2
    }

    /// The hash of a message whose first `before` bytes, whole blocks, are hashed already; zeros follow.
    fn finish(mut self, rest: &[u8], before: usize) -> [u8; MOST_BLOCK] {
        let block = self.block();
        // A bit and the length in 64 or 128 bits follow the message (FIPS 180-4 §5.1).
        let mut end = block;
        while end < rest.len() + 1 + block / 8 {
            end += block;
        }
        let bits = u32::try_from(8 * (before + rest.len())).unwrap_or_default().to_be_bytes();
        let mut padded = Zeroizing::new([0; MOST_PADDED]);
        let message = rest.iter().chain(slice::from_ref(&0x80));
        padded.iter_mut().zip(message).for_each(|(byte, message)| *byte = *message);
        padded.iter_mut().skip(end - bits.len()).zip(bits).for_each(|(byte, length)| *byte = length);
        for start in (0..end).step_by(block) {
            self.compress(padded.get(start..).unwrap_or_default());
        }
        self.bytes()
    }

    fn compress(&mut self, block: &[u8]) {
        match self {
            Self::Sha256(words) => compress256(words, block.first_chunk().map_or(&[], slice::from_ref)),
            Self::Sha512(words) => compress512(words, block.first_chunk().map_or(&[], slice::from_ref)),
        }
    }

    fn bytes(&self) -> [u8; MOST_BLOCK] {
        let mut bytes = [0; MOST_BLOCK];
        match self {
            Self::Sha256(words) => write(words.map(u32::to_be_bytes).as_flattened(), &mut bytes),
            Self::Sha512(words) => write(words.map(u64::to_be_bytes).as_flattened(), &mut bytes),
        }
        bytes
    }
}

fn write(hash: &[u8], bytes: &mut [u8]) {
    bytes.iter_mut().zip(hash).for_each(|(byte, hash)| *byte = *hash);
}

const fn high_half(word: u64) -> u32 {
    (word >> 32) as u32
}

#[cfg(test)]
mod tests {
    use core::array;
    use hmac::{Hmac, KeyInit, Mac};
    use sha2::{Sha256, Sha512};

    use super::*;
    use crate::hmac_key::keyed;

    fn assert_as_general<M: Mac + KeyInit>(new: fn(&[u8]) -> HmacSha2) {
        let bytes: [u8; 128] = array::from_fn(|place| u8::try_from(31 * place % 251).unwrap_or_default());
        for length in [16, 20, 32, 63, 64, 65, 119, 120, 127, 128] {
            let key = bytes.get(..length).unwrap_or_default();
            for counter in [0, 1, 0xffff_ffff, u64::MAX] {
                let mut general: M = keyed(key);
                general.update(&counter.to_be_bytes());
                let (hash, length) = new(key).hash(counter);
                assert_eq!(hash.get(..length), Some(general.finalize().into_bytes().as_slice()));
            }
        }
    }

    #[test]
    fn hashes_are_those_of_the_general_hmac_whatever_the_length_of_the_key() {
        assert_as_general::<Hmac<Sha256>>(HmacSha2::sha256);
        assert_as_general::<Hmac<Sha512>>(HmacSha2::sha512);
    }
}
