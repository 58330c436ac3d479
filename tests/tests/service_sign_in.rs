//! Sign-in as a browser does it: the real service, daemon, store and password check, on a host of its own.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use std::{
    thread,
    time::{Duration, Instant},
};

use keyfob_tests::{
    Browser, Daemon, Host, Service, Token,
    browser::{ENABLE, NEXT, word},
    command,
    host::PASSWORD,
    token::Kind,
};

const SERVE: [&str; 4] = ["keyfob", "serve", "--listen", "127.0.0.1:8080"];
const LIST_SESSIONS: &str = "Action=ListSessions&Version=2026-11-24";
const END_SESSION: &str = "Action=EndSession&Version=2026-11-24";

/// A host on which the service serves, as a user without privileges. Its PAM service `door` asks for a code.
struct Served {
    service: Service,
    daemon: Daemon,
    host: Host,
}

impl Served {
    fn new() -> Self {
        let host = Host::new();
        host.write("/etc/pam.d/door", "auth required pam_keyfob.so\n");
        host.sh("useradd --system keyfob");
        let (daemon, service) = (host.start_daemon_for_browsers(), serve(&host));
        Self { service, daemon, host }
    }

    fn import(&self, serial: &str) -> Token {
        let token = Token::new(serial, Kind::Hotp);
        self.host.import(std::slice::from_ref(&token));
        token
    }

    fn browser(&self) -> Browser<'_> {
        Browser::new(&self.host)
    }

    /// What the module answers to a code.
    fn door(&self, code: &str) -> bool {
        let words = ["pam_driver", "--answer", code, "--", "door", "alice", "/etc/pam.d"];
        command::run(&mut self.host.root(&words)).unwrap().contains("authenticate PAM_SUCCESS")
    }

    /// No secret stands in a log.
    fn end(self, secrets: &[&str]) {
        let (service, daemon) = (self.service.stop().unwrap(), self.daemon.stop().unwrap());
        assert!(service.0 && daemon.0, "{service:?} {daemon:?}");
        for secret in secrets.iter().chain(&[PASSWORD, "correct+horse"]) {
            assert!(!service.1.contains(secret) && !daemon.1.contains(secret), "{secret}");
        }
    }
}

fn serve(host: &Host) -> Service {
    Service::start(&mut host.reachable("keyfob", &SERVE)).unwrap()
}

#[test]
fn a_device_that_was_associated_in_the_browser_is_asked_for_there_and_at_the_doors() {
    let served = Served::new();
    let token = served.import("fob-alice");
    let code = |counter| token.code(counter).unwrap();
    let mut browser = served.browser();
    assert_eq!(browser.password("alice"), format!(r#"{{{NEXT}"Done"}}"#));
    assert!(browser.session().contains(r#""UserName":"alice","Role":"User","WithCode":false"#));
    let csrf = std::mem::take(&mut browser.csrf);
    assert_eq!(browser.enable("alice", &token).0, 403, "without what only the page was told");
    browser.csrf = csrf;
    let (status, body) = browser.enable("alice", &token);
    assert_eq!(status, 200, "{body}");
    browser.refused(
        "/",
        "Action=DeactivateMFADevice&Version=2010-05-08&SerialNumber=fob-alice",
        "code-required",
    );
    browser.done("/sign-out", "");
    browser.refused("/", LIST_SESSIONS, "NotSignedIn");

    let answer = browser.sign_in("alice", &code(2));
    assert_eq!(
        answer,
        format!(r#"{{{NEXT}"Done","RecoveryCodesLeft":null,"Notices":[]}}"#),
        "it was alice's own act"
    );
    assert!(!served.door(&code(2)), "a code that was spent in the browser");
    assert!(served.door(&code(3)));
    let mut other = served.browser();
    other.password("alice");
    Browser { cookie: other.cookie.clone(), csrf: String::new(), ..other }.refused(
        "/",
        LIST_SESSIONS,
        "NotSignedIn",
    );
    other.refused("/sign-in/code", &format!("Code={}", code(3)), "already-used");
    for offers_resync in [false, false, true] {
        let wrong = token.wrong_code(4).unwrap();
        let (status, answer) = other.post("/sign-in/code", &format!("Code={wrong}"));
        assert!(status == 403 && answer.contains(r#""Reason":"wrong-code""#), "{answer}");
        assert_eq!(answer.contains(r#""OfferResync":true"#), offers_resync, "{answer}");
    }
    // Three wrong codes cost a few seconds.
    thread::sleep(Duration::from_secs(15));
    let pair = format!("AuthenticationCode1={}&AuthenticationCode2={}", code(30), code(31));
    assert!(other.done("/sign-in/resync", &pair).contains(r#"{"Next":"Code","SerialNumber":"fob-alice"}"#));
    other.done("/sign-in/code", &format!("Code={}", code(32)));
    assert!(!served.door(&code(31)) && !served.door(&code(32)) && served.door(&code(33)));
    let cookies = [browser.cookie.clone(), other.cookie.clone()];
    served.end(&[&cookies[0], &cookies[1], &code(2), &code(32), &token.key]);
}

#[test]
fn a_session_outlives_restarts_and_ends_when_its_owner_says_so() {
    let Served { service, daemon, host } = Served::new();
    let token = Token::new("fob-alice", Kind::Hotp);
    host.import(std::slice::from_ref(&token));
    let _enrolled = host.enable("alice", &token);
    let served = Served { service, daemon, host };
    let code = |counter| token.code(counter).unwrap();
    let (mut first, mut second, mut bob) = (served.browser(), served.browser(), served.browser());
    first.sign_in("alice", &code(2));
    second.sign_in("alice", &code(3));
    bob.password("bob");
    bob.session();

    let kept = [&first, &second, &bob].map(|browser| (browser.cookie.clone(), browser.csrf.clone()));
    let Served { service, daemon, host } = served;
    assert!(service.stop().unwrap().0 && daemon.stop().unwrap().0);
    let served = Served { daemon: host.start_daemon_for_browsers(), service: serve(&host), host };
    let [mut first, mut second, mut bob] =
        kept.map(|(cookie, csrf)| Browser { cookie, csrf, ..served.browser() });

    let sessions = first.done("/", LIST_SESSIONS);
    let (current, others): (Vec<_>, Vec<_>) = sessions
        .split('{')
        .filter(|part| part.contains("SessionId"))
        .partition(|part| part.contains(r#""IsCurrent":true"#));
    assert_eq!((current.len(), others.len()), (1, 1), "{sessions}");
    let id = word(others[0], "SessionId");
    bob.refused("/", &format!("{END_SESSION}&SessionId={id}"), "unknown-session");
    bob.refused("/", &format!("{END_SESSION}&SessionId={id}&UserName=alice"), "not-allowed");
    bob.refused("/", &format!("{LIST_SESSIONS}&UserName=alice"), "not-allowed");
    second.session();
    first.done("/", &format!("{END_SESSION}&SessionId={id}"));
    second.refused("/", LIST_SESSIONS, "NotSignedIn");
    assert_ne!(second.cookie, "__Host-keyfob=", "another page may be between password and code");
    second.refused("/sign-in/code", "Code=123456", "NotSignedIn");
    assert_eq!(second.cookie, "__Host-keyfob=", "the browser forgets it");
    first.session();
    served.end(&[]);
}

#[test]
fn root_changes_roots_device_in_the_browser_and_by_no_access_key() {
    let served = Served::new();
    served.host.sh("usermod --password \"$(openssl passwd -6 'correct horse')\" root");
    let token = served.import("fob-root");
    let key =
        served.host.keyfob(&["access-key", "create", "--user", "root", "--json"]).replace("\": \"", "\":\"");
    let user = format!("{}:{}", word(&key, "AccessKeyId"), word(&key, "SecretAccessKey"));
    let codes = token.codes(0, 2).unwrap();
    let form = format!(
        "{ENABLE}&UserName=root&SerialNumber=fob-root&AuthenticationCode1={}&AuthenticationCode2={}",
        codes[0], codes[1]
    );
    let signed =
        ["curl", "-s", "http://127.0.0.1:8080/", "--aws-sigv4", "aws:amz:us-east-1:iam", "--user", &user];
    let kind = ["-H", "Content-Type: application/x-www-form-urlencoded", "--data", &form];
    let refused = command::run(&mut served.host.root(&[&signed[..], &kind].concat())).unwrap();
    assert!(refused.contains("<Code>AccessDenied</Code>"), "{refused}");

    let mut browser = served.browser();
    browser.password("root");
    assert!(browser.session().contains(r#""Role":"Root""#));
    let (status, body) = browser.enable("root", &token);
    assert_eq!(status, 200, "{body}");
    served.end(&[&user]);
}

#[test]
fn wrong_passwords_tell_nothing_and_lock_nobody_out() {
    let served = Served::new();
    let _fob = served.host.enroll("alice");
    let mut attacker = Browser { address: "127.0.0.2", ..served.browser() };
    let mut told = |user: &str| {
        let (status, body) = attacker.post("/sign-in", &format!("UserName={user}&Password=x"));
        (status, body.split("RequestId").next().unwrap().to_owned())
    };
    let alice = told("alice");
    assert!(alice.0 == 403 && alice.1.contains("SignInFailed"), "{alice:?}");
    for other in ["bob", "nobody-at-all", "a%2Fb"] {
        assert_eq!(told(other), alice, "{other}");
    }
    let attack = "for number in 1 2 3 4 5 6 7 8; do \
         curl -s --interface 127.0.0.2 -H 'Sec-Fetch-Site: same-origin' -o /dev/null -w '%{http_code} ' \
         -d 'UserName=alice&Password=x' http://127.0.0.1:8080/sign-in & done; wait";
    let statuses = served.host.sh(attack);
    let count = |status: &str| statuses.split_whitespace().filter(|found| *found == status).count();
    assert_eq!((count("403"), count("429")), (4, 4), "{statuses}");
    let mut owner = served.browser();
    assert!(owner.password("alice").contains(r#""Next":"Code""#));
    served.end(&[]);
}

/// Whatever is killed when, and whatever answer was lost: entered once more, the code has signed in once.
#[test]
fn a_kill_in_the_middle_of_a_code_neither_loses_it_nor_spends_it_twice() {
    const ROUNDS: u32 = 60;
    let Served { mut service, mut daemon, host } = Served::new();
    let token = host.enroll("alice").token;
    let start = Instant::now();
    Browser::new(&host).sign_in("alice", &token.code(2).unwrap());
    // That were three requests: the kills are spread over one and a half.
    let step = start.elapsed() / (2 * ROUNDS);
    for round in 1..=ROUNDS {
        let (kills_service, kills_daemon) = (round % 3 != 0, round % 3 != 1);
        let form = format!("Code={}", token.code(2 + u64::from(round)).unwrap());
        let mut interrupted = Browser::new(&host);
        interrupted.password("alice");
        let mut again = Browser { cookie: interrupted.cookie.clone(), ..Browser::new(&host) };
        let first = thread::scope(|scope| {
            let first = scope.spawn(|| interrupted.answer("/sign-in/code", &form));
            thread::sleep(step * round);
            if kills_service {
                service.program().kill().unwrap();
            }
            if kills_daemon {
                daemon.kill().unwrap();
            }
            first.join().unwrap()
        });
        if kills_daemon {
            daemon = host.start_daemon_for_browsers();
        }
        if kills_service {
            service = serve(&host);
        }
        let second = again.post("/sign-in/code", &form);
        let told = [&first, &Some(second)].into_iter().flatten().filter(|answer| answer.0 == 200).count();
        let spent = host.sign_ins("alice").iter().filter(|outcome| *outcome == "accepted").count();
        assert_eq!(spent, usize::try_from(round).unwrap() + 1, "{round}: {first:?}");
        assert!(told <= 1, "{round}: {first:?}");
    }
    assert_eq!(host.failures("alice"), 0);
    Served { service, daemon, host }.end(&[]);
}
