//! `cargo xtask bench`: how fast a sign-in is, next to the other modules for one-time codes.
#![forbid(unsafe_code)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks to a person")]

mod apart;
mod codes;
mod machine;
mod ours;
mod peers;
mod rates;
mod sign_ins;
mod statistics;
mod way;

use std::process::ExitCode;

use keyfob_tests::Result;

use ours::Ours;
use peers::Peers;
use way::Way;

const ROUNDS: usize = 1000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.split_first() {
        Some((first, rest)) if first == "--inside" => run(rest),
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

fn run(arguments: &[String]) -> Result<()> {
    let rounds = arguments.first().map_or(Ok(ROUNDS), |rounds| rounds.parse())?;
    let facts = machine::facts()?;
    println!("{facts:#?}");
    let peers = Peers::new()?;
    let (mut theirs, mut ours) = (peers.ways()?, Ours::all()?);
    println!("set up");
    let mut ways: Vec<&mut Way> =
        theirs.iter_mut().chain(ours.iter_mut().map(|ours| &mut ours.way)).collect();
    for times in sign_ins::measure(&mut ways, rounds)? {
        println!("{} {:?}", times.name, times.cases.map(|c| (c.count(), c.median(), c.percentile(99))));
    }
    for rate in rates::measure(&mut ways)? {
        println!("{} {:.0} refused {}%", rate.name, rate.a_second(), rate.refused_percent());
    }
    Ok(())
}
