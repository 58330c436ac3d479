//! The pages: `cargo xtask pages` builds them into `www/dist`; their tests run in Chromium, with the service and its daemon as they ship.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use keyfob_tests::{Daemon, Host, Result, Service, build, command};

use crate::{test::succeed, wasm};

/// Where the host has what it serves.
const FOLDER: &str = "/var/lib/keyfob-pages";

/// The service's user, an administrators' group, root's password, and the PAM service that checks passwords.
const SET_UP: &str = r#"
useradd --system --shell /usr/sbin/nologin keyfob
usermod --password "$(getent shadow alice | cut -d: -f2)" root
sed -i 's/^administrators = .*/administrators = "sudo"/' /etc/keyfob/keyfob.toml
grep -q '^administrators = "sudo"' /etc/keyfob/keyfob.toml || printf '\n[service]\nadministrators = "sudo"\n' >> /etc/keyfob/keyfob.toml
"#;

/// Builds the pages and what they import, and says where they are.
///
/// # Errors
/// A tool is missing, or a step fails.
pub fn build() -> Result<PathBuf> {
    wasm::pack()?;
    install()?;
    npm(&["run", "--silent", "build"])?;
    Ok(folder().join("dist"))
}

/// What the tests try with answers that are made up: states that a real service is seldom in.
///
/// # Errors
/// A test fails.
pub fn test_states() -> Result<()> {
    build()?;
    succeed(&mut playwright(Command::new("npx"), "states"))
}

/// What the tests try with the service and its daemon, on a host of their own.
///
/// # Errors
/// A test fails, or the host can't be set up.
pub fn test_with_service() -> Result<()> {
    let pages = build()?;
    let served = Served::new(&pages)?;
    let mut nsenter = Command::new("nsenter");
    nsenter.arg(format!("--target={}", served.host.id())).args(["--net", "--", "npx"]);
    nsenter.env("KEYFOB_ADDRESS", served.service.url()).env("KEYFOB_HOST", served.host.id().to_string());
    succeed(&mut playwright(nsenter, "service"))
}

/// A host that serves the pages.
struct Served {
    service: Service,
    _daemon: Daemon,
    host: Host,
}

impl Served {
    fn new(pages: &Path) -> Result<Self> {
        let host = Host::new();
        host.sh(SET_UP);
        host.write(
            "/etc/pam.d/keyfob",
            &fs::read_to_string(build::checkout().join("daemon/pam.d/keyfob"))?,
        );
        copy(pages, &host)?;
        let daemon = host.start_daemon();
        let words = ["keyfob", "serve", "--listen", "127.0.0.1:0", "--pages", FOLDER];
        let service = Service::start(&mut host.reachable("keyfob", &words))?;
        Ok(Self { service, _daemon: daemon, host })
    }
}

/// The host sees none of the checkout.
fn copy(pages: &Path, host: &Host) -> Result<()> {
    host.sh(&format!("mkdir {FOLDER}"));
    let mut tar = Command::new("tar");
    let mut packing = tar.arg("-C").arg(pages).args(["-c", "."]).stdout(Stdio::piped()).spawn()?;
    let packed = packing.stdout.take().ok_or("no pipe")?;
    command::run(host.root(&["tar", "-x", "--no-same-owner", "-C", FOLDER]).stdin(packed))?;
    packing.wait()?;
    Ok(())
}

/// The very versions of the lock file, unless they are there already.
fn install() -> Result<()> {
    let wanted = fs::read_to_string(folder().join("package-lock.json"))?;
    let marker = folder().join("node_modules/installed");
    if fs::read_to_string(&marker).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    npm(&["ci", "--no-audit", "--no-fund", "--loglevel=error"])?;
    Ok(fs::write(marker, wanted)?)
}

fn npm(arguments: &[&str]) -> Result<()> {
    succeed(Command::new("npm").args(arguments).current_dir(folder()))
}

fn playwright(mut command: Command, project: &str) -> Command {
    command.args(["playwright", "test", &format!("--project={project}")]).current_dir(folder());
    command
}

fn folder() -> PathBuf {
    build::checkout().join("www")
}
