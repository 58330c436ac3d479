use std::io;
use std::path::PathBuf;

use keyfob_authority::Surroundings;
use keyfob_core::UnixTime;
use keyfob_service::{Config, TlsFiles};
use tracing::level_filters::LevelFilter;

use crate::args::Serve;
use crate::exit::Failure;

pub fn run(options: &Serve, socket: PathBuf) -> Result<(), Failure> {
    log_to_standard_error();
    Ok(keyfob_service::run(config(options, socket))?)
}

fn config(options: &Serve, socket: PathBuf) -> Config {
    let Serve { listen, tls_cert, tls_key, behind_proxy, metrics_listen, metrics_public, pages } =
        options.clone();
    Config {
        listen,
        tls: tls_cert.zip(tls_key).map(|(certificate, key)| TlsFiles { certificate, key }),
        is_behind_proxy: behind_proxy,
        metrics: metrics_listen,
        are_metrics_public: metrics_public,
        pages,
        socket,
        now,
    }
}

fn now() -> UnixTime {
    Surroundings::system().clock.now()
}

/// One JSON object a line. Nothing else in this program logs.
fn log_to_standard_error() {
    let log = tracing_subscriber::fmt().json().flatten_event(true).with_target(false);
    log.with_max_level(LevelFilter::INFO).with_writer(io::stderr).init();
}
