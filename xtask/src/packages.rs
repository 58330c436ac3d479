//! The Debian packages that a command needs.

use std::process::{Command, Stdio};

use keyfob_tests::{Result, command, namespace};

/// What the demo needs: libpam's headers, and tokens to read codes off.
pub const DEMO: [&str; 2] = ["libpam0g-dev", "oathtool"];
/// What the demo with pages needs: tokens to read codes off, and passwords.
pub const SERVED_DEMO: [&str; 3] = ["libpam0g-dev", "oathtool", "openssl"];
/// What the tests need: faults at system calls, a look into the store, real services and a browser, besides.
pub const TEST: [&str; 18] = [
    "libpam0g-dev",
    "oathtool",
    "sqlite3",
    "strace",
    "openssh-server",
    "openssh-client",
    "git",
    "sudo",
    "login",
    "expect",
    "cron",
    "at",
    "openssl",
    "mandoc",
    "systemd",
    "chromium",
    "chromium-driver",
    "python3",
];

/// What the benchmarks need: the other modules, besides.
pub const BENCH: [&str; 5] =
    ["libpam0g-dev", "oathtool", "sqlite3", "libpam-oath", "libpam-google-authenticator"];

/// Installs the packages that are missing, after naming them.
///
/// # Errors
/// An ordinary user is told the command instead; or apt-get fails.
pub fn install(needed: &[&str]) -> Result<()> {
    let mut missing = Vec::new();
    for package in needed {
        if !is_installed(package)? {
            missing.push(*package);
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    if !namespace::is_root()? {
        return Err(format!(
            "these packages are missing; install them with\n\n    sudo apt-get install {}\n",
            missing.join(" ")
        )
        .into());
    }
    println!("Installing the Debian packages {}", missing.join(", "));
    let install = [&["install", "--yes", "--no-install-recommends"], missing.as_slice()].concat();
    // Where it fails, the lists of packages may be missing or old.
    apt_get(&install).or_else(|_| apt_get(&["update"]).and_then(|()| apt_get(&install)))
}

fn is_installed(package: &str) -> Result<bool> {
    let mut query = Command::new("dpkg-query");
    let output = command::output(query.args(["--show", "--showformat=${db:Status-Status}", package]))?;
    Ok(output.status.success() && output.stdout == b"installed")
}

fn apt_get(arguments: &[&str]) -> Result<()> {
    let mut apt_get = Command::new("apt-get");
    apt_get.args(arguments);
    println!("$ {}", command::shown(&apt_get));
    let status = apt_get.env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed", command::shown(&apt_get)).into()) }
}
