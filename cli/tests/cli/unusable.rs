//! Store, key and policy that can't be used: exit code 3, and nothing is lost.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::oathtool::TOTP;
use crate::site::{Answer, Site, USER};

/// Each command refuses alike, whatever it is about; the sign-in of an account without a device too.
const COMMANDS: [&[&str]; 6] = [
    &["device", "list"],
    &["user", "list"],
    &["verify", "--user", "bin", "--code", "123456"],
    &["enable", "--user", USER, "--serial", "GAHT12345678", "--code1", "111111", "--code2", "222222"],
    &["recovery-codes", "--user", USER],
    &["log"],
];

#[track_caller]
fn all_are_unusable(site: &Site, message: &str) {
    for arguments in COMMANDS {
        site.keyfob(arguments).unusable(message);
    }
}

/// Once it is mended, everything is there as it was.
fn nothing_is_lost(site: &Site, step: u64) {
    site.verify(&TOTP.code(step)).refused("that code was already used: wait for the next one");
    site.verify(&TOTP.code(step + 1)).done();
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn swapped<T>(path: &Path, content: &[u8], meanwhile: impl FnOnce() -> T) -> T {
    let kept = fs::read(path).unwrap();
    fs::write(path, content).unwrap();
    let result = meanwhile();
    fs::write(path, kept).unwrap();
    result
}

#[test]
fn before_init_each_command_names_it() {
    let site = Site::empty();
    let policy = site.path("keyfob.toml");
    let missing = format!(
        "the policy {} does not exist: make it with `keyfob init`, or restore it from a backup",
        policy.display()
    );
    all_are_unusable(&site, &missing);
}

#[test]
fn init_is_safe_to_run_again() {
    let site = Site::empty();
    let line =
        |what: &str, name: &str, state: &str| format!("{what}: {} ({state})\n", site.path(name).display());
    let lines = |state: &str| {
        line("store", "keyfob.db", state)
            + &line("policy", "keyfob.toml", state)
            + &line("master key", "master.key", state)
    };
    let next = "ext, import the tokens' seed file: keyfob device import FILE\n";
    let first = site.keyfob(&["init"]).done();
    assert_eq!(first, format!("{}Back up the master key apart from the store. N{next}", lines("made")));
    let mode_of = |name: &str| fs::metadata(site.path(name)).unwrap().permissions().mode() & 0o7777;
    assert_eq!(["keyfob.db", "master.key", "keyfob.toml"].map(mode_of), [0o600, 0o600, 0o644]);

    let key = fs::read(site.path("master.key")).unwrap();
    let again = site.keyfob(&["init"]).done();
    assert_eq!(again, format!("{}N{next}", lines("there already, left as it is")));
    assert_eq!(fs::read(site.path("master.key")).unwrap(), key);
}

#[test]
fn init_beside_a_daemon_says_that_the_store_is_there_and_in_use() {
    let site = Site::new(&[TOTP]);
    let _daemon = site.daemon();
    let said = site.keyfob(&["init"]).done();
    let store = format!("store: {} (there already, in use by another process)\n", site.store().display());
    assert!(said.starts_with(&store), "{said}");
    assert_eq!(said.matches("(there already, left as it is)").count(), 2, "{said}");
    assert!(said.contains("`keyfob daemon`") && said.contains("--socket"), "{said}");
}

#[test]
fn a_missing_store_is_named_and_never_made_anew() {
    let (site, step) = Site::with_associated(TOTP);
    let (store, away) = (site.store(), site.path("away"));
    fs::rename(&store, &away).unwrap();
    let missing = format!(
        "the store {} does not exist: make it with `keyfob init`, or restore it from a backup",
        store.display()
    );
    all_are_unusable(&site, &missing);
    assert!(!store.exists());
    fs::rename(&away, &store).unwrap();
    nothing_is_lost(&site, step);
}

#[test]
fn open_modes_are_refused_with_the_command_that_mends_them() {
    let (site, step) = Site::with_associated(TOTP);
    for (what, name, open, mended) in [
        ("store", "keyfob.db", 0o640, "0600"),
        ("master key", "master.key", 0o604, "0600"),
        ("policy", "keyfob.toml", 0o666, "0644"),
    ] {
        let path = site.path(name);
        set_mode(&path, open);
        let shown = path.display();
        all_are_unusable(
            &site,
            &format!("the {what} {shown} is open to others (mode {open:04o}): run `chmod {mended} {shown}`"),
        );
        set_mode(&path, u32::from_str_radix(mended, 8).unwrap());
    }
    nothing_is_lost(&site, step);
}

#[test]
fn a_store_that_is_none_is_refused_and_left_alone() {
    let (site, step) = Site::with_associated(TOTP);
    let store = site.store();
    let text = b"this is a letter to a friend\n".repeat(200);
    swapped(&store, &text, || {
        let not_a_store = format!(
            "{} is not a Keyfob store: move it away, or name the store with --store",
            store.display()
        );
        all_are_unusable(&site, &not_a_store);
        assert_eq!(fs::read(&store).unwrap(), text);
    });
    nothing_is_lost(&site, step);
}

#[test]
fn a_truncated_store_is_refused() {
    let (site, step) = Site::with_associated(TOTP);
    let store = site.store();
    let whole = fs::read(&store).unwrap();
    swapped(&store, &whole[..whole.len() / 2], || {
        for arguments in COMMANDS {
            names_the_store(&site.keyfob(arguments), &store);
        }
    });
    nothing_is_lost(&site, step);
}

fn names_the_store(answer: &Answer, store: &Path) {
    assert_eq!((answer.code, answer.out.as_str()), (Some(3), ""), "{answer:?}");
    assert!(
        answer.err.starts_with(&format!("keyfob: the store {} is damaged (", store.display())),
        "{answer:?}"
    );
    assert!(answer.err.ends_with("): restore it from a backup\n"), "{answer:?}");
}

#[test]
fn a_newer_store_is_refused_by_its_version() {
    let (site, step) = Site::with_associated(TOTP);
    let store = site.store();
    // SQLite's user_version, at byte 60 of its header, is the store's version.
    let mut newer = fs::read(&store).unwrap();
    newer[60..64].copy_from_slice(&9_999u32.to_be_bytes());
    swapped(&store, &newer, || {
        let answer = site.keyfob(&["device", "list"]);
        assert_eq!(answer.code, Some(3), "{answer:?}");
        let expected = format!("keyfob: the store {} has version 9999, newer than version ", store.display());
        assert!(answer.err.starts_with(&expected) && answer.err.ends_with(": update Keyfob\n"), "{answer:?}");
    });
    nothing_is_lost(&site, step);
}

#[test]
fn a_missing_key_is_refused_and_init_makes_no_other() {
    let (site, step) = Site::with_associated(TOTP);
    let (key, away) = (site.path("master.key"), site.path("away"));
    fs::rename(&key, &away).unwrap();
    let missing = format!(
        "the master key {} does not exist: make it with `keyfob init`, or restore it from a backup",
        key.display()
    );
    all_are_unusable(&site, &missing);
    assert_eq!(site.keyfob(&["init"]).code, Some(3));
    assert!(!key.exists());
    fs::rename(&away, &key).unwrap();
    nothing_is_lost(&site, step);
}

#[test]
fn another_stores_key_is_refused() {
    let (site, step) = Site::with_associated(TOTP);
    let other = Site::new(&[]);
    let key = site.path("master.key");
    swapped(&key, &fs::read(other.path("master.key")).unwrap(), || {
        let (key, store) = (key.display(), site.store());
        let message = format!(
            "the master key {key} does not belong to the store {}: restore the one that does",
            store.display()
        );
        all_are_unusable(&site, &message);
    });
    nothing_is_lost(&site, step);
}

#[test]
fn a_mistake_in_the_policy_is_named_with_its_line() {
    let (site, step) = Site::with_associated(TOTP);
    let policy = site.path("keyfob.toml");
    swapped(&policy, b"[throttle]\nfree_failure = 5\n", || {
        let answer = site.keyfob(&["device", "list"]);
        let expected = format!(
            "keyfob: the policy {} has a mistake: line 2: unknown field `free_failure`",
            policy.display()
        );
        assert!(answer.code == Some(3) && answer.err.starts_with(&expected), "{answer:?}");
        assert_eq!(answer.err.lines().count(), 1, "{answer:?}");
        assert_eq!(site.verify(&TOTP.code(step + 1)).code, Some(3));
    });
    nothing_is_lost(&site, step);
}
