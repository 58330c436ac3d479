//! The service with a real daemon, store and acts behind it, on a machine whose clock and accounts are the test's.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use keyfob_authority::{
    AccessControl, AccessKey, Authorisation, Clock, Door, Files, LocalAuthority, Membership, NameService,
    Randomness, SessionToken, Surroundings, SystemAccount, Unusable, init,
};
use keyfob_core::{AccountName, UnixTime};
use keyfob_daemon::{Client, serve_for_tests};
use serde_json::Value;
use sha2::Sha256;
use tempfile::TempDir;
use tokio::task::JoinHandle;

use super::browser::{post, with};
use super::*;
use crate::backend::Daemon;

const START: u64 = 1_800_000_000;
/// `admin` administers; wrong codes cost no time.
const POLICY: &str = "[service]\nadministrators = \"wheel\"\nrequire_mfa_for_writes = false\n\
                      [throttle]\nfree_failures = 10\ndelay_seconds = 0\ncaller_failures = 100\n";
const ACCOUNTS: [(&str, u32); 4] = [("root", 0), ("admin", 5001), ("alice", 5002), ("bob", 5003)];

thread_local! {
    /// The service's clock; each test has a thread of its own.
    static NOW: Cell<u64> = const { Cell::new(START) };
}

pub struct Site {
    keys: BTreeMap<&'static str, AccessKey>,
    /// The administrator's browser.
    session: SessionToken,
    clock: Arc<AtomicU64>,
    socket: std::path::PathBuf,
    service: Arc<Service>,
    runtime: tokio::runtime::Runtime,
    _folder: TempDir,
}

impl Site {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files =
            Files::new(Some(folder.path().join("keyfob.db")), Some(folder.path().join("keyfob.toml")));
        let clock = Arc::new(AtomicU64::new(START));
        NOW.set(START);
        init(&files, &surroundings(&clock)).unwrap();
        std::fs::write(&files.policy, POLICY).unwrap();
        let local = LocalAuthority::new(files.clone(), surroundings(&clock));
        let key = |account| (account, local.create_access_key(&name(account), &command_line()).unwrap());
        let keys = ["admin", "alice", "bob"].map(key).into();
        let session = local.start_browser_session(&name("admin"), &command_line()).unwrap().token.unwrap();
        let (socket, machine) = (folder.path().join("keyfob.sock"), Arc::clone(&clock));
        serve_for_tests(files, socket.clone(), Arc::new(move || surroundings(&machine))).unwrap();
        let now: crate::Now = || UnixTime(NOW.get());
        let service = Arc::new(Service::new(Daemon::new(socket.clone()), now, false));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { keys, session, clock, socket, service, runtime, _folder: folder }
    }

    pub fn now(&self) -> u64 {
        self.clock.load(Ordering::SeqCst)
    }

    pub fn pass(&self, seconds: u64) {
        NOW.set(self.clock.fetch_add(seconds, Ordering::SeqCst) + seconds);
    }

    /// The acts themselves, for whoever the daemon trusts.
    pub fn acts(&self) -> Client {
        Client::new(self.socket.clone(), Duration::from_secs(10))
    }

    /// The status and the body of the answer to a user's action.
    pub fn answer(&self, user: &str, parameters: &[(&str, &str)], accept: &'static str) -> (u16, String) {
        self.answer_signed((&self.keys[user], None), parameters, accept)
    }

    /// The same, signed by another key, with a session's token or without.
    pub fn answer_signed(
        &self,
        (key, token): (&AccessKey, Option<&str>),
        parameters: &[(&str, &str)],
        accept: &'static str,
    ) -> (u16, String) {
        let action = parameters[0].1;
        let api = crate::actions::ACTIONS.iter().find(|known| known.name == action).unwrap().api;
        let mut body = form(parameters);
        body.push_str(match api {
            Api::Iam => "&Version=2010-05-08",
            Api::Sts => "&Version=2011-06-15",
            Api::Keyfob => "&Version=2026-11-24",
        });
        let (mut parts, _) = request(api.name(), FORM, Vec::new()).into_parts();
        if let Some(token) = token {
            parts.headers.insert("x-amz-security-token", token.parse().unwrap());
        }
        let parts = sign((key, api.name()), self.now(), parts, Payload::Form(body.as_bytes()));
        self.send(with(Request::from_parts(parts, body.into()), "accept", accept))
    }

    /// The key that a user's requests are signed with.
    pub fn key(&self, user: &str) -> &AccessKey {
        &self.keys[user]
    }

    /// The answer to a request of the administrator's browser, or of one with that cookie.
    pub fn browse(&self, body: &str, cookie: Option<&str>) -> (u16, String) {
        let token = cookie.unwrap_or_else(|| self.session.reveal());
        let request = with(post("/", body), "cookie", &format!("__Host-keyfob={token}"));
        self.send(with(request, "x-keyfob-csrf", &crate::csrf::token(&SessionToken::new(token.into()))))
    }

    /// The status and the result, or the error, of a user's action.
    pub fn ask(&self, user: &str, parameters: &[(&str, &str)]) -> (u16, Value) {
        let (status, body) = self.answer(user, parameters, "application/json");
        let json: Value = serde_json::from_str(&body).unwrap();
        let action = parameters[0].1;
        let result = json.pointer(&format!("/{action}Response/{action}Result")).or(json.get("Error"));
        (status, result.cloned().unwrap_or_default())
    }

    /// The status and the lines of the answer to a seed file that the administrator's browser sends.
    pub fn import(&self, query: &str, file: &str) -> (u16, Vec<Value>) {
        lines(self.send(self.import_of(query, file.to_owned().into())))
    }

    /// The request that imports it.
    pub fn import_of(&self, query: &str, file: Body) -> Request {
        let request = post(&format!("/import?{query}"), "");
        let request = with(request, "cookie", &format!("__Host-keyfob={}", self.session.reveal()));
        let request = with(request, "x-keyfob-csrf", &crate::csrf::token(&self.session));
        with(request, "content-type", "application/octet-stream").map(|_| file)
    }

    /// The head of a request that imports a seed file of that hash, signed by a user's key for that API, now.
    pub fn signed_import_of(&self, (user, api): (&str, &str), query: &str, hash: &str) -> Parts {
        let mut unsigned = request(api, "application/octet-stream", Vec::new());
        *unsigned.uri_mut() = format!("/import?{query}").parse().unwrap();
        let (parts, _) = with(unsigned, "x-amz-content-sha256", hash).into_parts();
        sign((&self.keys[user], api), self.now(), parts, Payload::SeedFile)
    }

    pub fn send(&self, request: Request) -> (u16, String) {
        self.wait_for(self.begin(request))
    }

    /// Sends a request whose answer is waited for later.
    pub fn begin(&self, request: Request) -> JoinHandle<(u16, String)> {
        let peer = Peer(std::net::Ipv4Addr::LOCALHOST.into());
        let router = router(Arc::clone(&self.service), Arc::default(), Transport::Plain);
        let router = TowerToHyperService::new(router.layer(Extension(peer)));
        self.runtime.spawn(async move {
            let (head, body) = router.call(request).await.unwrap().into_parts();
            let body = to_bytes(body, usize::MAX).await.unwrap();
            (head.status.as_u16(), String::from_utf8(body.to_vec()).unwrap())
        })
    }

    pub fn wait_for(&self, begun: JoinHandle<(u16, String)>) -> (u16, String) {
        self.runtime.block_on(begun).unwrap()
    }

    /// Waits until an import is under way, or none is.
    pub fn wait_until_importing(&self, is_importing: bool) {
        let is_so = || (self.service.imports.available_permits() == 0) == is_importing;
        self.runtime.block_on(async {
            for _ in 0..10_000 {
                tokio::time::sleep(Duration::from_millis(1)).await;
                if is_so() {
                    return;
                }
            }
            panic!("an import is under way: {}", !is_importing);
        });
    }
}

/// The status and the lines of an answer.
pub fn lines((status, body): (u16, String)) -> (u16, Vec<Value>) {
    (status, body.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

pub fn name(name: &str) -> AccountName {
    name.parse().unwrap()
}

pub const fn command_line() -> Caller {
    Caller { door: Door::CommandLine, remote: None, uid: 0 }
}

fn form(parameters: &[(&str, &str)]) -> String {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

    let pair =
        |(name, value): &(&str, &str)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC));
    parameters.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// A request's head, signed by a key for an API, now.
fn sign((key, api): (&AccessKey, &str), now: u64, mut parts: Parts, payload: Payload<'_>) -> Parts {
    let time =
        jiff::Timestamp::from_second(now.cast_signed()).unwrap().strftime("%Y%m%dT%H%M%SZ").to_string();
    let date = &time[..8];
    parts.headers.insert("x-amz-date", time.parse().unwrap());
    let names = ["content-type", "host", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"];
    let names =
        names.into_iter().filter(|name| parts.headers.contains_key(*name)).collect::<Vec<_>>().join(";");
    let authorization = |signature: &str| -> HeaderValue {
        let scope = format!("{}/{date}/us-east-1/{api}/aws4_request", key.id);
        let text =
            format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders={names}, Signature={signature}");
        text.parse().unwrap()
    };
    parts.headers.insert("authorization", authorization(&"0".repeat(64)));
    let string_to_sign = signed_request(&parts, payload, UnixTime(now)).unwrap().string_to_sign;
    let first = format!("AWS4{}", key.secret.reveal()).into_bytes();
    let steps = [date, "us-east-1", api, "aws4_request", &string_to_sign];
    let signature = steps.iter().fold(first, |key, step| hmac(&key, step));
    parts.headers.insert("authorization", authorization(&data_encoding::HEXLOWER.encode(&signature)));
    parts
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(text).finalize().into_bytes().to_vec()
}

fn surroundings(clock: &Arc<AtomicU64>) -> Surroundings {
    let system = Surroundings::system();
    let randomness: Box<dyn Randomness> = system.randomness;
    Surroundings { clock: Box::new(SetClock(Arc::clone(clock))), randomness, names: Box::new(Names) }
}

struct SetClock(Arc<AtomicU64>);

impl Clock for SetClock {
    fn now(&self) -> UnixTime {
        UnixTime(self.0.load(Ordering::SeqCst))
    }
}

struct Names;

impl NameService for Names {
    fn look_up(&self, name: &AccountName) -> Result<Option<SystemAccount>, Unusable> {
        let found = ACCOUNTS.iter().find(|(known, _)| *known == name.as_str());
        Ok(found.map(|(_, uid)| SystemAccount { name: name.clone(), uid: *uid }))
    }

    fn membership(&self, name: &AccountName, group: &str) -> Membership {
        match (group, name.as_str()) {
            ("wheel", "admin") => Membership::Member,
            ("wheel", _) => Membership::NotMember,
            _ => Membership::UnknownGroup,
        }
    }

    fn groups(&self, name: &AccountName) -> Option<Vec<String>> {
        Some(if name.as_str() == "admin" {
            vec!["staff".into(), "wheel".into()]
        } else {
            vec!["staff".into()]
        })
    }
}
