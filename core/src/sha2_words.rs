//! SHA-256's and SHA-512's compression (FIPS 180-4 §6.2.2, §6.4.2) in one loop: they differ in the length of words, in how far these
//! are rotated, and in the number of rounds. A word of SHA-256 is the high half of a number, whose low half stays zero.

use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::word_hash::{Block, State};

/// FIPS 180-4 §5.3.5. The high halves are SHA-256's (§5.3.3).
pub(crate) const INITIAL: State = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];

/// What makes one of the two hashes.
pub(crate) struct Sha2 {
    /// The bits of a number that a word takes.
    mask: u64,
    rounds: usize,
    /// FIPS 180-4 §4.1.2, §4.1.3: Σ0 and Σ1.
    sums: [[u32; 3]; 2],
    /// σ0 and σ1: two rotations and a shift.
    schedule: [[u32; 3]; 2],
}

pub(crate) const SHA256: Sha2 = Sha2 {
    mask: 0xffff_ffff_0000_0000,
    rounds: 64,
    sums: [[2, 13, 22], [6, 11, 25]],
    schedule: [[7, 18, 3], [17, 19, 10]],
};
pub(crate) const SHA512: Sha2 = Sha2 {
    mask: u64::MAX,
    rounds: 80,
    sums: [[28, 34, 39], [14, 18, 41]],
    schedule: [[1, 8, 7], [19, 61, 6]],
};

impl Sha2 {
    /// The state after one more block. What the block becomes meanwhile is as secret as it was.
    #[expect(clippy::many_single_char_names, reason = "they are FIPS 180-4's")]
    #[expect(clippy::indexing_slicing, reason = "places are taken modulo 16")]
    pub(crate) fn compress(&self, state: &mut State, block: &mut Block) {
        let [sum0, sum1] = self.sums;
        let [schedule0, schedule1] = self.schedule;
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
        for (t, constant) in constants().iter().enumerate().take(self.rounds) {
            if t >= 16 {
                let added = self
                    .scheduled(block[(t + 1) % 16], schedule0)
                    .wrapping_add(block[(t + 9) % 16])
                    .wrapping_add(self.scheduled(block[(t + 14) % 16], schedule1));
                block[t % 16] = block[t % 16].wrapping_add(added);
            }
            let choice = g ^ (e & (f ^ g));
            let majority = (a & b) | (c & (a | b));
            let first = h
                .wrapping_add(self.sum(e, sum1))
                .wrapping_add(choice)
                .wrapping_add(constant.load(Relaxed) & self.mask)
                .wrapping_add(block[t % 16]);
            let second = self.sum(a, sum0).wrapping_add(majority);
            (h, g, f, e) = (g, f, e, d.wrapping_add(first));
            (d, c, b, a) = (c, b, a, first.wrapping_add(second));
        }
        for (word, new) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
            *word = word.wrapping_add(new);
        }
    }

    fn sum(&self, word: u64, [first, second, third]: [u32; 3]) -> u64 {
        self.rotated(word, first) ^ self.rotated(word, second) ^ self.rotated(word, third)
    }

    fn scheduled(&self, word: u64, [first, second, shift]: [u32; 3]) -> u64 {
        self.rotated(word, first) ^ self.rotated(word, second) ^ ((word >> shift) & self.mask)
    }

    /// Rotated to the right. A word in the high half stands in both meanwhile.
    fn rotated(&self, word: u64, bits: u32) -> u64 {
        (word | ((word >> 32) & !self.mask)).rotate_right(bits) & self.mask
    }
}

/// FIPS 180-4 §4.2.3. The high halves are SHA-256's (§4.2.2). Computed at the first use: nothing would make their table smaller in transfer.
fn constants() -> &'static [AtomicU64; 80] {
    static CONSTANTS: [AtomicU64; 80] = [const { AtomicU64::new(0) }; 80];
    let [.., last] = &CONSTANTS;
    if last.load(Relaxed) == 0 {
        let primes = (2..).filter(|number| (2..*number).all(|divisor| number % divisor != 0));
        CONSTANTS.iter().zip(primes).for_each(|(constant, prime)| constant.store(cube_root(prime), Relaxed));
    }
    &CONSTANTS
}

/// The first 64 bits behind the point of a prime's cube root, the greatest whose cube is smaller; below 512.
fn cube_root(prime: u32) -> u64 {
    let whole = (1..8).rev().find(|whole| whole * whole * whole < prime).unwrap_or_default();
    let rest = u128::from(prime - whole * whole * whole) << 64;
    let thrice = u128::from(3 * whole);
    (0..u64::BITS).rev().fold(0, |root, bit| {
        let longer = root | 1 << bit;
        let fraction = u128::from(longer);
        let square = fraction * fraction;
        let (high, low) = (square >> 64, square & u128::from(u64::MAX));
        // (whole + fraction)³ - whole³, of which what lies below the rest's bits is only carried.
        let carried = (high * fraction + thrice * low + ((low * fraction) >> 64)) >> 64;
        let cube = thrice * (u128::from(whole) * fraction + high) + carried;
        if cube < rest { longer } else { root }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_constants_are_those_that_are_published() {
        assert_eq!(constants().each_ref().map(|constant| constant.load(Relaxed)), PUBLISHED);
    }

    /// FIPS 180-4 §4.2.3.
    const PUBLISHED: [u64; 80] = [
        0x428a_2f98_d728_ae22,
        0x7137_4491_23ef_65cd,
        0xb5c0_fbcf_ec4d_3b2f,
        0xe9b5_dba5_8189_dbbc,
        0x3956_c25b_f348_b538,
        0x59f1_11f1_b605_d019,
        0x923f_82a4_af19_4f9b,
        0xab1c_5ed5_da6d_8118,
        0xd807_aa98_a303_0242,
        0x1283_5b01_4570_6fbe,
        0x2431_85be_4ee4_b28c,
        0x550c_7dc3_d5ff_b4e2,
        0x72be_5d74_f27b_896f,
        0x80de_b1fe_3b16_96b1,
        0x9bdc_06a7_25c7_1235,
        0xc19b_f174_cf69_2694,
        0xe49b_69c1_9ef1_4ad2,
        0xefbe_4786_384f_25e3,
        0x0fc1_9dc6_8b8c_d5b5,
        0x240c_a1cc_77ac_9c65,
        0x2de9_2c6f_592b_0275,
        0x4a74_84aa_6ea6_e483,
        0x5cb0_a9dc_bd41_fbd4,
        0x76f9_88da_8311_53b5,
        0x983e_5152_ee66_dfab,
        0xa831_c66d_2db4_3210,
        0xb003_27c8_98fb_213f,
        0xbf59_7fc7_beef_0ee4,
        0xc6e0_0bf3_3da8_8fc2,
        0xd5a7_9147_930a_a725,
        0x06ca_6351_e003_826f,
        0x1429_2967_0a0e_6e70,
        0x27b7_0a85_46d2_2ffc,
        0x2e1b_2138_5c26_c926,
        0x4d2c_6dfc_5ac4_2aed,
        0x5338_0d13_9d95_b3df,
        0x650a_7354_8baf_63de,
        0x766a_0abb_3c77_b2a8,
        0x81c2_c92e_47ed_aee6,
        0x9272_2c85_1482_353b,
        0xa2bf_e8a1_4cf1_0364,
        0xa81a_664b_bc42_3001,
        0xc24b_8b70_d0f8_9791,
        0xc76c_51a3_0654_be30,
        0xd192_e819_d6ef_5218,
        0xd699_0624_5565_a910,
        0xf40e_3585_5771_202a,
        0x106a_a070_32bb_d1b8,
        0x19a4_c116_b8d2_d0c8,
        0x1e37_6c08_5141_ab53,
        0x2748_774c_df8e_eb99,
        0x34b0_bcb5_e19b_48a8,
        0x391c_0cb3_c5c9_5a63,
        0x4ed8_aa4a_e341_8acb,
        0x5b9c_ca4f_7763_e373,
        0x682e_6ff3_d6b2_b8a3,
        0x748f_82ee_5def_b2fc,
        0x78a5_636f_4317_2f60,
        0x84c8_7814_a1f0_ab72,
        0x8cc7_0208_1a64_39ec,
        0x90be_fffa_2363_1e28,
        0xa450_6ceb_de82_bde9,
        0xbef9_a3f7_b2c6_7915,
        0xc671_78f2_e372_532b,
        0xca27_3ece_ea26_619c,
        0xd186_b8c7_21c0_c207,
        0xeada_7dd6_cde0_eb1e,
        0xf57d_4f7f_ee6e_d178,
        0x06f0_67aa_7217_6fba,
        0x0a63_7dc5_a2c8_98a6,
        0x113f_9804_bef9_0dae,
        0x1b71_0b35_131c_471b,
        0x28db_77f5_2304_7d84,
        0x32ca_ab7b_40c7_2493,
        0x3c9e_be0a_15c9_bebc,
        0x431d_67c4_9c10_0d4c,
        0x4cc5_d4be_cb3e_42b6,
        0x597f_299c_fc65_7e2a,
        0x5fcb_6fab_3ad6_faec,
        0x6c44_198c_4a47_5817,
    ];
}
