//! SHA-1's compression (FIPS 180-4 §6.1.2) over words that may be vectors: one message in each lane.

use core::array;
use core::hint::black_box;
use core::num::Wrapping;
use core::ops::{Add, BitAnd, BitOr, BitXor};

/// FIPS 180-4 §5.3.1.
pub(crate) const INITIAL: State<u32> = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];

/// The five words of a state, or of a hash.
pub(crate) type State<W> = [W; 5];

/// A word of each of several messages.
pub(crate) trait Word<const LANES: usize>:
    Copy + Add<Output = Self> + BitAnd<Output = Self> + BitOr<Output = Self> + BitXor<Output = Self>
{
    /// A word for each message.
    fn from_lanes(words: [u32; LANES]) -> Self;
    /// The word of each message.
    fn into_lanes(self) -> [u32; LANES];
    /// Rotated to the left.
    fn rotated<const BITS: u32>(self) -> Self;

    /// The same word in all messages.
    fn of(word: u32) -> Self;
}

impl Word<1> for Wrapping<u32> {
    fn of(word: u32) -> Self {
        Self(word)
    }

    fn from_lanes([word]: [u32; 1]) -> Self {
        Self(word)
    }

    fn into_lanes(self) -> [u32; 1] {
        [self.0]
    }

    fn rotated<const BITS: u32>(self) -> Self {
        Self(self.0.rotate_left(BITS))
    }
}

#[cfg(any(test, target_feature = "simd128"))]
impl Word<4> for wide::u32x4 {
    fn of(word: u32) -> Self {
        // Written out, as `splat` becomes a loop where a module has to be small.
        Self::new([word, word, word, word])
    }

    fn from_lanes(words: [u32; 4]) -> Self {
        Self::new(words)
    }

    fn into_lanes(self) -> [u32; 4] {
        self.to_array()
    }

    fn rotated<const BITS: u32>(self) -> Self {
        (self << BITS) | (self >> (32 - BITS))
    }
}

fn choice<W: Word<LANES>, const LANES: usize>(b: W, c: W, d: W) -> W {
    d ^ (b & (c ^ d))
}

fn parity<W: Word<LANES>, const LANES: usize>(b: W, c: W, d: W) -> W {
    b ^ c ^ d
}

fn majority<W: Word<LANES>, const LANES: usize>(b: W, c: W, d: W) -> W {
    (b & c) | (d & (b | c))
}

/// The state after one more block. What the block becomes meanwhile is as secret as it was.
#[expect(clippy::many_single_char_names, reason = "they are FIPS 180-4's")]
#[expect(clippy::indexing_slicing, reason = "places are taken modulo 16")]
pub(crate) fn compress<W: Word<LANES>, const LANES: usize>(state: State<W>, block: &mut [W; 16]) -> State<W> {
    let [mut a, mut b, mut c, mut d, mut e] = state;
    macro_rules! twenty_rounds {
        ($first:expr, $f:ident, $constant:expr) => {
            let constant = W::of($constant);
            for t in $first..$first + 20 {
                // Word t of the message schedule, in the place of the one that is needed no more.
                if t >= 16 {
                    let sum =
                        block[(t + 13) % 16] ^ block[(t + 8) % 16] ^ block[(t + 2) % 16] ^ block[t % 16];
                    block[t % 16] = sum.rotated::<1>();
                }
                let next = e + a.rotated::<5>() + $f(b, c, d) + constant + block[t % 16];
                (e, d, c, b, a) = (d, c, b.rotated::<30>(), a, next);
            }
        };
    }
    twenty_rounds!(0, choice, 0x5a82_7999);
    twenty_rounds!(20, parity, 0x6ed9_eba1);
    twenty_rounds!(40, majority, 0x8f1b_bcdc);
    twenty_rounds!(60, parity, 0xca62_c1d6);
    let [h0, h1, h2, h3, h4] = state;
    [h0 + a, h1 + b, h2 + c, h3 + d, h4 + e]
}

/// The state of each message.
pub(crate) fn lanes<W: Word<LANES>, const LANES: usize>(state: State<W>) -> [State<u32>; LANES] {
    let words = state.map(W::into_lanes);
    array::from_fn(|lane| words.map(|word| word.get(lane).copied().unwrap_or_default()))
}

/// Wipes a block that was a key's.
pub(crate) fn wipe<W: Word<LANES>, const LANES: usize>(block: &mut [W; 16]) {
    *block = [W::of(0); 16];
    // The black box keeps the compiler from leaving that out.
    black_box(block);
}

/// The end of a message that has one block before it, padded: a bit, and the message's length in bits (FIPS 180-4 §5.1.1).
pub(crate) fn last_block<W: Word<LANES>, const LANES: usize, const LENGTH: usize>(
    end: [W; LENGTH],
) -> [W; 16] {
    let bits = u32::try_from(32 * (16 + LENGTH)).unwrap_or_default();
    array::from_fn(|place| match end.get(place) {
        Some(word) => *word,
        None if place == LENGTH => W::of(0x8000_0000),
        None if place == 15 => W::of(bits),
        None => W::of(0),
    })
}
