//! The project's own commands: `cargo xtask demo`, `cargo xtask test`, `cargo xtask bench`.
#![forbid(unsafe_code)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks to a person")]

mod arrows;
mod bench;
mod clients;
mod demo;
mod man_pages;
mod module_file;
mod npm;
mod packages;
mod pages;
mod seed_file;
mod sources;
mod test;
mod units;
mod wasm;

use std::process::ExitCode;

use keyfob_tests::{Result, build};

const HELP: &str = "\
usage: cargo xtask COMMAND

  demo                 imports a vendor's seed file, associates a token and signs in with it through libpam
  demo --interactive   the same, and you type the codes
  demo --serve         serves the pages on 127.0.0.1:8080 with accounts and tokens of their own, until you press Enter (needs root)
  wasm                 builds the package for web frontends into target/wasm
  pages                builds the pages of the enrollment service into www/dist
  test                 runs every check and every test
  test WORDS           runs the stages of it whose names contain the words: test pages
  bench                measures sign-ins next to the other modules for one-time codes, into docs/benchmarks.md (needs root)
  bench refusals       measures of it only whether refusals can be told apart by how long they take (needs root)
  bench wasm           measures the package for web frontends next to other libraries, in Node and Chromium, into docs/benchmarks.md
  advisories           looks the dependencies up in the database of security advisories (needs the network)

demo, test and bench say which Debian packages they need before they install them.";

fn main() -> ExitCode {
    // What is shown can then be typed by a person in the checkout.
    if let Err(error) = std::env::set_current_dir(build::checkout()) {
        return ended(Err(error.into()));
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["demo"] => ended(demo::run(false)),
        ["demo", "--interactive"] => ended(demo::run(true)),
        ["demo", "--serve"] => ended(demo::serve()),
        ["bench"] => ended(bench::run()),
        ["bench", "refusals"] => ended(bench::refusals()),
        ["bench", "wasm"] => ended(bench::package()),
        ["wasm"] => ended(wasm::run()),
        ["pages"] => ended(pages::build().map(|folder| println!("Built {}", folder.display()))),
        ["test", words @ ..] => ended(test::run(&words.join(" "))),
        ["advisories"] => ended(test::advisories()),
        [] | ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("{HELP}");
            ExitCode::from(2)
        }
    }
}

fn ended(result: Result<()>) -> ExitCode {
    let Err(error) = result else {
        return ExitCode::SUCCESS;
    };
    eprintln!("error: {error}");
    ExitCode::FAILURE
}
