//! `keyfob device`.

use std::os::unix::fs::PermissionsExt;

use crate::oathtool::{HOTP, LONG, TOTP, csv};
use crate::site::{Answer, OTHER_USER, Site, USER};

fn serials(site: &Site) -> Vec<String> {
    let devices = site.json(&["device", "list", "--json"]);
    devices
        .as_array()
        .unwrap()
        .iter()
        .map(|device| device["serial_number"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_file_is_imported_once() {
    let site = Site::new(&[]);
    let file = site.write("tokens.csv", &csv(&[TOTP, HOTP, LONG]));
    assert_eq!(site.keyfob(&["device", "import", &file]).done(), "Imported 3 devices.\n");
    let again = site.keyfob(&["device", "import", &file]).done();
    assert_eq!(again, "Nothing to do: all 3 devices are known already.\n");
    assert_eq!(serials(&site), ["FT-8", "GAHT12345678", "UBHE0000001"]);
}

#[test]
fn a_devices_end_is_shown_as_its_seed_file_has_it() {
    let site = Site::new(&[]);
    let file = site.write("tokens.xml", include_str!("../../../tokens/tests/files/feitian-c200.xml"));
    site.keyfob(&["device", "import", &file]).done();
    let shown = site.keyfob(&["device", "show", "2600135004101"]).done();
    assert!(shown.lines().any(|line| line.starts_with("Expires") && line.contains("2037-12-31")), "{shown}");
    let device = site.keyfob(&["device", "show", "2600135004101", "--json"]).done();
    assert!(device.contains(r#""expires": "2037-12-31T00:00:00Z""#), "{device}");
}

#[test]
fn a_file_with_something_new_says_how_much() {
    let site = Site::new(&[TOTP]);
    let import = |tokens| site.keyfob_fed(&csv(tokens), &["device", "import", "-"]).done();
    assert_eq!(import(&[TOTP]), "Nothing to do: the device is known already.\n");
    assert_eq!(import(&[TOTP, HOTP]), "Imported 1 device; one is known already.\n");
    assert_eq!(import(&[TOTP, HOTP, LONG]), "Imported 1 device; 2 are known already.\n");
}

#[test]
fn a_dry_run_changes_nothing() {
    let site = Site::new(&[]);
    let dry =
        |site: &Site| site.keyfob_fed(&csv(&[TOTP, HOTP]), &["device", "import", "-", "--dry-run"]).done();
    assert_eq!(dry(&site), "Would import 2 devices.\n");
    assert_eq!(dry(&site), "Would import 2 devices.\n");
    assert!(serials(&site).is_empty());
    assert_eq!(site.keyfob(&["log"]).done(), "");
}

#[test]
fn content_decides_the_format_unless_one_is_named() {
    let site = Site::new(&[]);
    let uri = "otpauth://totp/Keyfob:GAHT9?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&serial=GAHT9\n";
    assert_eq!(
        site.keyfob_fed(uri, &["device", "import", "-", "--dry-run"]).done(),
        "Would import 1 device.\n"
    );
    let named = ["device", "import", "-", "--format", "otpauth"];
    assert_eq!(site.keyfob_fed(uri, &named).done(), "Imported 1 device.\n");
    let other = site.keyfob_fed(uri, &["device", "import", "-", "--format", "pskc"]);
    assert_eq!((other.code, other.out.as_str()), (Some(1), ""));
    assert!(other.err.starts_with("keyfob: - can't be imported: "), "{other:?}");
}

/// Two records that fail between two good ones.
fn file_with_rejects() -> String {
    format!(
        "{}SHORT-1,313233,TOTP,SHA1,6,60,,,\nODD-1,{},TOTP,MD5,6,60,,,\n",
        csv(&[TOTP, HOTP]),
        TOTP.secret_hex
    )
}

fn names_both_rejects(answer: &Answer) {
    let lines: Vec<_> = answer.err.lines().collect();
    assert!(
        lines[0].starts_with("keyfob: line 4 (serial number SHORT-1): the secret has 3 bytes"),
        "{answer:?}"
    );
    assert!(
        lines[1].starts_with("keyfob: line 5 (serial number ODD-1): its algorithm 'MD5' is unknown"),
        "{answer:?}"
    );
    assert_eq!(lines.len(), 3, "{answer:?}");
}

#[test]
fn one_record_that_fails_keeps_everything_out() {
    let site = Site::new(&[]);
    let answer = site.keyfob_fed(&file_with_rejects(), &["device", "import", "-"]);
    assert_eq!((answer.code, answer.out.as_str()), (Some(1), ""));
    names_both_rejects(&answer);
    let last = "\nkeyfob: nothing was imported, since 2 records can't be: mend the file, or leave them out with --skip-rejects\n";
    assert!(answer.err.ends_with(last), "{answer:?}");
    assert!(serials(&site).is_empty());
}

#[test]
fn the_good_records_are_imported_where_asked_for() {
    let site = Site::new(&[]);
    let answer = site.keyfob_fed(&file_with_rejects(), &["device", "import", "-", "--skip-rejects"]);
    assert_eq!((answer.code, answer.out.as_str()), (Some(1), "Imported 2 devices.\n"));
    names_both_rejects(&answer);
    assert!(
        answer.err.ends_with("\nkeyfob: 2 records can't be imported: mend them and import the file again\n")
    );
    assert_eq!(serials(&site), ["GAHT12345678", "UBHE0000001"]);
}

#[test]
fn a_known_device_with_another_secret_is_named_and_stays_as_it_is() {
    let site = Site::new(&[TOTP]);
    let before = site.keyfob(&["device", "show", TOTP.serial]).done();
    let changed = csv(&[LONG, crate::oathtool::Token { secret_hex: LONG.secret_hex, ..TOTP }]);
    let named = "keyfob: line 3: the device GAHT12345678 is known with another secret or other parameters, \
                 which `keyfob device show GAHT12345678` shows\n";

    let answer = site.keyfob_fed(&changed, &["device", "import", "-"]);
    assert_eq!((answer.code, answer.out.as_str()), (Some(1), ""));
    assert!(answer.err.starts_with(named), "{answer:?}");
    assert_eq!(serials(&site), [TOTP.serial]);

    let answer = site.keyfob_fed(&changed, &["device", "import", "-", "--skip-rejects"]);
    assert_eq!((answer.code, answer.out.as_str()), (Some(1), "Imported 1 device.\n"));
    assert!(answer.err.starts_with(named), "{answer:?}");
    assert_eq!(serials(&site), [LONG.serial, TOTP.serial]);
    assert_eq!(site.keyfob(&["device", "show", TOTP.serial]).done(), before);
}

#[test]
fn a_file_that_cannot_be_read_is_refused() {
    let site = Site::new(&[]);
    let missing = site.path("missing.xml");
    let answer = site.keyfob(&["device", "import", missing.to_str().unwrap()]);
    answer.refused(&format!(
        "the file {} can't be read: No such file or directory (os error 2)",
        missing.display()
    ));
    let folder = site.path("");
    let answer = site.keyfob(&["device", "import", folder.to_str().unwrap()]);
    answer.refused(&format!("the file {} can't be read: Is a directory (os error 21)", folder.display()));
    site.keyfob_fed("", &["device", "import", "-"]).refused("- can't be imported: the seed file is empty");
}

#[test]
fn a_file_that_others_can_read_is_warned_of() {
    let site = Site::new(&[]);
    let file = site.write("tokens.csv", &csv(&[TOTP]));
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let answer = site.keyfob(&["device", "import", &file]);
    assert_eq!((answer.code, answer.out.as_str()), (Some(0), "Imported 1 device.\n"));
    let warning =
        format!("keyfob: {file} can be read by others, and holds secrets: remove it once it is imported\n");
    assert_eq!(answer.err, warning);
}

#[test]
fn the_list_is_a_table() {
    let (site, _) = Site::with_associated(TOTP);
    site.keyfob_fed(&csv(&[HOTP]), &["device", "import", "-"]).done();
    let list = site.keyfob(&["device", "list"]).done();
    let lines: Vec<_> = list.lines().collect();
    assert_eq!(lines[0], "SERIAL NUMBER  TYPE  ALGORITHM  DIGITS  PERIOD/COUNTER  USER    SINCE");
    assert!(
        lines[1].starts_with("GAHT12345678   TOTP  SHA1       6       60 s            daemon  20"),
        "{list}"
    );
    assert_eq!(lines[2], "UBHE0000001    HOTP  SHA1       6       0");
    assert_eq!(lines.len(), 3);
}

#[test]
fn an_empty_list_says_what_to_do() {
    let site = Site::new(&[]);
    let list = site.keyfob(&["device", "list"]).done();
    assert_eq!(list, "No devices: import a seed file with `keyfob device import FILE`.\n");
    assert_eq!(site.json(&["device", "list", "--json"]), serde_json::json!([]));
}

#[test]
fn json_has_stable_names_and_no_secret() {
    let (site, step) = Site::with_associated(TOTP);
    site.keyfob_fed(&csv(&[HOTP]), &["device", "import", "-"]).done();
    let text = site.keyfob(&["device", "list", "--json"]).done();
    assert!(!text.to_lowercase().contains("secret") && !text.contains(TOTP.secret_hex), "{text}");
    let mut devices: serde_json::Value = serde_json::from_str(&text).unwrap();
    for (device, key) in [(0, "imported"), (0, "enable_date"), (1, "imported")] {
        let time = devices[device][key].take();
        assert!(time.as_str().is_some_and(|time| time.starts_with("20") && time.ends_with('Z')), "{time}");
    }
    assert!(devices[0]["drift"].take().is_i64());
    let common = serde_json::json!({
        "algorithm": "SHA1", "digits": 6, "manufacturer": "Feitian", "model": "C200", "imported": null, "expires": null, "enable_date": null, "drift": null, "software": false, "tags": {},
    });
    let with = |rest: serde_json::Value| {
        let mut device = common.clone();
        device.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        device
    };
    let totp = serde_json::json!({
        "serial_number": TOTP.serial, "type": "TOTP", "period": 60, "t0": 0, "accepted_counter": step, "user_name": USER,
    });
    let hotp = serde_json::json!({
        "serial_number": HOTP.serial, "type": "HOTP", "period": null, "t0": null, "accepted_counter": null, "user_name": null,
    });
    assert_eq!(devices, serde_json::json!([with(totp), with(hotp)]));
    let shown = site.json(&["device", "show", HOTP.serial, "--json"]);
    assert_eq!(shown["serial_number"], HOTP.serial);
}

#[test]
fn a_device_is_shown_without_its_secret() {
    let (site, step) = Site::with_associated(TOTP);
    let shown = site.keyfob(&["device", "show", TOTP.serial]).done();
    for line in [
        "Serial number   GAHT12345678".to_owned(),
        "Algorithm       SHA1".to_owned(),
        "Period          60 s".to_owned(),
        format!("Last time step  {step}"),
        "Manufacturer    Feitian".to_owned(),
        "User            daemon".to_owned(),
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line:?} in {shown}");
    }
    assert!(shown.lines().any(|line| line.starts_with("Clock  ")), "{shown}");
    assert!(!shown.contains(TOTP.secret_hex));
    let unknown = site.keyfob(&["device", "show", "NONE-1"]);
    unknown
        .refused("no device has the serial number NONE-1: import its seed file with `keyfob device import`");
}

#[test]
fn only_a_device_that_nobody_has_is_removed() {
    let (site, _) = Site::with_associated(TOTP);
    let remove = |site: &Site| site.keyfob(&["device", "remove", TOTP.serial]);
    let taken =
        "the device GAHT12345678 is associated with daemon: deactivate it first with `keyfob disable`";
    remove(&site).refused(taken);
    site.keyfob(&["disable", "--user", USER, "--serial", TOTP.serial]).done();
    assert_eq!(remove(&site).done(), "Removed device GAHT12345678.\n");
    remove(&site).refused(
        "no device has the serial number GAHT12345678: import its seed file with `keyfob device import`",
    );
    assert!(serials(&site).is_empty());
    let gone = site.keyfob(&[
        "enable",
        "--user",
        OTHER_USER,
        "--serial",
        TOTP.serial,
        "--code1",
        "111111",
        "--code2",
        "222222",
    ]);
    gone.refused(
        "no device has the serial number GAHT12345678: import its seed file with `keyfob device import`",
    );
}
