use core::array;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::Algorithm;
use crate::sha1_words::{self, Word, lanes};
use crate::word_hash::{Block, State, WordHash, first_five, from_five, high_half, low_half};

/// RFC 2104 §2: ipad and opad.
const PADS: [u64; 2] = [0x3636_3636_3636_3636, 0x5c5c_5c5c_5c5c_5c5c];

/// What is read of a hash: its first 20 bytes and its last four.
pub(crate) type Read = ([u32; 5], u32);

/// HMAC (RFC 2104) of counters for WebAssembly, its two key blocks already compressed. A counter and a hash take a part of one block each,
/// so that nothing is buffered. One for all three hashes: an HMAC for each would be larger than the hashes.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct HmacWords {
    #[zeroize(skip)]
    hash: WordHash,
    inner: State,
    outer: State,
}

impl HmacWords {
    /// Compresses both key blocks.
    pub(crate) fn new<W: Word<LANES>, const LANES: usize>(key: &[u8], algorithm: Algorithm) -> Self {
        let hash = WordHash(algorithm);
        let key = hash.key_block::<W, LANES>(key);
        let [inner, outer] = if LANES > 1 && algorithm == Algorithm::Sha1 {
            sha1_keyed::<W, LANES>(&key)
        } else {
            PADS.map(|pad| {
                let mut state = hash.initial();
                let mut block = Zeroizing::new(key.map(|word| word ^ (pad & hash.mask())));
                hash.compress::<W, LANES>(&mut state, &mut block);
                state
            })
        };
        Self { hash, inner, outer }
    }

    /// What is read of the hashes of some counters.
    pub(crate) fn hashes<W: Word<LANES>, const LANES: usize>(&self, counters: [u64; LANES]) -> [Read; LANES] {
        if LANES > 1 && self.hash.0 == Algorithm::Sha1 {
            return self.sha1_hashes::<W, LANES>(counters);
        }
        counters.map(|counter| {
            let hash = self.hash::<W, LANES>(counter);
            (self.hash.start(&hash), self.hash.last(&hash))
        })
    }

    fn hash<W: Word<LANES>, const LANES: usize>(&self, counter: u64) -> Zeroizing<State> {
        let mut state = Zeroizing::new(self.inner);
        self.hash.compress::<W, LANES>(&mut state, &mut self.hash.counter_block(counter));
        let mut block = self.hash.hash_block(&state);
        *state = self.outer;
        self.hash.compress::<W, LANES>(&mut state, &mut block);
        state
    }

    /// A hash in each lane.
    fn sha1_hashes<W: Word<LANES>, const LANES: usize>(&self, counters: [u64; LANES]) -> [Read; LANES] {
        let [inner, outer] = [self.inner, self.outer].map(|state| first_five(&state).map(W::of));
        let halves = [high_half, low_half].map(|half| W::from_lanes(counters.map(half)));
        let inner = sha1_words::compress(inner, &mut sha1_words::last_block(halves));
        let hashes = lanes(sha1_words::compress(outer, &mut sha1_words::last_block(inner)));
        hashes.map(|words| {
            let [.., last] = words;
            (words, last)
        })
    }
}

/// The states after both key blocks, which stand in two lanes.
fn sha1_keyed<W: Word<LANES>, const LANES: usize>(key: &Block) -> [State; 2] {
    let pads =
        W::from_lanes(array::from_fn(|lane| PADS.get(lane).copied().map(low_half).unwrap_or_default()));
    let mut block = key.map(|word| W::of(high_half(word)) ^ pads);
    let states = lanes(sha1_words::compress(sha1_words::INITIAL.map(W::of), &mut block));
    sha1_words::wipe(&mut block);
    array::from_fn(|lane| from_five(states.get(lane).copied().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use core::num::Wrapping;
    use hmac::{Hmac, KeyInit, Mac};
    use sha1::Sha1;
    use sha2::{Sha256, Sha512};
    use wide::u32x4;

    use super::*;
    use crate::hmac_key::keyed;

    /// As the general HMAC computes it.
    fn expected<M: Mac + KeyInit>(key: &[u8], counter: u64) -> Read {
        let mut hmac: M = keyed(key);
        hmac.update(&counter.to_be_bytes());
        let hash = hmac.finalize().into_bytes();
        let words =
            hash.chunks(4).map(|bytes| bytes.iter().fold(0, |word, byte| (word << 8) | u32::from(*byte)));
        (
            array::from_fn(|place| words.clone().nth(place).unwrap_or_default()),
            words.clone().next_back().unwrap_or_default(),
        )
    }

    fn assert_as_general<M: Mac + KeyInit>(algorithm: Algorithm) {
        let bytes: [u8; 128] = array::from_fn(|place| u8::try_from(31 * place % 251).unwrap_or_default());
        let counters = [0, 1, 0xffff_ffff, u64::MAX - 1];
        for length in [16, 20, 32, 63, 64, 65, 119, 120, 127, 128] {
            let key = bytes.get(..length).unwrap_or_default();
            let right = counters.map(|counter| expected::<M>(key, counter));
            let hmac = HmacWords::new::<u32x4, 4>(key, algorithm);
            assert_eq!(hmac.hashes::<u32x4, 4>(counters), right, "{length}");
            let hmac = HmacWords::new::<Wrapping<u32>, 1>(key, algorithm);
            let singly = counters.map(|counter| hmac.hashes::<Wrapping<u32>, 1>([counter]));
            assert_eq!(singly.as_flattened(), right, "{length}");
        }
    }

    #[test]
    fn hashes_are_those_of_the_general_hmac_whatever_the_lengths_of_key_and_vector() {
        assert_as_general::<Hmac<Sha1>>(Algorithm::Sha1);
        assert_as_general::<Hmac<Sha256>>(Algorithm::Sha256);
        assert_as_general::<Hmac<Sha512>>(Algorithm::Sha512);
    }
}
