//! Every action done, on a real store: what is told, in XML and in JSON.

use keyfob_authority::{AccessControl, Authority};
use keyfob_core::{Code, Secret, Submission};
use serde_json::{Value, json};
use totp_lite::{Sha1, totp_custom};

use super::site::{Site, command_line, name};

const SECRET: &[u8] = b"12345678901234567890";
const FILE: &str = "serial,secret hex,manufacturer\nGAHT1,3132333435363738393031323334353637383930,Feitian\n";
const SOFT: &str = "arn:aws:iam::000000000000:mfa/soft";

const XML: &str = "*/*";
const JSON: &str = "application/json";

/// What an action is asked, and what it tells: names and values.
type Row<'a> = (&'a str, Vec<(&'a str, &'a str)>, &'a [(&'a str, &'a str)]);

fn code(time: u64) -> String {
    totp_custom::<Sha1>(30, 6, SECRET, time)
}

/// Whether the answer has the value under that name, wherever it stands.
fn tells(body: &str, format: &str, name: &str, value: &str) -> bool {
    if format == XML {
        return body.contains(&format!("<{name}>{value}</{name}>"));
    }
    let json: Value = serde_json::from_str(body).unwrap();
    has(&json, name, value)
}

fn has(json: &Value, name: &str, value: &str) -> bool {
    let is_value = |found: &Value| match found {
        Value::String(text) => text == value,
        Value::Array(items) => items.iter().any(|item| item.as_str() == Some(value)),
        other => other.to_string() == value,
    };
    match json {
        Value::Object(fields) => {
            fields.iter().any(|(key, found)| key == name && is_value(found) || has(found, name, value))
        }
        Value::Array(items) => items.iter().any(|item| has(item, name, value)),
        _ => false,
    }
}

fn do_all(site: &Site, rows: Vec<Row<'_>>, format: &'static str) {
    for (action, parameters, told) in rows {
        let all: Vec<_> = std::iter::once(("Action", action)).chain(parameters).collect();
        let (status, body) = site.answer("admin", &all, format);
        assert_eq!(status, 200, "{action} {body}");
        for (name, value) in told {
            assert!(tells(&body, format, name, value), "{action} {name}={value}: {body}");
        }
    }
}

fn awss_own(site: &Site, format: &'static str) {
    let now = site.now();
    let codes = [-30, 0, 30, 60].map(|by| code(now.checked_add_signed(by).unwrap()));
    let [c1, c2, c3, c4] = codes.each_ref().map(String::as_str);
    let (user, serial) = (("UserName", "alice"), ("SerialNumber", "GAHT1"));
    do_all(
        site,
        vec![
            (
                "EnableMFADevice",
                vec![user, serial, ("AuthenticationCode1", c1), ("AuthenticationCode2", c2)],
                &[],
            ),
            ("ListMFADevices", vec![user], &[("SerialNumber", "GAHT1"), ("IsTruncated", "false")]),
            ("GetMFADevice", vec![serial], &[("UserName", "alice"), ("EnableDate", "2027-01-15T08:00:00Z")]),
            (
                "ResyncMFADevice",
                vec![user, serial, ("AuthenticationCode1", c3), ("AuthenticationCode2", c4)],
                &[],
            ),
            ("TagMFADevice", vec![serial, ("Tags.member.1.Key", "desk"), ("Tags.member.1.Value", "7")], &[]),
            ("ListMFADeviceTags", vec![serial], &[("Key", "desk"), ("Value", "7")]),
            ("UntagMFADevice", vec![serial, ("TagKeys.member.1", "desk")], &[]),
            ("DeactivateMFADevice", vec![user, serial], &[]),
            ("CreateVirtualMFADevice", vec![("VirtualMFADeviceName", "soft")], &[("SerialNumber", SOFT)]),
            ("ListVirtualMFADevices", vec![("AssignmentStatus", "Unassigned")], &[("SerialNumber", SOFT)]),
            (
                "GetAccountSummary",
                vec![],
                if format == XML { &[("value", "2")] } else { &[("MFADevices", "2")] },
            ),
            ("DeleteVirtualMFADevice", vec![("SerialNumber", SOFT)], &[]),
            ("DeleteUser", vec![("UserName", "bob")], &[]),
            ("CreateUser", vec![("UserName", "bob")], &[("UserName", "bob")]),
            ("GetUser", vec![user], &[("Arn", "arn:aws:iam::000000000000:user/alice")]),
            ("ListUsers", vec![("MaxItems", "1")], &[("UserName", "admin"), ("Marker", "admin")]),
            ("GetCallerIdentity", vec![], &[("Account", "000000000000")]),
        ],
        format,
    );
}

fn keyfobs_own(site: &Site, format: &'static str) {
    let now = site.now();
    let codes = [-30, 0].map(|by| code(now.checked_add_signed(by).unwrap()));
    let [c1, c2] = codes.each_ref().map(String::as_str);
    let (user, serial) = (("UserName", "alice"), ("SerialNumber", "GAHT1"));
    let pair = [("AuthenticationCode1", c1), ("AuthenticationCode2", c2)];
    let member = if format == XML { "member" } else { "SerialNumbers" };
    do_all(
        site,
        vec![
            ("FindDevice", pair.to_vec(), &[(member, "GAHT1")]),
            ("EnableMFADevice", [vec![user, serial], pair.to_vec()].concat(), &[]),
            (
                "ListDevices",
                vec![("Filter", "gaht")],
                &[("Type", "TOTP"), ("Manufacturer", "Feitian"), ("UserName", "alice")],
            ),
            (
                "GetDevice",
                vec![serial],
                &[("LastUsed", "2027-01-15T08:10:00Z"), ("Period", "30"), ("IsSoftware", "false")],
            ),
            (
                "GetUserStatus",
                vec![user],
                &[
                    ("Uid", "5002"),
                    (member, "GAHT1"),
                    ("IsRequired", "false"),
                    (if format == XML { "member" } else { "Groups" }, "staff"),
                ],
            ),
            (
                "ListUserStatuses",
                vec![("Marker", "admin"), ("MaxItems", "1")],
                &[("UserName", "alice"), ("Marker", "alice")],
            ),
            ("CreateRecoveryCodes", vec![user], &[]),
            ("GetUserStatus", vec![user], &[("RecoveryCodesLeft", "10")]),
            (
                "CreateRecoveryCodes",
                vec![user, ("ExpiresIn", "86400")],
                &[("Expiration", "2027-01-16T08:10:00Z")],
            ),
            ("GetUserStatus", vec![user], &[("RecoveryCodesLeft", "11")]),
            ("UnlockUser", vec![user], &[]),
            (
                "ListEvents",
                vec![("MaxItems", "1")],
                &[("Act", "unlock-user"), ("Outcome", "done"), ("IsTruncated", "true")],
            ),
            (
                "GetPolicy",
                vec![],
                &[("Administrators", "wheel"), ("FreeFailures", "10"), ("Required", "nobody")],
            ),
            ("ListAccessKeys", vec![], &[("UserName", "alice")]),
            ("ListSessions", vec![], &[("IsCurrent", "false")]),
            ("DeactivateMFADevice", vec![user, serial], &[]),
            ("DeleteDevice", vec![serial], &[]),
        ],
        format,
    );
}

#[test]
fn every_action_is_done_in_both_formats() {
    for format in [XML, JSON] {
        let site = Site::new();
        assert_eq!(site.import("", FILE).0, 200);
        awss_own(&site, format);
        site.pass(600);
        keyfobs_own(&site, format);
    }
}

#[test]
fn a_session_begins_with_a_code() {
    for format in [XML, JSON] {
        let site = Site::new();
        site.import("", FILE);
        let [c1, c2, c3] =
            [30, 0, -30].map(|before: i64| code(site.now().checked_add_signed(-before).unwrap()));
        let enable = [("Action", "EnableMFADevice"), ("UserName", "alice"), ("SerialNumber", "GAHT1")];
        let pair = [("AuthenticationCode1", &*c1), ("AuthenticationCode2", &*c2)];
        assert_eq!(site.ask("alice", &[&enable[..], &pair].concat()).0, 200);
        let start = [
            ("Action", "GetSessionToken"),
            ("SerialNumber", "GAHT1"),
            ("TokenCode", &c3),
            ("DurationSeconds", "900"),
        ];
        let (status, body) = site.answer("alice", &start, format);
        assert_eq!(status, 200, "{body}");
        assert!(tells(&body, format, "Expiration", "2027-01-15T08:15:00Z"), "{body}");
    }
}

#[test]
fn a_user_sees_the_own_and_nothing_else() {
    let site = Site::new();
    site.import("", FILE);
    let status = |parameters: &[(&str, &str)]| site.ask("alice", parameters).0;
    for own in [
        vec![("Action", "GetUserStatus")],
        vec![("Action", "ListEvents")],
        vec![("Action", "ListEvents"), ("UserName", "alice")],
        vec![("Action", "ListSessions")],
    ] {
        assert_eq!(status(&own), 200, "{own:?}");
    }
    for others in [
        vec![("Action", "GetUserStatus"), ("UserName", "bob")],
        vec![("Action", "ListEvents"), ("UserName", "bob")],
        vec![("Action", "ListUserStatuses")],
        vec![("Action", "ListDevices")],
        vec![("Action", "GetDevice"), ("SerialNumber", "GAHT1")],
        vec![("Action", "DeleteDevice"), ("SerialNumber", "GAHT1")],
        vec![("Action", "GetPolicy")],
        vec![("Action", "ListAccessKeys")],
        vec![("Action", "UnlockUser"), ("UserName", "alice")],
        vec![("Action", "CreateRecoveryCodes"), ("UserName", "bob")],
        vec![("Action", "CreateRecoveryCodes"), ("UserName", "alice"), ("ExpiresIn", "60")],
    ] {
        assert_eq!(status(&others), 403, "{others:?}");
    }
    let events = site.ask("alice", &[("Action", "ListEvents")]).1;
    let events = events["Events"].as_array().unwrap();
    assert!(events.iter().all(|event| event["UserName"] == "alice"), "{events:?}");
}

/// A software device, made and associated past the API, which leaves root's devices alone: its secret.
pub fn associate_software_device(site: &Site, user: &str, device: &str) -> Secret {
    let (user, serial, caller) =
        (name(user), format!("arn:aws:iam::000000000000:mfa/{device}"), command_line());
    let serial = serial.parse().unwrap();
    let secret = site.acts().create_software_device(&serial, &[], &caller).unwrap().secret;
    let [code1, code2] = [site.now() - 30, site.now()]
        .map(|time| Code::parse(&totp_custom::<Sha1>(30, 6, secret.expose(), time)).unwrap());
    site.acts().associate(&user, &Submission { serial, code1, code2 }, &caller).unwrap();
    secret
}

#[test]
fn what_there_is_is_counted_and_owners_are_named() {
    let site = Site::new();
    let counted = || site.ask("admin", &[("Action", "GetAccountSummary")]).1["SummaryMap"].clone();
    let counts = |root: u32, devices: u32, used: u32, users: u32| json!({ "AccountMFAEnabled": root, "MFADevices": devices, "MFADevicesInUse": used, "Users": users });
    assert_eq!(counted(), counts(0, 0, 0, 3));
    site.import("", FILE);
    associate_software_device(&site, "alice", "a");
    associate_software_device(&site, "bob", "b");
    assert_eq!(counted(), counts(0, 3, 2, 3));
    associate_software_device(&site, "root", "r");
    assert_eq!(counted(), counts(1, 4, 3, 4));
    site.ask("admin", &[("Action", "CreateVirtualMFADevice"), ("VirtualMFADeviceName", "soft")]);
    let listed = site.ask("admin", &[("Action", "ListVirtualMFADevices")]).1;
    let users: Vec<_> =
        listed["VirtualMFADevices"].as_array().unwrap().iter().map(|device| device["User"].clone()).collect();
    let known = |user| site.ask("admin", &[("Action", "GetUser"), ("UserName", user)]).1["User"].clone();
    assert_eq!(users, [known("alice"), known("bob"), known("root"), Value::Null]);
}

#[test]
fn long_lists_come_page_by_page() {
    let site = Site::new();
    let rows = (0..25).map(|row| format!("S{row:02},31323334353637383930313233343536{row:08}\n"));
    let file: String = std::iter::once("serial,secret hex\n".to_owned()).chain(rows).collect();
    site.import("", &file);
    let (mut marker, mut seen) = (String::new(), Vec::new());
    loop {
        let mut parameters = vec![("Action", "ListDevices"), ("MaxItems", "10")];
        if !marker.is_empty() {
            parameters.push(("Marker", &marker));
        }
        let page = site.ask("admin", &parameters).1;
        let devices = page["Devices"].as_array().unwrap();
        seen.extend(devices.iter().map(|device| device["SerialNumber"].as_str().unwrap().to_owned()));
        let Some(next) = page["Marker"].as_str() else { break };
        marker = next.into();
    }
    assert_eq!(seen, (0..25).map(|row| format!("S{row:02}")).collect::<Vec<_>>());
    let first =
        |parameters: &[(&str, &str)]| site.ask("admin", parameters).1["Events"][0]["Id"].as_i64().unwrap();
    let newest = first(&[("Action", "ListEvents")]);
    assert_eq!(first(&[("Action", "ListEvents"), ("Before", &newest.to_string())]), newest - 1);
    assert_eq!(
        first(&[("Action", "ListEvents"), ("After", &(newest - 2).to_string()), ("MaxItems", "1")]),
        newest
    );
}
