//! One sign-in at a time, all ways mixed.

use keyfob_tests::Result;

use crate::{
    shuffle::Shuffle,
    statistics::Sample,
    way::{Case, Way},
};

/// A way's times, by case.
#[derive(Debug)]
pub struct Times {
    /// The way.
    pub name: &'static str,
    /// In the order of [`Case::ALL`].
    pub cases: [Sample; 3],
}

/// Goes through all ways and cases so often, each time in another order: what one leaves behind in the processor's caches and on the way to
/// the disk is not always the same other's.
pub fn measure(ways: &mut [&mut Way], rounds: usize) -> Result<Vec<Times>> {
    let named = |way: &&mut Way| Times { name: way.name, cases: Default::default() };
    let mut times: Vec<Times> = ways.iter().map(named).collect();
    let mut shuffle = Shuffle::default();
    let mut order: Vec<(usize, Case)> =
        (0..ways.len()).flat_map(|index| Case::ALL.map(|case| (index, case))).collect();
    for round in 0..rounds {
        if round.is_multiple_of(100) {
            println!("Round {round} of {rounds}");
        }
        shuffle.shuffle(&mut order);
        for (index, case) in &order {
            if let (Some(way), Some(times)) = (ways.get_mut(*index), times.get_mut(*index)) {
                add(way, times, *case, round)?;
            }
        }
    }
    Ok(times)
}

fn add(way: &mut Way, times: &mut Times, case: Case, round: usize) -> Result<()> {
    let time = way.measure(case, round)?;
    let sample = Case::ALL.into_iter().zip(&mut times.cases).find(|(other, _)| *other == case);
    if let (Some(time), Some((_, sample))) = (time, sample) {
        sample.add(time);
    }
    Ok(())
}
