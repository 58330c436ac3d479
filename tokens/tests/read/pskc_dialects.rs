//! What vendors write that RFC 6030 doesn't have.

use keyfob_core::{Algorithm, Position};
use keyfob_tokens::{Place, RejectReason};

use crate::{RFC_SECRET, bytes, hotp, rejects, seed_file, serials, totp};

#[test]
fn device_and_usage_stand_for_key_package_and_algorithm_parameters() {
    let file = seed_file("dialect-device-and-usage.xml");
    let device = &file.devices[0].device;
    assert_eq!(device.serial.as_str(), "987654321");
    assert_eq!(device.secret.expose(), RFC_SECRET);
    assert_eq!(device.parameters, hotp(8));
    assert_eq!(device.position.accepted, Some(6), "the counter is the next one");
}

#[test]
fn container_1_0_has_named_data_and_a_counter_in_base64() {
    let file = seed_file("dialect-container-1.0.xml");
    let device = &file.devices[0].device;
    assert_eq!(device.serial.as_str(), "0950380269");
    assert_eq!(device.secret.expose(), RFC_SECRET);
    assert_eq!(device.parameters, hotp(8));
    assert_eq!(device.position.accepted, Some(0x31f0_4603 - 1));
}

#[test]
fn the_drift_is_counted_in_time_steps() {
    let device = &seed_file("dialect-totp-draft.xml").devices[0].device;
    assert_eq!(device.parameters, totp(Algorithm::Sha1, 6, 30));
    assert_eq!(device.position.accepted, None);
    assert_eq!(device.position.drift.seconds, 4 * 30);
}

#[test]
fn prefix_suites_and_white_space_in_base64() {
    let file = seed_file("namespace-prefix-and-suites.xml");
    assert_eq!(serials(&file), ["SHA256-1", "SHA512-1"]);
    let (first, second) = (&file.devices[0].device, &file.devices[1].device);
    assert_eq!(first.parameters, totp(Algorithm::Sha256, 8, 60));
    assert_eq!(first.position.drift.seconds, -3 * 60);
    assert_eq!(
        first.secret.expose(),
        bytes("bab86b3c06affe41f5ebfcb47af14eb82ab06b5fbfe80815cdc7ddcb438ef9cc")
    );
    assert_eq!(second.parameters, totp(Algorithm::Sha512, 10, 30), "30 s where no TimeInterval is given");
    assert_eq!(
        second.secret.expose(),
        bytes(concat!(
            "4c340cdc25794b2215b6a6ae00b78924e8ac8b74f7905381dd11e67a7e2355d5",
            "a0ec033f778e5871e52791701035ea1fde1eb7e8875bcaeac4ccaa2d1866e097"
        ))
    );
    assert_eq!(second.position, Position::default());
}

#[test]
fn a_package_may_have_several_keys_but_one_for_codes() {
    let file = seed_file("several-keys-in-a-package.xml");
    let first = Place::KeyPackage { id: Some("SLOT1".into()), line: 12 };
    assert_eq!(file.devices.len(), 1);
    assert_eq!(file.devices[0].place, first);
    assert_eq!(file.devices[0].device.position.accepted, Some(4));
    let reasons = rejects(&file);
    assert_eq!(reasons[0].0, "key package PIN (line 5)");
    assert!(matches!(reasons[0].1, RejectReason::UnsupportedType(_)));
    assert_eq!(reasons[1], ("key package SLOT2 (line 19)".into(), RejectReason::DuplicateSerial { first }));
}

#[test]
fn of_two_packages_with_one_serial_number_the_first_stands() {
    let file = seed_file("duplicate-serial.xml");
    let first = Place::KeyPackage { id: Some("KP1".into()), line: 5 };
    assert_eq!(file.devices.len(), 1);
    assert_eq!(file.devices[0].place, first);
    assert_eq!(file.rejects[0].reason, RejectReason::DuplicateSerial { first });
    assert_eq!(file.rejects[0].serial.as_deref(), Some("S1"));
}

#[test]
fn the_smallest_file_is_read() {
    let file = seed_file("smallest.xml");
    assert_eq!(serials(&file), ["S1"]);
    assert!(file.rejects.is_empty());
}
