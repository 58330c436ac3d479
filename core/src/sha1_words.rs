//! SHA-1's compression (FIPS 180-4 §6.1.2) over words that may be vectors: one message in each lane.

use core::num::Wrapping;
use core::ops::{Add, BitAnd, BitOr, BitXor};

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
    fn of(word: u32) -> Self {
        Self::from_lanes([word; LANES])
    }
}

impl Word<1> for Wrapping<u32> {
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

/// One round. The words trade places by name, so that none is moved.
macro_rules! round {
    ($a:ident $b:ident $c:ident $d:ident $e:ident, $f:ident, $constant:ident, $word:expr) => {
        $e = $e + $a.rotated::<5>() + $f($b, $c, $d) + $constant + $word;
        $b = $b.rotated::<30>();
    };
}

/// The state after one more block.
#[expect(clippy::many_single_char_names, reason = "they are FIPS 180-4's")]
pub(crate) fn compress<W: Word<LANES>, const LANES: usize>(state: State<W>, block: [W; 16]) -> State<W> {
    let mut words = block;
    let [mut a, mut b, mut c, mut d, mut e] = state;
    // Word t of the message schedule, in the place of the one that is needed no more.
    macro_rules! word {
        ($t:expr) => {{
            if $t >= 16 {
                let sum =
                    words[($t + 13) % 16] ^ words[($t + 8) % 16] ^ words[($t + 2) % 16] ^ words[$t % 16];
                words[$t % 16] = sum.rotated::<1>();
            }
            words[$t % 16]
        }};
    }
    macro_rules! five_rounds {
        ($t:expr, $f:ident, $constant:ident) => {
            round!(a b c d e, $f, $constant, word!($t));
            round!(e a b c d, $f, $constant, word!($t + 1));
            round!(d e a b c, $f, $constant, word!($t + 2));
            round!(c d e a b, $f, $constant, word!($t + 3));
            round!(b c d e a, $f, $constant, word!($t + 4));
        };
    }
    macro_rules! twenty_rounds {
        ($t:expr, $f:ident, $constant:expr) => {
            let constant = W::of($constant);
            five_rounds!($t, $f, constant);
            five_rounds!($t + 5, $f, constant);
            five_rounds!($t + 10, $f, constant);
            five_rounds!($t + 15, $f, constant);
        };
    }
    twenty_rounds!(0, choice, 0x5a82_7999);
    twenty_rounds!(20, parity, 0x6ed9_eba1);
    twenty_rounds!(40, majority, 0x8f1b_bcdc);
    twenty_rounds!(60, parity, 0xca62_c1d6);
    let [h0, h1, h2, h3, h4] = state;
    [h0 + a, h1 + b, h2 + c, h3 + d, h4 + e]
}
