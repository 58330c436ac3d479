//! A disk that is full or read-only, and a host that has run into its limits.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test; it shows its figures"
)]

use keyfob_tests::{
    Enrolled, Record, Site, Token,
    aftermath::Aftermath,
    site::{SERVICE, me, somebody_else},
    token::Kind,
};

/// Sign-ins on a full disk: far more than there is room for ahead.
const MANY: u32 = 1000;

fn on_small_disk() -> (Site, Enrolled) {
    let site = Site::with_disk("4m");
    let fob = site.enroll(&me(), "T1", Kind::Hotp);
    (site, fob)
}

/// A full disk refuses nobody for as long as the store has room of its own; then it refuses everybody; once there is room again, all is as
/// before.
#[test]
fn a_full_disk() {
    let (site, mut fob) = on_small_disk();
    let filler = site.path("state/filler").display().to_string();
    site.run_inside("sh", &["-c", r#"cat /dev/zero > "$1" 2>&- || true"#, "sh", &filler]);
    for _ in 0..100 {
        let record = site.sign_in(&me()).answer(&fob.code()).run().unwrap();
        assert_eq!(record.summary(), (1, "PAM_SUCCESS"));
        site.logged();
    }
    let devices = fill_store(&site);
    let (code, refused) = sign_in_until_refused(&site, &mut fob);
    assert_eq!(refused.outcome(), "PAM_AUTHINFO_UNAVAIL", "{refused}");
    let log = site.logged().concat();
    assert!(
        log.contains(&format!("the disk of the store {} is full: make room", site.store().display())),
        "{log}"
    );
    site.run_inside("rm", &[&filler]);
    Aftermath::default().add(&site, &mut fob, &code, &refused).unwrap();
    let listed = site.keyfob_done(&["device", "list", "--json"]).matches("serial_number").count();
    assert_eq!(listed, devices + 1, "what was imported is there, what was refused is not");
}

/// Imports until there is no room even for one device more; how many were imported.
fn fill_store(site: &Site) -> usize {
    let mut imported = 0;
    for size in [1000, 100, 10, 1] {
        loop {
            let tokens: Vec<Token> = (0..size)
                .map(|number| Token::new(&format!("F{imported}-{size}-{number}"), Kind::Hotp))
                .collect();
            let import = site.try_import(&tokens);
            if import.status.code() == Some(3) {
                break;
            }
            assert!(import.status.success());
            imported += size;
        }
    }
    imported
}

/// Sign-ins that still find a place for their events, then the first that does not.
fn sign_in_until_refused(site: &Site, fob: &mut Enrolled) -> (String, Record) {
    for _ in 0..MANY {
        let code = fob.code();
        let record = site.sign_in(&me()).answer(&code).run().unwrap();
        if record.summary() != (1, "PAM_SUCCESS") {
            return (code, record);
        }
        site.logged();
    }
    unreachable!("{MANY} sign-ins on a full disk refused nobody");
}

#[test]
fn a_read_only_disk() {
    let (site, mut fob) = on_small_disk();
    let disk = site.path("state");
    let remount = |how: &str| {
        site.run_inside("mount", &["-o", &format!("remount,bind,{how}"), &disk.to_string_lossy()]);
    };
    remount("ro");
    for user in [me().as_str(), somebody_else()] {
        let record = site.sign_in(user).run().unwrap();
        assert_eq!(record.summary(), (0, "PAM_AUTHINFO_UNAVAIL"), "{record}");
        let log = site.logged().concat();
        assert!(log.contains("can't be written: make its disk and folder writable"), "{log}");
    }
    remount("rw");
    assert_eq!(site.sign_in(&me()).answer(&fob.code()).run().unwrap().summary(), (1, "PAM_SUCCESS"));
}

/// The host's limits are what the person who started it set them to.
#[test]
fn a_host_at_its_limits_lets_nobody_in_unasked_or_twice() {
    let site = Site::new();
    let mut fob = site.enroll(&me(), "T1", Kind::Hotp);
    let mut aftermath = Aftermath::default();
    for limit in limits() {
        let code = fob.token.code(fob.next).unwrap();
        let sign_in = site.sign_in_under(&["prlimit", &limit], SERVICE, &me()).answer(&code);
        let (record, _) = sign_in.start().unwrap().finish().unwrap();
        if could_start(&record) {
            fob.next += 1;
            aftermath.add(&site, &mut fob, &code, &record).unwrap();
        }
    }
    println!("of sign-ins of a host at its limits, {aftermath}");
}

/// Open files, the size of a file, and memory: from where libpam can't load the module to where all goes well.
fn limits() -> Vec<String> {
    let files = (4..12).map(|number| format!("--nofile={number}"));
    let sizes = (0..24).map(|steps| format!("--fsize={}", steps * 50_000));
    let memory = (64..112).map(|steps| format!("--as={}", steps * 64 * 1024));
    files.chain(sizes).chain(memory).collect()
}

/// Where libpam could not even load the module, it says so by itself.
fn could_start(record: &Record) -> bool {
    !["PAM_MODULE_UNKNOWN", "PAM_ABORT", "PAM_SYSTEM_ERR", "PAM_BUF_ERR", "PAM_OPEN_ERR"]
        .contains(&record.outcome())
}
