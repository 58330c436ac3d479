//! The first IAM command-line names, as links to the program.

use std::os::unix::fs::symlink;

use crate::oathtool::{HOTP, TOTP};
use crate::site::{Answer, KEYFOB, Site, USER, run};

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
    let [code1, code2] = [TOTP.code(step - 1), TOTP.code(step)];
    let codes = ["-u", USER, "-s", TOTP.serial, "-c1", &code1, "-c2", &code2];
    let enabled = called_by(&site, "iam-userenablemfadevice", &codes).done();
    assert_eq!(enabled, "Associated device GAHT12345678 with account daemon. Its next code signs in.\n");

    let list = |site: &Site| called_by(site, "iam-userlistmfadevices", &["-u", USER]).done();
    assert_eq!(list(&site), "GAHT12345678\n");
    let [code1, code2] = [HOTP.code(0), HOTP.code(1)];
    called_by(&site, "iam-userenablemfadevice", &["-u", USER, "-s", HOTP.serial, "-c1", &code1, "-c2", &code2]).done();
    assert_eq!(list(&site), "GAHT12345678\nUBHE0000001\n");

    let [code1, code2] = [HOTP.code(300), HOTP.code(301)];
    let codes = ["-u", USER, "-s", HOTP.serial, "-c1", &code1, "-c2", &code2];
    let resynchronised = called_by(&site, "iam-userresyncmfadevice", &codes).done();
    assert_eq!(resynchronised, "Resynchronised device UBHE0000001 of account daemon. Its next code signs in.\n");

    let device = ["-u", USER, "-s", TOTP.serial];
    let disabled = called_by(&site, "iam-userdeactivatemfadevice", &device).done();
    assert_eq!(disabled, "Deactivated device GAHT12345678 of account daemon. It can be associated again.\n");
    assert_eq!(list(&site), "UBHE0000001\n");
}

#[test]
fn they_refuse_and_misunderstand_as_keyfob_does() {
    let site = Site::new(&[TOTP]);
    let unknown = called_by(&site, "iam-userlistmfadevices", &["-u", "no-such-account"]);
    unknown.refused("the account no-such-account is not known: check the name, or make it known with `keyfob user add`");
    let half = ["-u", USER, "-s", TOTP.serial, "-c1", "123456"];
    assert!(called_by(&site, "iam-userenablemfadevice", &half).misunderstood().contains("--code2"));
    assert!(called_by(&site, "iam-userdeactivatemfadevice", &["-u", USER]).misunderstood().contains("--serial"));
}
