//! The systemd units of daemon and enrollment service: no key that systemd does not know, and a sandbox.

use std::{fs, path::Path, process::Command};

use keyfob_tests::{Result, build, command};

/// Folder, service and socket. The second names the first's socket.
const UNITS: [(&str, [&str; 2]); 2] = [
    ("daemon/systemd", ["keyfob.service", "keyfob.socket"]),
    ("service/systemd", ["keyfob-serve.service", "keyfob-serve.socket"]),
];

/// What the units start, once it is installed.
const INSTALLED: &str = "/usr/bin/keyfob";

/// systemd's measure of what a service could do if it were taken over, 0 to 10, stays below.
const EXPOSURE_LIMIT: f64 = 3.0;

/// Checks all units.
///
/// # Errors
/// What systemd finds fault with, or too high an exposure.
pub fn check() -> Result<()> {
    let copies = build::target()?.join("units");
    fs::create_dir_all(&copies)?;
    for (folder, units) in UNITS {
        copy(&build::checkout().join(folder), &units, &copies)?;
    }
    for (folder, units) in UNITS {
        verify(&copies, &units)?;
        let [service, _] = units;
        check_exposure(&build::checkout().join(folder).join(service))?;
    }
    Ok(())
}

/// systemd also wants to see the program that is started, so the copies that it reads name one that is there: this one.
fn copy(folder: &Path, units: &[&str], copies: &Path) -> Result<()> {
    let program = std::env::current_exe()?.display().to_string();
    for unit in units {
        let text = fs::read_to_string(folder.join(unit))?;
        fs::write(copies.join(unit), text.replace(INSTALLED, &program))?;
    }
    Ok(())
}

/// systemd only warns of an unknown key, and ignores it.
fn verify(copies: &Path, units: &[&str]) -> Result<()> {
    let mut analyze = Command::new("systemd-analyze");
    analyze.args(["verify", "--man=no"]).args(units.iter().map(|unit| copies.join(unit)));
    let output = command::output(&mut analyze)?;
    let said = command::text(&output.stderr);
    if output.status.success() && said.is_empty() {
        Ok(())
    } else {
        Err(format!("`{}`: {said} ({})", command::shown(&analyze), output.status).into())
    }
}

fn check_exposure(service: &Path) -> Result<()> {
    let mut analyze = Command::new("systemd-analyze");
    let report = command::run(analyze.args(["security", "--offline=true", "--no-pager"]).arg(service))?;
    let exposure = exposure(&report).ok_or("systemd-analyze security tells no exposure level")?;
    println!("{}: exposure level {exposure}", service.display());
    if exposure < EXPOSURE_LIMIT {
        Ok(())
    } else {
        Err(format!("{}: exposure level {exposure}, not under {EXPOSURE_LIMIT:.1}", service.display()).into())
    }
}

/// `→ Overall exposure level for keyfob.service: 1.0 OK`
fn exposure(report: &str) -> Option<f64> {
    let line = report.lines().find(|line| line.contains("exposure level"))?;
    line.rsplit_once(": ")?.1.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exposure_stands_in_the_last_line() {
        let report =
            "  NAME  EXPOSURE\n✗ User=  0.4\n\n→ Overall exposure level for keyfob.service: 9.2 UNSAFE 😨\n";
        assert_eq!(exposure(report), Some(9.2));
        assert_eq!(exposure("nothing"), None);
    }
}
