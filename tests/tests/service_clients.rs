//! AWS's own clients, unmodified, against the service, the daemon and the store; and no code works twice, whichever door it came to first.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test")]

use std::{fmt::Write as _, process::Command};

use keyfob_tests::{
    Daemon, Service, Site, Token, clients, command,
    service::AccessKey,
    site::{me, somebody_else},
    token::Kind,
};

/// Every Debian has these accounts.
const USER: &str = "games";
const OTHER: &str = "news";
const SERIAL: &str = "GAHT12345678";

struct Served {
    service: Service,
    daemon: Daemon,
    site: Site,
    administrator: AccessKey,
    user: AccessKey,
    token: Token,
}

impl Served {
    fn new(user: &str) -> Self {
        let site = Site::new();
        let token = Token::new(SERIAL, Kind::Hotp);
        site.import(std::slice::from_ref(&token));
        let [administrator, user] = ["root", user].map(|user| AccessKey::create(&site, user));
        let daemon = site.start_daemon(&[]);
        let service = site.start_service();
        Self { service, daemon, site, administrator, user, token }
    }

    fn code(&self, counter: u64) -> String {
        self.token.code(counter).unwrap()
    }

    /// What a script is told.
    fn given(&self) -> String {
        let codes: String = self.token.codes(0, 20).unwrap().iter().fold(String::new(), |mut list, code| {
            write!(list, r#"{}"{code}""#, if list.is_empty() { "" } else { "," }).unwrap();
            list
        });
        let (wrong, AccessKey { id, secret }) = (self.token.wrong_code(0).unwrap(), &self.user);
        format!(
            r#"{{"user":"{USER}","other":"{OTHER}","serial":"{SERIAL}","codes":[{codes}],"wrong":"{wrong}",
                "key":{{"aws_access_key_id":"{id}","aws_secret_access_key":"{secret}"}}}}"#
        )
    }

    /// What the AWS command line says, and whether that was an error.
    fn aws(&self, key: &AccessKey, arguments: &str) -> (bool, String) {
        let mut aws = clients::aws(&self.service, key).unwrap();
        let output = command::output(aws.args(arguments.split(' '))).unwrap();
        (output.status.success(), command::text(&[output.stdout, output.stderr].concat()))
    }

    fn done(&self, key: &AccessKey, arguments: &str) -> String {
        let (succeeded, text) = self.aws(key, arguments);
        assert!(succeeded, "{arguments}: {text}");
        text
    }

    fn refused(&self, key: &AccessKey, code: &str, arguments: &str) {
        let (succeeded, text) = self.aws(key, arguments);
        assert!(!succeeded && text.contains(&format!("({code})")), "{arguments}: {text}");
    }

    /// Nobody's secret stands in a log.
    fn end(self) {
        let (service, daemon) = (self.service.stop().unwrap(), self.daemon.stop().unwrap());
        assert!(service.0 && daemon.0, "{service:?} {daemon:?}");
        for secret in [&self.administrator.secret, &self.user.secret, &self.token.key] {
            assert!(!service.1.contains(secret) && !daemon.1.contains(secret));
        }
    }
}

fn passes(script: &mut Command, last: &str) {
    let said = command::run(script).unwrap();
    assert!(said.ends_with(last), "{said}");
}

#[test]
fn boto3_does_what_it_does_at_aws() {
    let served = Served::new(USER);
    let mut script = clients::boto3(&served.service, &served.administrator, "boto3_acts.py").unwrap();
    passes(script.arg(served.given()), "sessions");
    served.end();
}

#[test]
fn the_client_for_javascript_does_what_it_does_at_aws() {
    let served = Served::new(USER);
    let mut script =
        clients::javascript(&served.service, &served.administrator, "javascript_acts.mjs").unwrap();
    passes(script.arg(served.given()), "sessions");
    served.end();
}

#[test]
fn the_aws_command_line_associates_and_deactivates() {
    let served = Served::new(USER);
    let root = &served.administrator;
    let codes = |first: u64| {
        let (first, second) = (served.code(first), served.code(first + 1));
        format!("--authentication-code1 {first} --authentication-code2 {second}")
    };
    let device = format!("--user-name {USER} --serial-number {SERIAL}");
    served.done(root, &format!("iam create-user --user-name {OTHER}"));
    assert!(served.done(root, "iam list-users").contains(OTHER));
    served.done(root, &format!("iam enable-mfa-device {device} {}", codes(0)));
    assert!(served.done(root, &format!("iam list-mfa-devices --user-name {USER}")).contains(SERIAL));
    served.refused(root, "EntityAlreadyExists", &format!("iam enable-mfa-device {device} {}", codes(2)));
    served.refused(
        root,
        "InvalidAuthenticationCode",
        &format!("iam resync-mfa-device {device} {}", codes(0)),
    );
    served.done(root, &format!("iam resync-mfa-device {device} {}", codes(5)));
    served.refused(
        root,
        "NoSuchEntity",
        &format!("iam get-mfa-device --user-name {OTHER} --serial-number {SERIAL}"),
    );
    served.done(root, &format!("iam deactivate-mfa-device {device}"));
    served.refused(root, "NoSuchEntity", &format!("iam get-mfa-device {device}"));
    served.end();
}

/// botocore's signer takes the hash from the head, as curl does.
#[test]
fn a_seed_file_is_imported_by_whoever_can_sign() {
    let served = Served::new(USER);
    let AccessKey { id, secret } = &served.administrator;
    let [first, second] = ["fob-1", "fob-2"].map(|serial| Token::new(serial, Kind::Hotp));
    let file = served.site.write_seed_file(&[first, second]).display().to_string();
    let url = format!("{}/import", served.service.url());
    let mut botocore = clients::boto3(&served.service, &served.administrator, "import_seed_file.py").unwrap();
    let told = command::run(botocore.args([&format!("{url}?SkipRejects=true&DryRun=true"), &file])).unwrap();
    assert!(told.contains(r#""Imported":2,"#), "{told}");
    let signing = ["--aws-sigv4", "aws:amz:us-east-1:keyfob", "--user", &format!("{id}:{secret}")];
    let script = r#"curl -sS "$@" -H "X-Amz-Content-Sha256: $(sha256sum < "$0" | cut -d ' ' -f 1)" \
        -H 'Content-Type: application/octet-stream' --data-binary "@$0""#;
    let mut curl = Command::new("sh");
    let told = command::run(curl.args(["-euc", script, &file]).args(signing).arg(&url)).unwrap();
    assert!(told.contains(r#""Imported":2,"#), "{told}");
    assert!(served.site.keyfob_done(&["device", "show", "fob-2"]).contains("fob-2"));
    served.end();
}

/// Of an account that can sign in here: for a driver without privileges that is its own.
#[test]
fn a_code_works_once_on_whichever_door() {
    let user = if me() == "root" { somebody_else().to_owned() } else { me() };
    let served = Served::new(&user);
    let enrolled = served.site.enable(&user, &served.token);
    let session = |code: &str| format!("sts get-session-token --serial-number {SERIAL} --token-code {code}");
    let signs_in = |code: &str| served.site.sign_in(&user).answer(code).run().unwrap().outcome().to_owned();
    let first = served.code(enrolled.next);
    served.done(&served.user, &session(&first));
    assert_eq!(signs_in(&first), "PAM_AUTH_ERR");
    let second = served.code(enrolled.next + 1);
    assert_eq!(signs_in(&second), "PAM_SUCCESS");
    served.refused(&served.user, "AccessDenied", &session(&second));
    let (third, fourth) = (served.code(enrolled.next + 2), served.code(enrolled.next + 3));
    served.done(&served.user, &session(&third));
    let resync = ["resync", "--user", &user, "--serial", SERIAL, "--code1", &third, "--code2", &fourth];
    assert!(!served.site.keyfob(&resync).status.success(), "the command line takes a code that was spent");
    let (fifth, sixth) = (served.code(enrolled.next + 4), served.code(enrolled.next + 5));
    let resync = ["resync", "--user", &user, "--serial", SERIAL, "--code1", &fifth, "--code2", &sixth];
    served.site.keyfob_done(&resync);
    served.refused(&served.user, "AccessDenied", &session(&sixth));
    served.end();
}
