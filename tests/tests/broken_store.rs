//! A store, key or policy that can't be used: nobody is let in, not even who has no device; the log says what to do; nothing is lost.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use std::{
    fs::{self, Permissions},
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
    process::Command,
};

use keyfob_tests::{
    Enrolled, Site, command,
    site::{SERVICE, me, somebody_else},
    token::Kind,
};

/// Breaks a site, sees that nobody gets in and what is told, mends it by putting its files back, and sees that nothing was lost.
fn broken(break_it: impl Fn(&Site), told: &str) {
    let (site, mut fob) = with_fob();
    site.save("spare");
    break_it(&site);
    for user in [me().as_str(), somebody_else()] {
        let record = site.sign_in(user).run().unwrap();
        assert_eq!(record.summary(), (0, "PAM_AUTHINFO_UNAVAIL"), "{record}");
        assert_eq!(record.said(), ["Codes can't be checked now: tell an administrator."]);
        let log = site.logged().concat();
        assert!(log.contains(told), "{log}");
    }
    let command_line = site.keyfob(&["verify", "--user", &me(), "--code", "000000"]);
    assert_eq!(command_line.status.code(), Some(3));
    let error = command::text(&command_line.stderr);
    assert!(error.contains(told), "{error}");
    site.restore("spare");
    assert_eq!(site.sign_in(&me()).answer(&fob.code()).run().unwrap().summary(), (1, "PAM_SUCCESS"));
}

fn with_fob() -> (Site, Enrolled) {
    let site = Site::with_log();
    let fob = site.enroll(&me(), "T1", Kind::Hotp);
    (site, fob)
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// Changes the store with another SQLite, which carries its log over first.
fn sqlite(site: &Site, sql: &str) {
    command::run(Command::new("sqlite3").arg(site.store()).arg(sql)).unwrap();
}

#[test]
fn a_missing_store() {
    broken(|site| fs::remove_file(site.store()).unwrap(), "does not exist");
}

#[test]
fn a_missing_folder() {
    broken(|site| fs::remove_dir_all(site.path("state")).unwrap(), "does not exist");
}

#[test]
fn an_empty_store() {
    broken(|site| fs::write(site.store(), "").unwrap(), "is not a Keyfob store");
}

#[test]
fn a_text_in_place_of_the_store() {
    broken(|site| fs::write(site.store(), "not a store".repeat(1000)).unwrap(), "is not a Keyfob store");
}

#[test]
fn another_programs_database() {
    broken(
        |site| {
            fs::remove_file(site.store()).unwrap();
            fs::remove_file(site.write_ahead_log()).unwrap();
            sqlite(site, "CREATE TABLE device (serial TEXT)");
            set_mode(&site.store(), 0o600);
        },
        "is not a Keyfob store",
    );
}

#[test]
fn a_truncated_store() {
    let halve = |site: &Site| {
        sqlite(site, "PRAGMA wal_checkpoint(TRUNCATE)");
        let length = fs::metadata(site.store()).unwrap().len();
        fs::File::options().write(true).open(site.store()).unwrap().set_len(length / 2).unwrap();
    };
    broken(halve, "is damaged");
}

#[test]
fn an_overwritten_store() {
    let overwrite = |site: &Site| {
        sqlite(site, "PRAGMA wal_checkpoint(TRUNCATE)");
        let mut bytes = fs::read(site.store()).unwrap();
        bytes[4096..].fill(0xff);
        fs::write(site.store(), bytes).unwrap();
    };
    broken(overwrite, "is damaged");
}

#[test]
fn a_store_of_a_newer_keyfob() {
    broken(|site| sqlite(site, "PRAGMA user_version = 99"), "has version 99, newer than version");
}

#[test]
fn a_store_that_a_group_may_read() {
    broken(|site| set_mode(&site.store(), 0o640), "chmod 0600");
}

#[test]
fn a_folder_that_a_group_may_write_to() {
    broken(|site| set_mode(&site.path("state"), 0o770), "chmod 0700");
}

#[test]
fn a_link_in_place_of_the_store() {
    let link = |site: &Site| {
        let elsewhere = site.path("elsewhere.db");
        fs::rename(site.store(), &elsewhere).unwrap();
        symlink(elsewhere, site.store()).unwrap();
    };
    broken(link, "is not a regular file");
}

#[test]
fn a_folder_in_place_of_the_store() {
    let folder = |site: &Site| {
        fs::remove_file(site.store()).unwrap();
        fs::create_dir(site.store()).unwrap();
    };
    broken(folder, "is not a regular file");
}

#[test]
fn a_journal_planted_beside_the_store() {
    broken(|site| fs::write(site.store().with_extension("db-journal"), "x").unwrap(), "move it away");
}

#[test]
fn a_missing_key() {
    broken(|site| fs::remove_file(site.key()).unwrap(), "does not exist");
}

#[test]
fn another_stores_key() {
    broken(|site| fs::write(site.key(), [7; 32]).unwrap(), "does not belong to the store");
}

#[test]
fn a_short_key() {
    broken(|site| fs::write(site.key(), [7; 31]).unwrap(), "has 31 bytes instead of 32");
}

#[test]
fn a_key_that_all_may_read() {
    broken(|site| set_mode(&site.key(), 0o644), "chmod 0600");
}

#[test]
fn a_missing_policy() {
    broken(|site| fs::remove_file(site.policy()).unwrap(), "does not exist");
}

#[test]
fn a_misspelt_setting() {
    broken(|site| fs::write(site.policy(), "[throttle]\nfree_failure = 3\n").unwrap(), "free_failure");
}

#[test]
fn a_setting_beyond_its_limit() {
    broken(|site| fs::write(site.policy(), "[throttle]\nmax_failures = 1000\n").unwrap(), "must be 1 to 100");
}

#[test]
fn a_policy_that_a_group_may_write() {
    broken(|site| set_mode(&site.policy(), 0o664), "chmod 0644");
}

/// Root reads everything, so the system has to refuse by itself.
#[test]
fn files_that_cant_be_read() {
    let (site, mut fob) = with_fob();
    for path in [site.store(), site.key(), site.policy()] {
        let path = path.to_string_lossy();
        let refusing = ["strace", "-o", "/dev/null", "-P", &path, "-e", "inject=openat:error=EACCES"];
        for user in [me().as_str(), somebody_else()] {
            let record = site.sign_in_under(&refusing, SERVICE, user).run().unwrap();
            assert_eq!(record.summary(), (0, "PAM_AUTHINFO_UNAVAIL"), "{path}: {record}");
            let log = site.logged().concat();
            assert!(log.contains(&*path) && log.contains("can't be used"), "{log}");
        }
    }
    assert_eq!(site.sign_in(&me()).answer(&fob.code()).run().unwrap().summary(), (1, "PAM_SUCCESS"));
}

/// Left behind by a crash, or planted: SQLite's own files and those of `keyfob init`.
#[test]
fn left_over_files_harm_nobody() {
    let (site, mut fob) = with_fob();
    let target = site.path("target");
    fs::write(&target, "untouched").unwrap();
    for name in ["keyfob.db-shm", "keyfob.db.lock", "keyfob.db.tmp", "keyfob.new"] {
        symlink(&target, site.path("state").join(name)).unwrap();
    }
    assert_eq!(site.sign_in(&me()).answer(&fob.code()).run().unwrap().summary(), (1, "PAM_SUCCESS"));
    assert_eq!(fs::read_to_string(&target).unwrap(), "untouched");
}
