//! A browser that signs in to the enrollment service of a host.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a test whose browser gets no answer has failed"
)]

use crate::{Host, Token, command, host::typed};

/// The action that associates a device.
pub const ENABLE: &str = "Action=EnableMFADevice&Version=2010-05-08";

/// How a sign-in goes on.
pub const NEXT: &str = r#""Next":"#;

/// What a browser keeps, and whose page it shows.
#[derive(Debug)]
pub struct Browser<'a> {
    /// Where it runs.
    pub host: &'a Host,
    /// From where it comes.
    pub address: &'static str,
    /// What it sends along.
    pub cookie: String,
    /// What only its page has been told.
    pub csrf: String,
}

impl<'a> Browser<'a> {
    /// One that nobody has signed in with.
    #[must_use]
    pub fn new(host: &'a Host) -> Self {
        Self { host, address: "127.0.0.1", cookie: String::new(), csrf: String::new() }
    }

    /// The status and the answer of a request from a page.
    pub fn post(&mut self, path: &str, form: &str) -> (u16, String) {
        self.answer(path, form).unwrap()
    }

    /// The same; `None` where the answer does not come.
    pub fn answer(&mut self, path: &str, form: &str) -> Option<(u16, String)> {
        let url = format!("http://127.0.0.1:8080{path}");
        let (cookie, csrf) = (format!("Cookie: {}", self.cookie), format!("X-Keyfob-Csrf: {}", self.csrf));
        let mut words = vec!["curl", "-s", "-i", &url, "--interface", self.address, "--data-binary", "@-"];
        let site = "Sec-Fetch-Site: same-origin";
        words.extend(["-H", "Accept: application/json", "-H", site, "-H", &cookie, "-H", &csrf]);
        let answer = command::text(&typed(&mut self.host.root(&words), form).stdout);
        let (head, body) = answer.split_once("\r\n\r\n")?;
        if let Some((_, set)) = head.split_once("set-cookie: ") {
            assert!(set.contains("; Path=/; Secure; HttpOnly; SameSite=Strict"), "{set}");
            set.split(';').next().unwrap().clone_into(&mut self.cookie);
        }
        Some((head[9..12].parse().unwrap(), body.to_owned()))
    }

    /// The answer of a request that is done.
    #[allow(clippy::must_use_candidate, reason = "that it is done is often all")]
    pub fn done(&mut self, path: &str, form: &str) -> String {
        let (status, body) = self.post(path, form);
        assert_eq!(status, 200, "{path} {form}: {body}");
        body
    }

    /// It is refused for this reason.
    #[track_caller]
    pub fn refused(&mut self, path: &str, form: &str, reason: &str) {
        let (status, body) = self.post(path, form);
        assert!(status >= 400 && body.contains(&format!(r#""{reason}""#)), "{path} {form}: {body}");
    }

    /// The password is right; this is the answer.
    pub fn password(&mut self, user: &str) -> String {
        self.done("/sign-in", &format!("UserName={user}&Password=correct+horse"))
    }

    /// Who is signed in, with which the page begins.
    pub fn session(&mut self) -> String {
        let session = self.done("/", "Action=GetSession&Version=2026-11-24");
        self.csrf = word(&session, "CsrfToken");
        session
    }

    /// Signs in with password and code.
    pub fn sign_in(&mut self, user: &str, code: &str) -> String {
        assert!(self.password(user).contains(&format!(r#"{NEXT}"Code","Digits":[6]"#)));
        let before = self.cookie.clone();
        let done = self.done("/sign-in/code", &format!("Code={code}"));
        assert_ne!(self.cookie, before, "each step has a cookie of its own");
        self.session();
        done
    }

    /// Associates a token by its first two codes.
    pub fn enable(&mut self, user: &str, token: &Token) -> (u16, String) {
        let codes = token.codes(0, 2).unwrap();
        let pair = format!("AuthenticationCode1={}&AuthenticationCode2={}", codes[0], codes[1]);
        self.post("/", &format!("{ENABLE}&UserName={user}&SerialNumber={}&{pair}", token.serial))
    }
}

/// The text of a name in an answer.
#[must_use]
pub fn word(json: &str, name: &str) -> String {
    let (_, after) = json.split_once(&format!(r#""{name}":""#)).unwrap();
    after.split('"').next().unwrap().to_owned()
}
