//! `keyfob`, the one command of Keyfob.
#![forbid(unsafe_code)]

mod args;
mod commands;
mod exit;
mod legacy;
mod output;
mod seed_file;
mod terminal;

use std::process::ExitCode;

fn main() -> ExitCode {
    commands::run(std::env::args_os().collect())
}
