//! The first IAM command-line names, as links to the program.

use std::os::unix::fs::symlink;

use crate::oathtool::{HOTP, TOTP, Token};
use crate::site::{Answer, KEYFOB, Site, USER, run};

/// Calls it with `-u USER -s SERIAL -c1 CODE -c2 CODE`.
fn pair(site: &Site, name: &str, token: Token, first: u64, second: u64) -> String {
    let codes = [token.code(first), token.code(second)];
    called_by(site, name, &["-u", USER, "-s", token.serial, "-c1", &codes[0], "-c2", &codes[1]]).done()
}

fn called_by(site: &Site, name: &str, arguments: &[&str]) -> Answer {
    let link = site.path(name);
    if !link.exists() {
        symlink(KEYFOB, &link).unwrap();
    }
    run(site.command(link.to_str().unwrap(), arguments), "")
}

#[test]
fn the_four_names_do_what_they_did() {
    let site = Site::new(&[TOTP, HOTP]);
    let step = TOTP.step();
    let enabled = pair(&site, "iam-userenablemfadevice", TOTP, step - 1, step);
    assert_eq!(enabled, "Associated device GAHT12345678 with account daemon. Its next code signs in.\n");

    let list = |site: &Site| called_by(site, "iam-userlistmfadevices", &["-u", USER]).done();
    assert_eq!(list(&site), "GAHT12345678\n");
    pair(&site, "iam-userenablemfadevice", HOTP, 0, 1);
    assert_eq!(list(&site), "GAHT12345678\nUBHE0000001\n");

    let resynchronised = pair(&site, "iam-userresyncmfadevice", HOTP, 300, 301);
    assert_eq!(
        resynchronised,
        "Resynchronised device UBHE0000001 of account daemon. Its next code signs in.\n"
    );

    let device = ["-u", USER, "-s", TOTP.serial];
    let disabled = called_by(&site, "iam-userdeactivatemfadevice", &device).done();
    assert_eq!(disabled, "Deactivated device GAHT12345678 of account daemon. It can be associated again.\n");
    assert_eq!(list(&site), "UBHE0000001\n");
}

#[test]
fn they_refuse_and_misunderstand_as_keyfob_does() {
    let site = Site::new(&[TOTP]);
    let unknown = called_by(&site, "iam-userlistmfadevices", &["-u", "no-such-account"]);
    unknown.refused(
        "the account no-such-account is not known: check the name, or make it known with `keyfob user add`",
    );
    let half = ["-u", USER, "-s", TOTP.serial, "-c1", "123456"];
    assert!(called_by(&site, "iam-userenablemfadevice", &half).misunderstood().contains("--code2"));
    assert!(
        called_by(&site, "iam-userdeactivatemfadevice", &["-u", USER]).misunderstood().contains("--serial")
    );
}
