//! The PAM module as a file: what it exports, what it needs, how it is linked.

use std::{fs, path::Path, process::Command};

use keyfob_tests::{Result, build, command};

const MOST_BYTES: u64 = 3 * 1024 * 1024;

/// What libpam may call.
const EXPORTS: [&str; 2] = ["pam_sm_authenticate", "pam_sm_setcred"];

/// What changes the host, or reads what its user sets: none of it is to be had. `getenv` is, by the standard library and SQLite; the tests see that
/// nobody calls it.
const FORBIDDEN_IMPORTS: [&str; 16] = [
    "environ",
    "secure_getenv",
    "setenv",
    "putenv",
    "setlocale",
    "openlog",
    "closelog",
    "signal",
    "sigaction",
    "pthread_create",
    "fork",
    "execve",
    "posix_spawn",
    "dlopen",
    "exit",
    "_exit",
];

/// Builds the module as it ships and checks it.
///
/// # Errors
/// Every mistake.
pub fn check() -> Result<()> {
    let module = build::pam_module()?;
    let bytes = fs::metadata(&module)?.len();
    let exported = run("nm", &["--dynamic", "--defined-only", "--format=posix"], &module)?;
    let imported = run("nm", &["--dynamic", "--undefined-only", "--format=posix"], &module)?;
    let dynamic = run("readelf", &["--dynamic", "--wide"], &module)?;
    let manifest = fs::read_to_string(build::checkout().join("Cargo.toml"))?;
    println!("{} bytes; it needs {}", bytes, needed(&dynamic).join(", "));
    let checks = [
        size(bytes),
        exports(&exported),
        imports(&imported),
        stays_loaded(&dynamic),
        libraries(&dynamic),
        unwinds(&manifest),
    ];
    let mistakes: Vec<String> = checks.into_iter().flatten().collect();
    if mistakes.is_empty() { Ok(()) } else { Err(mistakes.join("; ").into()) }
}

fn run(program: &str, arguments: &[&str], module: &Path) -> Result<String> {
    command::run(Command::new(program).args(arguments).arg(module))
}

fn size(bytes: u64) -> Option<String> {
    (bytes > MOST_BYTES).then(|| format!("the module has {bytes} bytes, more than {MOST_BYTES}"))
}

fn exports(nm: &str) -> Option<String> {
    let mut names: Vec<&str> = symbols(nm).collect();
    names.sort_unstable();
    (names != EXPORTS).then(|| format!("the module exports {names:?} instead of {EXPORTS:?}"))
}

fn imports(nm: &str) -> Option<String> {
    let forbidden: Vec<&str> = symbols(nm).filter(|name| FORBIDDEN_IMPORTS.contains(name)).collect();
    (!forbidden.is_empty()).then(|| format!("the module imports {}", forbidden.join(", ")))
}

/// `getenv@GLIBC_2.2.5 U` on each line.
fn symbols(nm: &str) -> impl Iterator<Item = &str> {
    nm.lines().filter_map(|line| line.split(['@', ' ']).next())
}

/// `pam_end` unloads modules; thread-local destructors must not run in memory that is gone.
fn stays_loaded(readelf: &str) -> Option<String> {
    (!readelf.contains("NODELETE")).then(|| "the module is not linked with -z nodelete".to_owned())
}

/// The host's other libraries stay the host's affair: libpam and the C library's own.
fn libraries(readelf: &str) -> Option<String> {
    let known = ["libpam.so.0", "libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"];
    let others: Vec<&str> = needed(readelf).into_iter().filter(|name| !known.contains(name)).collect();
    (!others.is_empty()).then(|| format!("the module needs {}", others.join(", ")))
}

/// ` 0x… (NEEDED)  Shared library: [libc.so.6]`
fn needed(readelf: &str) -> Vec<&str> {
    let library = |line: &'_ str| line.contains("(NEEDED)");
    readelf.lines().filter(|line| library(line)).filter_map(|line| line.split(['[', ']']).nth(1)).collect()
}

/// A panic has to stay inside the module. The package for web frontends has a profile of its own: WebAssembly can't unwind.
fn unwinds(manifest: &str) -> Option<String> {
    let mut section = "";
    let aborts = manifest.lines().any(|line| {
        if line.starts_with('[') {
            section = line;
        }
        let is_abort = line.split_whitespace().collect::<String>() == "panic=\"abort\"";
        is_abort && section != "[profile.wasm]"
    });
    aborts.then(|| "a profile says panic = \"abort\"".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DYNAMIC: &str = " 0x01 (NEEDED)  Shared library: [libpam.so.0]\n 0x01 (NEEDED)  Shared library: [libc.so.6]\n \
                           0x6ffffffb (FLAGS_1) Flags: NODELETE\n";

    #[test]
    fn what_is_right_passes() {
        assert_eq!(size(MOST_BYTES), None);
        assert_eq!(exports("pam_sm_setcred T 1 2\npam_sm_authenticate T 3 4\n"), None);
        assert_eq!(imports("getenv@GLIBC_2.2.5 U\nread@GLIBC_2.2.5 U\n"), None);
        assert_eq!(stays_loaded(DYNAMIC), None);
        assert_eq!(libraries(DYNAMIC), None);
        assert_eq!(unwinds("# Never panic = \"abort\"\npanic = \"unwind\"\n"), None);
        assert_eq!(unwinds("[profile.wasm]\npanic = \"abort\"\n"), None);
    }

    #[test]
    fn what_is_wrong_is_told() {
        assert!(size(MOST_BYTES + 1).is_some());
        assert!(exports("pam_sm_authenticate T 3 4\n").is_some());
        assert!(
            exports("pam_sm_authenticate T 1 1\npam_sm_setcred T 1 1\npam_sm_acct_mgmt T 1 1\n").is_some()
        );
        assert!(imports("getenv@GLIBC_2.2.5 U\nenviron@GLIBC_2.2.5 U\n").is_some());
        assert!(stays_loaded(" 0x6ffffffb (FLAGS_1) Flags: NOW\n").is_some());
        assert!(libraries(" 0x01 (NEEDED)  Shared library: [libssl.so.3]\n").is_some());
        assert!(libraries(" 0x01 (NEEDED)  Shared library: [libgcc_s.so.1]\n").is_some());
        assert!(unwinds("[profile.release]\n  panic=\"abort\"\n").is_some());
        assert!(unwinds("[profile.wasm]\nlto = true\n[profile.dev]\npanic = \"abort\"\n").is_some());
    }
}
