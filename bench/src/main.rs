//! `cargo xtask bench`: how fast a sign-in is, next to the other modules for one-time codes; `cargo xtask bench wasm`: how fast
//! the package for web frontends is, next to other libraries.
#![forbid(unsafe_code)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks to a person")]

mod apart;
mod codes;
mod enumeration;
mod machine;
mod ours;
mod page;
mod peers;
mod plot;
mod rates;
mod refusals;
mod report;
mod shuffle;
mod sign_ins;
mod statistics;
mod target;
mod wasm;
mod way;

use std::{path::Path, process::ExitCode};

use keyfob_tests::Result;

use ours::Ours;
use peers::Peers;
use refusals::Refusals;
use report::Found;
use way::Way;

const ROUNDS: usize = 1000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.split_first() {
        Some((first, rest)) if first == "--inside" => run(rest),
        Some((first, [figures])) if first == "--wasm" => wasm::write(Path::new(figures)),
        _ => apart::run(&arguments)
            .and_then(|status| if status.success() { Ok(()) } else { Err("failed".into()) }),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Without an argument, as much as is written down; with a number of rounds, a try that only prints. `refusals` measures those alone.
fn run(arguments: &[String]) -> Result<()> {
    let (only_refusals, rounds) = match arguments.split_first() {
        Some((first, rest)) if first == "refusals" => (true, rest),
        _ => (false, arguments),
    };
    let rounds = rounds.first().map(|rounds| rounds.parse()).transpose()?;
    if !only_refusals {
        compare_with_peers(rounds)?;
    }
    let refusals = Refusals(enumeration::measure(rounds.unwrap_or(enumeration::CALLS))?);
    println!("{}", refusals.text());
    if rounds.is_none() { refusals.write() } else { Ok(()) }
}

fn compare_with_peers(rounds: Option<usize>) -> Result<()> {
    let facts = machine::facts()?;
    let (peers, mut ours) = (Peers::new()?, Ours::all()?);
    let mut theirs = peers.ways()?;
    println!("Everything is set up; measuring takes some minutes.");
    let mut ways: Vec<&mut Way> =
        theirs.iter_mut().chain(ours.iter_mut().map(|ours| &mut ours.way)).collect();
    let times = sign_ins::measure(&mut ways, rounds.unwrap_or(ROUNDS))?;
    ways.retain(|way| way.in_rates);
    let rates = rates::measure(&mut ways)?;
    let targets = target::all(&times, &rates);
    let found = Found { facts, times, rates, targets };
    println!("{}", found.text());
    if rounds.is_none() { found.write() } else { Ok(()) }
}
