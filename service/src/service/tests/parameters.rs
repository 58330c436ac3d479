//! All actions with all their parameters: what may be comes to the daemon, what may not does not.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::*;
use crate::actions::ACTIONS;

/// An action, the parameters it needs, and the others that it knows.
type Row = (&'static str, &'static [&'static str], &'static [&'static str]);

const PAIR: &[&str] = &["UserName", "SerialNumber", "AuthenticationCode1", "AuthenticationCode2"];
const TAG: [&str; 2] = ["Tags.member.1.Key", "Tags.member.1.Value"];

const TABLE: [Row; 32] = [
    ("EnableMFADevice", PAIR, &[]),
    ("ResyncMFADevice", PAIR, &[]),
    ("DeactivateMFADevice", &["SerialNumber"], &["UserName"]),
    ("ListMFADevices", &[], &["UserName", "Marker", "MaxItems"]),
    ("GetMFADevice", &["SerialNumber"], &["UserName"]),
    ("CreateVirtualMFADevice", &["VirtualMFADeviceName"], &["Path", TAG[0], TAG[1]]),
    ("DeleteVirtualMFADevice", &["SerialNumber"], &[]),
    ("ListVirtualMFADevices", &[], &["AssignmentStatus", "Marker", "MaxItems"]),
    ("TagMFADevice", &["SerialNumber", TAG[0], TAG[1]], &[]),
    ("UntagMFADevice", &["SerialNumber", "TagKeys.member.1"], &[]),
    ("ListMFADeviceTags", &["SerialNumber"], &["Marker", "MaxItems"]),
    ("CreateUser", &["UserName"], &["Path"]),
    ("DeleteUser", &["UserName"], &[]),
    ("GetUser", &[], &["UserName"]),
    ("ListUsers", &[], &["PathPrefix", "Marker", "MaxItems"]),
    ("GetAccountSummary", &[], &[]),
    // Without the first two it is refused in another way.
    ("GetSessionToken", &[], &["SerialNumber", "TokenCode", "DurationSeconds"]),
    ("GetCallerIdentity", &[], &[]),
    // By a signature there is no session.
    ("GetSession", &[], &[]),
    ("ListSessions", &[], &["UserName"]),
    ("EndSession", &["SessionId"], &["UserName"]),
    ("ListDevices", &[], &["Filter", "AssignmentStatus", "Marker", "MaxItems"]),
    ("GetDevice", &["SerialNumber"], &[]),
    ("DeleteDevice", &["SerialNumber"], &[]),
    ("FindDevice", &["AuthenticationCode1"], &["AuthenticationCode2"]),
    ("ListUserStatuses", &[], &["Marker", "MaxItems"]),
    ("GetUserStatus", &[], &["UserName"]),
    ("UnlockUser", &["UserName"], &[]),
    ("CreateRecoveryCodes", &[], &["UserName", "ExpiresIn"]),
    ("ListEvents", &[], &["UserName", "SerialNumber", "After", "Before", "MaxItems"]),
    ("GetPolicy", &[], &[]),
    ("ListAccessKeys", &[], &[]),
];

fn good(name: &str) -> &'static str {
    match name {
        "UserName"
        | "Marker"
        | "Filter"
        | "VirtualMFADeviceName"
        | "Tags.member.1.Key"
        | "TagKeys.member.1" => "alice",
        "SerialNumber" => "GAHT12345678",
        "AuthenticationCode1" | "AuthenticationCode2" | "TokenCode" => "012345",
        "SessionId" => "ABCDEFGHIJKLMNOPQRSTUVWX27",
        "DurationSeconds" => "900",
        "ExpiresIn" => "60",
        "After" | "Before" => "7",
        "MaxItems" => "1000",
        "Path" | "PathPrefix" => "/",
        "AssignmentStatus" => "Assigned",
        "Tags.member.1.Value" => "",
        other => panic!("{other}"),
    }
}

/// Empty, too short, too long, and outside of what it may be.
fn bad(name: &str) -> Vec<String> {
    let (max, others): (usize, &[&str]) = match name {
        "UserName" => (128, &["", "a b", "a/b", "a\0", "\u{202e}", "a:b"]),
        "SerialNumber" => (256, &["", "a b", "a\0", "\u{eb}", "a;b"]),
        // Digits of another script are none.
        "AuthenticationCode1" | "AuthenticationCode2" | "TokenCode" => {
            (10, &["", "98765", "abcdef", "98 765", "-98765", "\u{661}\u{662}\u{663}\u{664}\u{665}\u{666}"])
        }
        "SessionId" => (
            26,
            &[
                "",
                "ABC",
                "ABCDEFGHIJKLMNOPQRSTUVWX2",
                "abcdefghijklmnopqrstuvwx27",
                "ABCDEFGHIJKLMNOPQRSTUVWX01",
            ],
        ),
        "DurationSeconds" => (6, &["", "0", "899", "129601", "-900", "9e2", "900.0", " 900"]),
        "ExpiresIn" => (6, &["", "0", "59", "604801", "-60", "6e1", "60.0", " 60"]),
        "MaxItems" => (4, &["", "0", "1001", "-1", "+5", "ten", "99999999999999999999"]),
        "Filter" => (128, &["", "a\u{7}"]),
        "After" | "Before" => (18, &["", "-1", "+1", "1.0", "one"]),
        "Marker" => (320, &["", "a\u{7}"]),
        "VirtualMFADeviceName" => (226, &["", "a b", "a/b", "\u{eb}"]),
        "Path" => (512, &["", "a", "/a", "a/", "//", "/a b/"]),
        "PathPrefix" => (512, &["", "a", "a/", "/\u{1}", "/a b"]),
        "AssignmentStatus" => (10, &["", "any", "Both"]),
        "Tags.member.1.Key" | "TagKeys.member.1" => (128, &["", "a*b", "a\0"]),
        "Tags.member.1.Value" => (256, &["a*b", "a\0"]),
        other => panic!("{other}"),
    };
    let end = if name.starts_with("Path") { "/" } else { "1" };
    let too_long = format!("{end}{}{end}", "1".repeat(max - 1));
    others.iter().map(|text| (*text).to_owned()).chain([too_long]).collect()
}

/// Every action, and all its parameters with good values.
fn rows() -> impl Iterator<Item = (Row, Vec<(&'static str, String)>)> {
    TABLE.into_iter().map(|row| {
        let names = row.1.iter().chain(row.2);
        (row, names.map(|name| (*name, good(name).to_owned())).collect())
    })
}

fn action(name: &str, parameters: &[(&str, String)]) -> Request {
    let found = ACTIONS.iter().find(|action| action.name == name).unwrap();
    let (api, version) = match found.api {
        Api::Iam => ("iam", "2010-05-08"),
        Api::Sts => ("sts", "2011-06-15"),
        Api::Keyfob => ("keyfob", "2026-11-24"),
    };
    let mut body = format!("Action={name}&Version={version}");
    for (name, value) in parameters {
        body.extend(["&", name, "="]);
        body.extend(utf8_percent_encode(value, NON_ALPHANUMERIC));
    }
    request(api, FORM, body.into_bytes())
}

/// The request is refused so, before the daemon is asked for anything but whose it is.
#[track_caller]
fn refused_as(code: &str, name: &str, parameters: &[(&str, String)]) -> String {
    let fake = Fake::default();
    let asked = fake.asked();
    let (status, found, body) = answers(fake, vec![action(name, parameters)]).remove(0);
    assert_eq!((status, &*found, asked()), (400, code, 0), "{name} {parameters:?}");
    body
}

#[test]
fn the_table_has_every_action() {
    assert!(ACTIONS.iter().map(|action| action.name).eq(TABLE.iter().map(|row| row.0)));
}

#[test]
fn good_parameters_come_to_the_daemon() {
    for ((name, required, optional), all) in rows().filter(|row| row.0.0 != "GetSession") {
        let needed = if name == "GetSessionToken" { optional.len() } else { required.len() };
        for parameters in [&all[..], &all[..needed]] {
            let fake = Fake::default();
            let asked = fake.asked();
            let (status, code) = answer_to(fake, action(name, parameters));
            assert_eq!((status, &*code, asked()), (500, "ServiceFailure", 1), "{name} {parameters:?}");
        }
    }
}

#[test]
fn a_parameter_that_is_missing_is_named() {
    for ((name, required, _), all) in rows() {
        for missing in required {
            let rest: Vec<_> = all.iter().filter(|(name, _)| name != missing).cloned().collect();
            let body = refused_as("ValidationError", name, &rest);
            assert!(body.contains("Value null at") && body.contains("Member must not be null"), "{body}");
        }
    }
}

#[test]
fn a_parameter_outside_its_limits_is_refused_and_codes_are_not_shown() {
    for ((name, ..), all) in rows() {
        for (at, (changed, _)) in all.iter().enumerate() {
            for value in bad(changed) {
                let mut parameters = all.clone();
                parameters[at].1.clone_from(&value);
                let body = refused_as("ValidationError", name, &parameters);
                assert!(!changed.contains("Code") || value.is_empty() || !body.contains(&value), "{body}");
            }
        }
    }
}

#[test]
fn a_parameter_that_stands_twice_is_refused() {
    for ((name, ..), all) in rows() {
        for parameter in &all {
            let mut parameters = all.clone();
            parameters.push(parameter.clone());
            refused_as("MalformedQueryString", name, &parameters);
        }
    }
}
