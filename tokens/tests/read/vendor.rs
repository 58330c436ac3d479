use keyfob_core::{Algorithm, Position, UnixTime};
use keyfob_tokens::{Format, Place};

use crate::{bytes, seed_file, serials, totp};

/// Serial numbers, periods in seconds and secrets, as they were drawn when the file was made.
const FEITIAN_C200: [(&str, u32, &str); 5] = [
    ("2600135004101", 60, "2db2fca3101aa1fe2394d1f74ea6d14853475ded"),
    ("2600135004102", 60, "fe0d7af2705841ffc553e7a7b93e57334dcb60cd"),
    ("2600135004103", 60, "3269669e8a16483c1f6f1df95cb47ef6e9e0d87f"),
    ("1000133508267", 30, "88708ad5e30d5d981d4462be337aee1df63c2b10"),
    ("1000133508268", 30, "1beb8247f877cbb2889153b214d7a3d109a0ce5a"),
];

#[test]
fn feitian_c200_is_read_with_its_policy_dates() {
    let file = seed_file("feitian-c200.xml");
    assert_eq!(file.format, Format::Pskc);
    assert!(file.rejects.is_empty());
    assert!(!file.unverified_signature);
    assert_eq!(file.devices.len(), FEITIAN_C200.len());
    for (entry, (serial, period, secret)) in file.devices.iter().zip(FEITIAN_C200) {
        assert_eq!(entry.device.serial.as_str(), serial);
        assert_eq!(entry.device.parameters, totp(Algorithm::Sha1, 6, period));
        assert_eq!(entry.device.secret.expose(), bytes(secret));
        assert_eq!(entry.device.position, Position::default());
        assert_eq!(entry.device.manufacturer.as_deref(), Some("Feitian Technology Co.,Ltd"));
        assert_eq!(entry.device.model.as_deref(), Some("C200"));
        // 2037-12-31T00:00:00Z
        assert_eq!(entry.device.expires, Some(UnixTime(2_145_830_400)));
    }
}

#[test]
fn of_the_devices_date_and_the_keys_the_earlier_one_counts() {
    // 2031-01-01T00:30:00.5+02:00, and a second later 2030-12-31T22:30:01Z.
    let file = seed_file("two-expiry-dates.xml");
    assert_eq!(file.devices[0].device.expires, Some(UnixTime(1_924_986_600)));
    assert_eq!(seed_file("smallest.xml").devices[0].device.expires, None);
}

#[test]
fn each_device_tells_its_key_package_and_line() {
    let file = seed_file("feitian-c200.xml");
    assert_eq!(file.devices[0].place, Place::KeyPackage { id: Some("2600135004101".into()), line: 9 });
    assert_eq!(file.devices[4].place.to_string(), "key package 1000133508268 (line 117)");
}

#[test]
fn reading_twice_gives_the_same() {
    let (first, second) = (seed_file("feitian-c200.xml"), seed_file("feitian-c200.xml"));
    assert_eq!(serials(&first), serials(&second));
}
