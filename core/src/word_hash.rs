use zeroize::Zeroizing;

use crate::Algorithm;
use crate::sha1_words::{self, Word, lanes};
use crate::sha2_words::{self, SHA256, SHA512};

/// Eight words of a state, or of a hash; SHA-1 has five. A word of 32 bits is the high half of a number, whose low half is zero.
pub(crate) type State = [u64; 8];
/// Sixteen words.
pub(crate) type Block = [u64; 16];

/// The bit that follows a message (FIPS 180-4 §5.1).
const END: u64 = 1 << 63;

/// One of the three hashes (FIPS 180-4), a block at a time.
#[derive(Clone, Copy)]
pub(crate) struct WordHash(pub(crate) Algorithm);

impl WordHash {
    /// The bits of a number that a word takes.
    pub(crate) fn mask(self) -> u64 {
        u64::MAX << (u64::BITS - self.word_bits())
    }

    fn word_bits(self) -> u32 {
        if self.0 == Algorithm::Sha512 { 64 } else { 32 }
    }

    fn word_bytes(self) -> usize {
        if self.0 == Algorithm::Sha512 { 8 } else { 4 }
    }

    /// The state before any block.
    pub(crate) fn initial(self) -> State {
        if self.0 == Algorithm::Sha1 {
            return from_five(sha1_words::INITIAL);
        }
        sha2_words::INITIAL.map(|word| word & self.mask())
    }

    /// The state after one more block. What the block becomes meanwhile is as secret as it was.
    pub(crate) fn compress<W: Word<LANES>, const LANES: usize>(self, state: &mut State, block: &mut Block) {
        match self.0 {
            Algorithm::Sha1 => {
                let mut words = block.map(|word| W::of(high_half(word)));
                let after = lanes(sha1_words::compress(first_five(state).map(W::of), &mut words));
                sha1_words::wipe(&mut words);
                *state = from_five(after.first().copied().unwrap_or_default());
            }
            Algorithm::Sha256 => SHA256.compress(state, block),
            Algorithm::Sha512 => SHA512.compress(state, block),
        }
    }

    /// A key's block (RFC 2104 §2): its bytes and zeros, or those of its hash where it is longer than a block.
    pub(crate) fn key_block<W: Word<LANES>, const LANES: usize>(self, key: &[u8]) -> Zeroizing<Block> {
        if key.len() <= 16 * self.word_bytes() {
            return self.block_of(key.iter().copied());
        }
        let mut block = Zeroizing::new([0; 16]);
        block.iter_mut().zip(*self.hash::<W, LANES>(key)).for_each(|(word, hashed)| *word = hashed);
        block
    }

    /// The hash of a whole message.
    fn hash<W: Word<LANES>, const LANES: usize>(self, message: &[u8]) -> Zeroizing<State> {
        let block_bytes = 16 * self.word_bytes();
        // A bit and two words of length follow the message (§5.1).
        let blocks = (message.len() + 1 + 2 * self.word_bytes()).div_ceil(block_bytes);
        let mut bytes = message.iter().copied().chain([0x80]);
        let mut state = Zeroizing::new(self.initial());
        for before in (0..blocks).rev() {
            let mut block = self.block_of(&mut bytes);
            if before == 0 {
                self.end(&mut block, message.len());
            }
            self.compress::<W, LANES>(&mut state, &mut block);
        }
        state
    }

    /// A block of some bytes, and zeros where they end.
    fn block_of(self, bytes: impl Iterator<Item = u8>) -> Zeroizing<Block> {
        let mut block = Zeroizing::new([0; 16]);
        for (place, byte) in bytes.take(16 * self.word_bytes()).enumerate() {
            if let Some(word) = block.get_mut(place / self.word_bytes()) {
                *word |= u64::from(byte) << (56 - 8 * (place % self.word_bytes()));
            }
        }
        block
    }

    /// The last block of a counter's message, a block standing before it.
    pub(crate) fn counter_block(self, counter: u64) -> Zeroizing<Block> {
        self.last_block(&[counter & self.mask(), counter << 32], 8 / self.word_bytes())
    }

    /// The last block of a hash's message, a block standing before it.
    pub(crate) fn hash_block(self, hash: &State) -> Zeroizing<Block> {
        self.last_block(hash, if self.0 == Algorithm::Sha1 { 5 } else { 8 })
    }

    /// Some words, padded (§5.1).
    fn last_block(self, words: &[u64], length: usize) -> Zeroizing<Block> {
        let mut block = Zeroizing::new([0; 16]);
        let padded = words.iter().copied().take(length).chain([END]);
        block.iter_mut().zip(padded).for_each(|(place, word)| *place = word);
        self.end(&mut block, (16 + length) * self.word_bytes());
        block
    }

    /// Writes a message's length at the end of its last block.
    fn end(self, block: &mut Block, bytes: usize) {
        let [.., last] = block;
        *last = u64::try_from(8 * bytes).unwrap_or_default() << (u64::BITS - self.word_bits());
    }

    /// The first 20 bytes of a hash.
    pub(crate) fn start(self, hash: &State) -> [u32; 5] {
        if self.word_bits() == 32 {
            return first_five(hash);
        }
        let [first, second, third, ..] = *hash;
        [high_half(first), low_half(first), high_half(second), low_half(second), high_half(third)]
    }

    /// The last four bytes of a hash.
    pub(crate) fn last(self, hash: &State) -> u32 {
        let [.., fifth, _, _, last] = *hash;
        match self.0 {
            Algorithm::Sha1 => high_half(fifth),
            Algorithm::Sha256 => high_half(last),
            Algorithm::Sha512 => low_half(last),
        }
    }
}

pub(crate) fn from_five(words: [u32; 5]) -> State {
    let [first, second, third, fourth, fifth] = words.map(|word| u64::from(word) << 32);
    [first, second, third, fourth, fifth, 0, 0, 0]
}

pub(crate) fn first_five(state: &State) -> [u32; 5] {
    let [first, second, third, fourth, fifth, ..] = state.map(high_half);
    [first, second, third, fourth, fifth]
}

pub(crate) const fn high_half(number: u64) -> u32 {
    (number >> 32) as u32
}

#[expect(clippy::cast_possible_truncation, reason = "the high half is meant to go")]
pub(crate) const fn low_half(number: u64) -> u32 {
    number as u32
}
