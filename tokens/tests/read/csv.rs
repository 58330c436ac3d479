use keyfob_core::{Algorithm, MovingFactor, Parameters, Position};
use keyfob_tokens::{Format, Place, read};

use crate::{bytes, hotp, seed_file, serials, totp};

#[test]
fn the_table_that_entra_takes_is_read() {
    let file = seed_file("entra.csv");
    assert_eq!(file.format, Format::Csv);
    assert!(file.rejects.is_empty());
    assert_eq!(serials(&file), ["2308123456780", "2308123456781", "2308123456782"]);
    let secrets = [
        "d5cc08dfb73e1236b71703cf2899303096fc2441",
        "809e5f56e05bcdeb73a40d6a0ec103c07e66122c",
        "be9cad1997bbec9b2f2619aea675d960a450587b",
    ];
    for ((entry, secret), seconds) in file.devices.iter().zip(secrets).zip([30, 60, 30]) {
        assert_eq!(entry.device.secret.expose(), bytes(secret));
        assert_eq!(entry.device.parameters, totp(Algorithm::Sha1, 6, seconds));
        assert_eq!(entry.device.manufacturer.as_deref(), Some("Token2"));
    }
    assert_eq!(file.devices[0].device.model.as_deref(), Some("C202"));
    assert_eq!(file.devices[0].place, Place::Line(2));
}

#[test]
fn every_column_is_read() {
    let file = seed_file("every-column.csv");
    assert!(file.rejects.is_empty());
    let devices: Vec<_> = file.devices.iter().map(|entry| &entry.device).collect();
    assert_eq!(serials(&file), ["TOTP-1", "TOTP-2", "HOTP-1", "HOTP-2"]);
    assert_eq!(devices[0].parameters, totp(Algorithm::Sha1, 6, 30));
    assert_eq!(devices[1].parameters, totp(Algorithm::Sha256, 8, 60));
    let counting = Parameters { moving_factor: MovingFactor::Counter, ..totp(Algorithm::Sha512, 10, 30) };
    assert_eq!(devices[2].parameters, counting);
    assert_eq!(devices[3].parameters, hotp(6), "SHA-1 and 6 digits where nothing is said");
    assert_eq!(devices[1].position, Position::default(), "the counter of a TOTP device means nothing");
    assert_eq!(devices[2].position.accepted, Some(u64::MAX - 1), "the counter is the next one");
    assert_eq!(devices[3].position.accepted, None);
    assert_eq!(devices[1].secret.expose().len(), 32);
    assert_eq!(devices[0].secret.expose(), bytes("e992b16faca3c0404efe4d42a3da735a58db8dde"));
    assert_eq!(devices[0].model.as_deref(), Some("One"));
    assert_eq!(devices[3].manufacturer, None);
}

#[test]
fn byte_order_mark_semicolons_quotes_and_empty_lines_are_read() {
    let file = seed_file("semicolon-quotes-bom.csv");
    assert!(file.rejects.is_empty());
    let entry = &file.devices[0];
    assert_eq!(entry.place.to_string(), "line 3");
    assert_eq!(entry.device.serial.as_str(), "AB-1");
    assert_eq!(entry.device.secret.expose(), bytes("06af4fbe46935b8319f9e2fcc7031efe5093f7a9"));
    assert_eq!(entry.device.manufacturer.as_deref(), Some("Acme \"Tokens\"; Inc."));
}

#[test]
fn without_a_type_a_counter_tells_hotp_from_totp() {
    let file = seed_file("tab-without-type.csv");
    assert!(file.rejects.is_empty());
    assert_eq!(file.devices[0].device.parameters, totp(Algorithm::Sha1, 6, 30));
    assert_eq!(file.devices[1].device.parameters, hotp(6));
    assert_eq!(file.devices[1].device.position.accepted, Some(40));
}

#[test]
fn columns_have_other_names() {
    for header in ["SN,Key", "Serial-Number;hexSeed", "token serial\tTOKEN SEED", "serial_no,secret_key_hex"]
    {
        let delimiter = header.chars().find(|c| ",;\t".contains(*c)).unwrap();
        let table = format!("{header}\nS1{delimiter}e992b16faca3c0404efe4d42a3da735a58db8dde\n");
        assert_eq!(serials(&read(table.as_bytes(), None).unwrap()), ["S1"], "{header}");
    }
}

#[test]
fn a_last_line_needs_no_line_break() {
    let table = b"serial,secret\nS1,e992b16faca3c0404efe4d42a3da735a58db8dde";
    assert_eq!(serials(&read(table, None).unwrap()), ["S1"]);
}
