//! Every typed error of the IAM actions, met by each of AWS's own clients. Two of them take a store in trouble.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::process::Command;

use keyfob_tests::{
    Served, Site, Token, clients, command,
    served::{SERIAL, USER},
    token::Kind,
};

/// A user whose codes are not looked at any more.
const LOCKED: &str = "news";

/// A token that nobody has.
const FREE: &str = "GAHT00000002";

/// How many tags a device may have.
const MOST_TAGS: usize = 50;

/// An error, the operation that has to fail by it, its name on the command line, and its parameters.
type Refusal = (&'static str, &'static str, &'static str, String);

/// What each client has to meet with these two tokens.
fn refusals(served: &Served, free: &Token) -> Vec<Refusal> {
    let user = |name: &str| format!(r#""UserName":"{name}""#);
    let device = |serial: &str| format!(r#""SerialNumber":"{serial}""#);
    let pair = |[first, second]: [String; 2]| {
        format!(r#""AuthenticationCode1":"{first}","AuthenticationCode2":"{second}""#)
    };
    let wrong = pair([0, 5].map(|counter| served.token.wrong_code(counter).unwrap()));
    let right = || pair([0, 1].map(|counter| free.code(counter).unwrap()));
    let tag = |key: &str| format!(r#"{{"Key":"{key}","Value":""}}"#);
    let enable = |name: &str, codes: &str| format!("{},{},{codes}", user(name), device(FREE));
    let tags = |tags: &[String]| format!(r#"{},"Tags":[{}]"#, device(SERIAL), tags.join(","));
    [
        ("NoSuchEntity", "GetMFADevice", "get-mfa-device", device("NONESUCH1")),
        ("InvalidAuthenticationCode", "ResyncMFADevice", "resync-mfa-device", {
            format!("{},{},{wrong}", user(USER), device(SERIAL))
        }),
        ("EntityAlreadyExists", "CreateUser", "create-user", user(USER)),
        ("EntityTemporarilyUnmodifiable", "EnableMFADevice", "enable-mfa-device", enable(LOCKED, &right())),
        ("LimitExceeded", "TagMFADevice", "tag-mfa-device", tags(&[tag("one more")])),
        ("InvalidInput", "TagMFADevice", "tag-mfa-device", tags(&[tag("doubled"), tag("doubled")])),
        ("DeleteConflict", "DeleteUser", "delete-user", user(USER)),
        ("ConcurrentModification", "EnableMFADevice", "enable-mfa-device", enable(USER, &right())),
    ]
    .map(|(error, operation, name, parameters)| (error, operation, name, format!("{{{parameters}}}")))
    .into()
}

fn sqlite(site: &Site, sql: &str) {
    command::run(Command::new("sqlite3").arg(site.store()).arg(sql)).unwrap();
}

/// While no daemon has the store.
fn change_store(served: &mut Served, sql: &str) {
    drop(served.daemon.take());
    sqlite(&served.site, sql);
    served.daemon = Some(served.site.start_daemon(&[]));
}

/// All three clients have to meet these, and each of them by its own type.
fn are_met(served: &Served, refusals: &[Refusal]) {
    for (error, _, name, parameters) in refusals {
        let mut aws = clients::aws(&served.service, &served.key).unwrap();
        aws.args(["iam", name, "--cli-input-json", parameters]).env("AWS_MAX_ATTEMPTS", "1");
        let output = command::output(&mut aws).unwrap();
        let told = command::text(&output.stderr);
        assert!(!output.status.success() && told.contains(&format!("({error})")), "{name}: {told}");
    }
    let list: Vec<_> = refusals
        .iter()
        .map(|(error, operation, _, parameters)| format!(r#"["{error}","{operation}",{parameters}]"#))
        .collect();
    let list = format!("[{}]", list.join(","));
    let expected: Vec<_> = refusals.iter().map(|(error, ..)| *error).collect();
    for mut script in [
        clients::boto3(&served.service, &served.key, "typed_errors.py").unwrap(),
        clients::javascript(&served.service, &served.key, "typed_errors.mjs").unwrap(),
    ] {
        let told = command::run(script.arg(&list).env("AWS_MAX_ATTEMPTS", "1")).unwrap();
        assert_eq!(told.lines().collect::<Vec<_>>(), expected);
    }
}

/// Whatever is read of a device is compared with something else when it is written, as if somebody had been faster.
const CHANGED_MEANWHILE: &str = "ALTER TABLE device RENAME COLUMN accepted TO read;
    ALTER TABLE device ADD COLUMN accepted BLOB DEFAULT X'FFFFFFFFFFFFFFFF'";

const AS_IT_WAS: &str =
    "ALTER TABLE device DROP COLUMN accepted; ALTER TABLE device RENAME COLUMN read TO accepted";

#[test]
fn every_client_meets_every_typed_error() {
    let mut served = Served::new();
    let free = Token::new(FREE, Kind::Hotp);
    served.site.import(std::slice::from_ref(&free));
    served.site.keyfob_done(&["user", "add", LOCKED]);
    let _enrolled = served.site.enable(USER, &served.token);
    let lock = format!(
        "INSERT INTO throttle SELECT id, 'association', 100, X'0000000000000001' FROM account WHERE name = '{LOCKED}';
         WITH RECURSIVE number(n) AS (SELECT 1 UNION SELECT n + 1 FROM number WHERE n < {MOST_TAGS})
             INSERT INTO device_tag SELECT id, 'key' || n, '' FROM device, number WHERE serial = '{SERIAL}'"
    );
    change_store(&mut served, &format!("{lock}; {CHANGED_MEANWHILE}"));
    let refusals = refusals(&served, &free);
    let before = shown(&served);
    are_met(&served, &refusals);
    assert_eq!(shown(&served), before, "something is left of what was refused");

    let trouble: Refusal = ("ServiceFailure", "ListUsers", "list-users", "{}".into());
    drop(served.daemon.take());
    are_met(&served, &[trouble]);
    served.daemon = Some(served.site.start_daemon(&[]));

    // What was changed meanwhile had been undone as a whole: its codes are as good as before.
    change_store(&mut served, AS_IT_WAS);
    let mut aws = clients::aws(&served.service, &served.key).unwrap();
    let (_, _, name, parameters) = refusals.last().unwrap();
    command::run(aws.args(["iam", name, "--cli-input-json", parameters])).unwrap();
    assert!(served.site.keyfob_done(&["device", "show", FREE, "--json"]).contains(USER));
}

/// The device that nobody has, and what happened to it.
fn shown(served: &Served) -> [String; 2] {
    let events = served.site.keyfob_done(&["log", "--json"]);
    let of_enable = events.lines().filter(|line| line.contains(FREE) && line.contains(USER));
    [served.site.keyfob_done(&["device", "show", FREE, "--json"]), of_enable.collect()]
}
