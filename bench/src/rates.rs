//! Eight processes at a time, each on an account of its own.

use std::{
    thread,
    time::{Duration, Instant},
};

use keyfob_tests::Result;

use crate::{
    apart::WITHOUT_DEVICE,
    way::{Account, Service, Way},
};

const AT_ONCE: usize = 8;
const SLICES: usize = 4;
const SLICE: Duration = Duration::from_secs(3);

/// What came of a way's sign-ins.
#[derive(Debug)]
pub struct Rate {
    /// The way.
    pub name: &'static str,
    /// Sign-ins that were accepted.
    pub accepted: u32,
    /// Sign-ins with a right code that were refused.
    pub refused: u32,
    seconds: f64,
}

impl Rate {
    /// Accepted sign-ins a second.
    #[must_use]
    pub fn a_second(&self) -> f64 {
        f64::from(self.accepted) / self.seconds
    }

    /// Of a hundred sign-ins, so many were refused.
    #[must_use]
    pub fn refused_percent(&self) -> f64 {
        100.0 * f64::from(self.refused) / f64::from(self.refused + self.accepted)
    }
}

/// Each way in slices of time, in turn.
pub fn measure(ways: &mut [&mut Way]) -> Result<Vec<Rate>> {
    let mut rates: Vec<Rate> =
        ways.iter().map(|way| Rate { name: way.name, accepted: 0, refused: 0, seconds: 0.0 }).collect();
    for _ in 0..SLICES {
        for (way, rate) in ways.iter_mut().zip(&mut rates) {
            add_slice(way, rate)?;
        }
    }
    Ok(rates)
}

fn add_slice(way: &mut Way, rate: &mut Rate) -> Result<()> {
    let (service, start) = (&way.service, Instant::now());
    let mut accounts = way.right.iter_mut().take(AT_ONCE);
    let counts: Vec<Result<(u32, u32)>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..AT_ONCE)
            .map(|_| (accounts.next(), scope))
            .map(|(account, scope)| {
                scope.spawn(move || sign_in_again(service, account, start).map_err(|e| e.to_string()))
            })
            .collect();
        workers.into_iter().map(|worker| Ok(worker.join().map_err(|_| "a worker failed")??)).collect()
    });
    rate.seconds += start.elapsed().as_secs_f64();
    for count in counts {
        let (accepted, refused) = count?;
        rate.accepted += accepted;
        rate.refused += refused;
    }
    Ok(())
}

/// A code that was refused is entered again: it has not been used.
fn sign_in_again(service: &Service, mut account: Option<&mut Account>, start: Instant) -> Result<(u32, u32)> {
    let (mut accepted, mut refused) = (0, 0);
    while start.elapsed() < SLICE {
        let record = match &mut account {
            Some(account) => service.sign_in(&account.user, account.codes.right()?)?,
            None => service.sign_in(WITHOUT_DEVICE, "000000")?,
        };
        if record.outcome() != "PAM_SUCCESS" {
            refused += 1;
            continue;
        }
        accepted += 1;
        if let Some(account) = &mut account {
            account.codes.press();
        }
    }
    Ok((accepted, refused))
}
