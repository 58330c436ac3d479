use std::io;
use std::path::PathBuf;

use keyfob_authority::Surroundings;
use keyfob_core::UnixTime;
use keyfob_service::Config;
use tracing::level_filters::LevelFilter;

use crate::args::Serve;
use crate::exit::Failure;

pub fn run(options: &Serve, socket: PathBuf) -> Result<(), Failure> {
    log_to_standard_error();
    let Serve { listen, behind_proxy, pages } = options;
    let config =
        Config { listen: *listen, is_behind_proxy: *behind_proxy, pages: pages.clone(), socket, now };
    Ok(keyfob_service::run(config)?)
}

fn now() -> UnixTime {
    Surroundings::system().clock.now()
}

/// One JSON object a line. Nothing else in this program logs.
fn log_to_standard_error() {
    let log = tracing_subscriber::fmt().json().flatten_event(true).with_target(false);
    log.with_max_level(LevelFilter::INFO).with_writer(io::stderr).init();
}
