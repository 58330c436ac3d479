//! A panic in the module, forced in each place that libpam calls: it lets nobody in, and the application lives on.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{fs, os::unix::fs::symlink};

use keyfob_tests::{
    Enrolled, Record, Site, build,
    site::{ALONE, me},
    token::Kind,
};

fn with_log() -> (Site, Enrolled) {
    let site = Site::with_log();
    let fob = site.enroll(&me(), "T1", Kind::Hotp);
    (site, fob)
}

/// The same with the module that can be forced.
fn with_forced() -> (Site, Enrolled) {
    let (site, fob) = with_log();
    let module = site.path("pam_keyfob.so");
    fs::remove_file(&module).unwrap();
    let built = build::pam_module_that_panics().unwrap();
    symlink(build::own_copy(&built).unwrap(), module).unwrap();
    (site, fob)
}

/// A sign-in with setcred; the driver has to end well.
fn sign_in(site: &Site, service: &str, answer: &str) -> Record {
    site.sign_in_to(service, &me()).option("--setcred").answer(answer).run().unwrap()
}

/// One defect was logged, by its place.
fn check_log(site: &Site) {
    let log = site.logged();
    let defects: Vec<_> = log.iter().filter(|line| line.contains("because of a defect at ")).collect();
    assert!(defects.len() == 1 && defects.iter().all(|line| line.contains("forced_panic.rs:")), "{log:?}");
}

#[test]
fn what_ships_cannot_be_forced() {
    let (site, _) = with_log();
    site.write_services("panic_in=authenticate");
    assert_eq!(site.sign_in(&me()).run().unwrap().summary(), (0, "PAM_SERVICE_ERR"));
}

#[test]
fn a_panic_in_authenticate_refuses() {
    let (site, mut fob) = with_forced();
    site.write_services("");
    assert_eq!(sign_in(&site, ALONE, &fob.code()).outcome(), "PAM_SUCCESS");
    site.write_services("panic_in=authenticate");
    site.logged();
    let record = site.sign_in_to(ALONE, &me()).option("--setcred").run().unwrap();
    assert_eq!(record.summary(), (0, "PAM_ABORT"), "{record}");
    assert_ne!(record.setcred(), "PAM_SUCCESS", "{record}");
    check_log(&site);
}

#[test]
fn a_panic_in_setcred_refuses() {
    let (site, mut fob) = with_forced();
    site.write_services("panic_in=setcred");
    site.logged();
    let record = sign_in(&site, ALONE, &fob.code());
    assert_eq!((record.outcome(), record.setcred()), ("PAM_SUCCESS", "PAM_ABORT"), "{record}");
    check_log(&site);
}

#[test]
fn a_panic_in_the_cleanup_leaves_the_application_running() {
    let (site, mut fob) = with_forced();
    let line = |option: &str| format!("auth required {}\n", site.module_line(option));
    site.write_service("both", &(line("forward_pass panic_in=cleanup") + &line("use_forwarded_code")));
    site.logged();
    let record = sign_in(&site, "both", &format!("secret{}", fob.code()));
    assert_eq!(record.outcome(), "PAM_SUCCESS", "{record}");
    // The empty code that is kept first is dropped in the hook; the one in its place, when the transaction ends.
    let log = site.logged();
    assert!(log.iter().any(|line| line.contains("because of a defect at ")), "{log:?}");
}
