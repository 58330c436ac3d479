//! What Prometheus is told, after some requests.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::process::Command;

use keyfob_tests::{Site, Token, command, service::AccessKey, token::Kind};

/// As curl signs it when it is given.
const KIND: &str = "content-type: application/x-www-form-urlencoded";

fn curl(words: &[&str]) -> String {
    command::run(Command::new("curl").args(["-sS", "--max-time", "60"]).args(words)).unwrap()
}

/// The number of the line that begins so and has all these labels.
fn number(told: &str, name: &str, labels: &[&str]) -> f64 {
    let fits = |line: &&str| {
        let (found, rest) = line.split_once([' ', '{']).unwrap();
        found == name && labels.iter().all(|label| rest.contains(label))
    };
    let line = told.lines().find(fits).unwrap_or_else(|| panic!("no {name} {labels:?} in {told}"));
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

#[test]
#[allow(clippy::float_cmp, reason = "they count")]
fn what_was_asked_is_counted_and_nobody_is_named() {
    let site = Site::new();
    let token = Token::new("GAHT12345678", Kind::Hotp);
    site.import(std::slice::from_ref(&token));
    let key = AccessKey::create(&site, "root");
    let daemon = site.start_daemon(&[]);
    let options = ["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"];
    let service = site.start_service_with(&options);
    let metrics = format!("http://{}/metrics", service.metrics_address());
    let user = format!("{}:{}", key.id, key.secret);
    let ask = |form: &str| {
        let form = format!("{form}&Version=2010-05-08");
        let signature = ["--aws-sigv4", "aws:amz:us-east-1:iam", "--user", &user, "-H", KIND];
        curl(&[&signature[..], &["-d", &form, &service.url()]].concat())
    };
    for _ in 0..3 {
        assert!(ask("Action=ListUsers").contains("<ListUsersResult>"));
    }
    let wrong = token.wrong_code(0).unwrap();
    let enable = format!(
        "Action=EnableMFADevice&UserName=games&SerialNumber=GAHT12345678&AuthenticationCode1={wrong}&AuthenticationCode2={}",
        token.wrong_code(5).unwrap()
    );
    assert!(ask(&enable).contains("InvalidAuthenticationCode"));
    curl(&["-d", "", &service.url()]);
    curl(&[&format!("{}/nothing/of/this/name", service.url())]);
    assert!(curl(&["-i", &metrics]).contains("\r\ncontent-security-policy: default-src 'none';"));
    let told = curl(&[&metrics]);
    assert!(told.ends_with("# EOF\n") || told.ends_with("# EOF"), "{told}");
    let requests = "keyfob_requests_total";
    assert_eq!(number(&told, requests, &[r#"action="ListUsers""#, r#"status="200""#, r#"path="/""#]), 3.0);
    let refused = [r#"action="EnableMFADevice""#, r#"status="403""#, r#"code="InvalidAuthenticationCode""#];
    assert_eq!(number(&told, requests, &refused), 1.0);
    assert_eq!(number(&told, requests, &[r#"action="""#, r#"code="MissingAuthenticationToken""#]), 1.0);
    assert_eq!(number(&told, requests, &[r#"path="page""#, r#"status="404""#]), 1.0);
    let count = "keyfob_request_duration_seconds_count";
    assert_eq!(number(&told, count, &[r#"action="ListUsers""#]), 3.0);
    assert_eq!(number(&told, "keyfob_requests_in_flight", &[]), 0.0);
    assert_eq!(number(&told, "keyfob_acts_in_flight", &[]), 0.0);
    assert_eq!(number(&told, "keyfob_daemon_up", &[]), 1.0);
    for name in
        ["games", "GAHT12345678", &key.id, &key.secret, &format!("\"{wrong}\""), "127.0.0.1", "/nothing"]
    {
        assert!(!told.contains(name), "{name} in {told}");
    }
    assert!(daemon.stop().unwrap().0);
    assert_eq!(number(&curl(&[&metrics]), "keyfob_daemon_up", &[]), 0.0);
    // There alone.
    assert_eq!(
        curl(&["-o", "/dev/null", "-w", "%{http_code}", &format!("{}/metrics", service.url())]),
        "404"
    );
    assert!(service.stop().unwrap().0);
}

#[test]
fn other_machines_are_told_where_that_is_said() {
    let site = Site::new();
    let output = site.keyfob(&["serve", "--listen", "127.0.0.1:0", "--metrics-listen", "0.0.0.0:0"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(command::text(&output.stderr).contains("say --metrics-public"));
}
