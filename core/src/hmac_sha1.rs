use core::array;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::sha1_words::{State, Word, compress};

/// FIPS 180-4 §5.3.1.
const INITIAL: State<u32> = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
const BLOCK: usize = 64;
/// RFC 2104 §2: ipad and opad.
const PADS: [u32; 2] = [0x3636_3636, 0x5c5c_5c5c];

/// HMAC-SHA-1 (RFC 2104) of counters for WebAssembly, its two key blocks already compressed. A counter and a hash take a part of
/// one block each, so that nothing is buffered.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct HmacSha1 {
    inner: State<u32>,
    outer: State<u32>,
}

impl HmacSha1 {
    pub(crate) fn new<W: Word<LANES>, const LANES: usize>(key: &[u8]) -> Self {
        let mut words = Zeroizing::new([0; 16]);
        if key.len() > BLOCK {
            // RFC 2104 §2.
            words.iter_mut().zip(hash::<W, LANES>(key)).for_each(|(word, hashed)| *word = hashed);
        } else {
            *words = array::from_fn(|place| word_of(key, place));
        }
        let mut states = [[0; 5]; 2];
        for (states, pads) in states.chunks_mut(LANES).zip(PADS.chunks(LANES)) {
            let pad = W::from_lanes(array::from_fn(|lane| pads.get(lane).copied().unwrap_or_default()));
            let keyed = compress(INITIAL.map(W::of), words.map(|word| W::of(word) ^ pad));
            states.iter_mut().zip(lanes(keyed)).for_each(|(state, lane)| *state = lane);
        }
        let [inner, outer] = states;
        Self { inner, outer }
    }

    /// The hashes of some counters.
    pub(crate) fn hashes<W: Word<LANES>, const LANES: usize>(
        &self,
        counters: [u64; LANES],
    ) -> [State<u32>; LANES] {
        let [high, low] =
            [32, 0].map(|shift| W::from_lanes(counters.map(|counter| low_half(counter >> shift))));
        let inner = compress(self.inner.map(W::of), last_block([high, low]));
        lanes(compress(self.outer.map(W::of), last_block(inner)))
    }
}

/// The state of each message.
fn lanes<W: Word<LANES>, const LANES: usize>(state: State<W>) -> [State<u32>; LANES] {
    let words = state.map(W::into_lanes);
    array::from_fn(|lane| words.map(|word| word.get(lane).copied().unwrap_or_default()))
}

/// A word of some bytes; zeros follow their end.
fn word_of(bytes: &[u8], place: usize) -> u32 {
    u32::from_be_bytes(array::from_fn(|byte| bytes.get(4 * place + byte).copied().unwrap_or_default()))
}

/// The hash of a whole message (FIPS 180-4 §6.1).
fn hash<W: Word<LANES>, const LANES: usize>(message: &[u8]) -> State<u32> {
    // A bit and 64 bits of length follow the message (§5.1.1).
    let blocks = (message.len() + 9).div_ceil(BLOCK);
    let padded = |place: usize| {
        if place == 16 * blocks - 1 {
            u32::try_from(8 * message.len()).unwrap_or_default()
        } else if place == message.len() / 4 {
            word_of(message, place) | (0x8000_0000 >> (8 * (message.len() % 4)))
        } else {
            word_of(message, place)
        }
    };
    let after =
        |state, block: usize| compress(state, array::from_fn(|place| W::of(padded(16 * block + place))));
    lanes((0..blocks).fold(INITIAL.map(W::of), after)).first().copied().unwrap_or_default()
}

#[expect(clippy::cast_possible_truncation, reason = "the high half is meant to go")]
const fn low_half(number: u64) -> u32 {
    number as u32
}

/// The end of a message that has one block before it, padded: a bit, and the message's length in bits (FIPS 180-4 §5.1.1).
fn last_block<W: Word<LANES>, const LANES: usize, const LENGTH: usize>(end: [W; LENGTH]) -> [W; 16] {
    let bits = u32::try_from(8 * (BLOCK + 4 * LENGTH)).unwrap_or_default();
    array::from_fn(|place| match end.get(place) {
        Some(word) => *word,
        None if place == LENGTH => W::of(0x8000_0000),
        None if place == 15 => W::of(bits),
        None => W::of(0),
    })
}

#[cfg(test)]
mod tests {
    use core::num::Wrapping;
    use hmac::{Hmac, Mac};
    use sha1::Sha1;
    use wide::u32x4;

    use super::*;
    use crate::hmac_key::keyed;

    /// As the general HMAC computes it.
    fn expected(key: &[u8], counter: u64) -> State<u32> {
        let mut hmac: Hmac<Sha1> = keyed(key);
        hmac.update(&counter.to_be_bytes());
        let hash = hmac.finalize().into_bytes();
        array::from_fn(|place| word_of(&hash, place))
    }

    #[test]
    fn hashes_are_those_of_the_general_hmac_whatever_the_lengths_of_key_and_vector() {
        let bytes: [u8; 128] = array::from_fn(|place| u8::try_from(31 * place % 251).unwrap_or_default());
        let counters = [0, 1, 0xffff_ffff, u64::MAX - 1];
        for length in [16, 20, 63, 64, 65, 119, 120, 128] {
            let key = bytes.get(..length).unwrap_or_default();
            let right = counters.map(|counter| expected(key, counter));
            assert_eq!(HmacSha1::new::<u32x4, 4>(key).hashes::<u32x4, 4>(counters), right, "{length}");
            let one = HmacSha1::new::<Wrapping<u32>, 1>(key);
            let singly = counters.map(|counter| one.hashes::<Wrapping<u32>, 1>([counter]));
            assert_eq!(singly.as_flattened(), right, "{length}");
        }
    }
}
