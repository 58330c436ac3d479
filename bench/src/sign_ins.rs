//! One sign-in at a time, all ways in turn.

use keyfob_tests::Result;

use crate::{
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

/// Goes round all ways and cases so often, and begins with another way in each round.
pub fn measure(ways: &mut [&mut Way], rounds: usize) -> Result<Vec<Times>> {
    let named = |way: &&mut Way| Times { name: way.name, cases: Default::default() };
    let mut times: Vec<Times> = ways.iter().map(named).collect();
    for round in 0..rounds {
        if round.is_multiple_of(100) {
            println!("Round {round} of {rounds}");
        }
        let first = round % ways.len().max(1);
        let in_order: Vec<usize> = (first..ways.len()).chain(0..first).collect();
        for index in in_order {
            if let (Some(way), Some(times)) = (ways.get_mut(index), times.get_mut(index)) {
                add_round(way, times, round)?;
            }
        }
    }
    Ok(times)
}

fn add_round(way: &mut Way, times: &mut Times, round: usize) -> Result<()> {
    for (case, sample) in Case::ALL.into_iter().zip(&mut times.cases) {
        if let Some(time) = way.measure(case, round)? {
            sample.add(time);
        }
    }
    Ok(())
}
