//! `keyfob user`.

use serde_json::json;

use crate::oathtool::TOTP;
use crate::site::{Site, USER};

/// No account of this machine.
const STRANGER: &str = "stranger-4711";

#[test]
fn accounts_are_made_known_listed_and_forgotten() {
    let site = Site::new(&[]);
    let empty = "No accounts: associate a device with `keyfob enable`, or use `keyfob user add`.\n";
    assert_eq!(site.keyfob(&["user", "list"]).done(), empty);
    assert_eq!(site.json(&["user", "list", "--json"]), json!([]));
    assert_eq!(site.keyfob(&["user", "add", USER]).done(), "Account daemon is known (uid 1).\n");
    let stranger = site.keyfob(&["user", "add", STRANGER]).done();
    assert_eq!(stranger, "Account stranger-4711 is known (not an account of this machine).\n");

    let list = site.keyfob(&["user", "list"]).done();
    let lines: Vec<_> = list.lines().collect();
    assert_eq!(lines[0], "USER           UID  DEVICES  RECOVERY CODES  WRONG CODES  SINCE");
    assert!(lines[1].starts_with("daemon         1    0        0               0            20"), "{list}");
    assert!(lines[2].starts_with("stranger-4711       0        0               0            20"), "{list}");

    let removed = site.keyfob(&["user", "remove", STRANGER]).done();
    assert_eq!(removed, "Removed account stranger-4711; deactivated devices: none.\n");
    let unknown = format!(
        "the account {STRANGER} is not known: check the name, or make it known with `keyfob user add`"
    );
    site.keyfob(&["user", "remove", STRANGER]).refused(&unknown);
    site.keyfob(&["user", "show", STRANGER]).refused(&unknown);
    site.keyfob(&["user", "unlock", STRANGER]).refused(&unknown);
}

#[test]
fn an_account_is_shown_with_its_devices() {
    let (site, _) = Site::with_associated(TOTP);
    let shown = site.keyfob(&["user", "show", USER]).done();
    for line in [
        "User            daemon",
        "Uid             1",
        "Devices         GAHT12345678",
        "Recovery codes  0 unused",
        "Sign-in         0 wrong codes",
        "Association     0 wrong codes",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line:?} in {shown}");
    }
}

#[test]
fn json_has_stable_names() {
    let (site, step) = Site::with_associated(TOTP);
    site.write("keyfob.toml", "[throttle]\nfree_failures = 1\ndelay_seconds = 600\n");
    site.verify(&TOTP.wrong_code(step)).refused("wrong code: type the code the device shows now");
    let mut account = site.json(&["user", "show", USER, "--json"]);
    let listed = site.json(&["user", "list", "--json"]);
    assert_eq!(listed, json!([account]));
    for time in [account["created"].take(), account["sign_in"]["throttled_until"].take()] {
        assert!(time.as_str().is_some_and(|time| time.starts_with("20") && time.ends_with('Z')), "{time}");
    }
    assert_eq!(
        account,
        json!({
            "user_name": USER, "uid": 1, "created": null, "serial_numbers": [TOTP.serial], "recovery_codes": 0,
            "sign_in": {"failures": 1, "throttled_until": null, "locked": false},
            "association": {"failures": 0, "throttled_until": null, "locked": false},
        })
    );
    let shown = site.keyfob(&["user", "show", USER]).done();
    assert!(shown.contains("\nSign-in         1 wrong code: wait "), "{shown}");
}

#[test]
fn removing_an_account_deactivates_its_devices() {
    let (site, _) = Site::with_associated(TOTP);
    let removed = site.keyfob(&["user", "remove", USER]).done();
    assert_eq!(removed, "Removed account daemon; deactivated devices: GAHT12345678.\n");
    assert_eq!(site.json(&["device", "show", TOTP.serial, "--json"])["user_name"], json!(null));
    site.keyfob(&["device", "remove", TOTP.serial]).done();
}

#[test]
fn an_account_that_only_the_system_knows_is_shown() {
    let site = Site::new(&[]);
    let account = site.json(&["user", "show", USER, "--json"]);
    assert_eq!((&account["uid"], &account["created"]), (&json!(1), &json!(null)));
}
