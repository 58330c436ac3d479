//! Another order each time, the same in each run.

/// Marsaglia's xorshift, for Fisher and Yates's shuffle.
#[derive(Debug)]
pub struct Shuffle(u64);

impl Default for Shuffle {
    fn default() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }
}

impl Shuffle {
    /// Shuffles.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.up_to(last));
        }
    }

    /// A number from 0 to `most`, as good as equally likely.
    fn up_to(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 32).unwrap_or_default() % (most + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_comes_to_each_place_about_equally_often() {
        let mut counts = [0u32; 16];
        let (mut shuffle, mut items) = (Shuffle::default(), [0usize, 1, 2, 3]);
        for _ in 0..4000 {
            shuffle.shuffle(&mut items);
            for (place, item) in items.into_iter().enumerate() {
                counts.iter_mut().skip(item * 4 + place).take(1).for_each(|count| *count += 1);
            }
        }
        assert!(counts.into_iter().all(|count| (900..1100).contains(&count)), "{counts:?}");
    }
}
