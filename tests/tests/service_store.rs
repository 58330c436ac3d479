//! The service while its store is in trouble: full, read-only, held by another process. Nobody is let in, nothing is lost, no wrong code is
//! called anything else, and what was refused is done when the trouble is over.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Stdio},
};

use keyfob_tests::{
    Served, Site, Token,
    served::{SERIAL, USER, device, is, is_done},
    token::Kind,
};

/// Changes on a full disk: far more than there is room for ahead.
const MANY: u32 = 100;

/// Other accounts that every Debian has.
const OTHERS: [&str; 8] = ["daemon", "bin", "sys", "sync", "man", "lp", "mail", "news"];

/// A change, a look, and a try with wrong codes, signed once: what was refused is sent again byte for byte.
struct Asked {
    enable: String,
    list: String,
    wrong: String,
}

impl Asked {
    fn new(served: &Served) -> Self {
        let [first, second] = [0, 1].map(|counter| served.token.wrong_code(counter).unwrap());
        let codes = format!("&AuthenticationCode1={first}&AuthenticationCode2={second}");
        Self {
            enable: served.enable(0),
            list: served.signed("ListMFADevices", &format!("&UserName={USER}")),
            wrong: served.signed("EnableMFADevice", &device(&codes)),
        }
    }

    /// Nothing that has to be written is done, nor told to be anybody's fault but the service's.
    #[track_caller]
    fn are_refused(&self, served: &Served) {
        for request in [&self.enable, &self.wrong, &self.enable] {
            is(&served.send(request), 500, "ServiceFailure");
        }
    }

    /// Nothing had been done, no code was spent and no try was counted; now all is as ever.
    #[track_caller]
    fn are_answered(&self, served: &Served) {
        assert!(!served.owner().contains(USER));
        assert_eq!(served.site.keyfob_done(&["log", "--json", "--user", USER]), "");
        let list = served.send(&self.list);
        is_done(&list);
        assert!(!list.contains(SERIAL), "{list}");
        is(&served.send(&self.wrong), 403, "InvalidAuthenticationCode");
        is_done(&served.send(&self.enable));
        assert!(served.owner().contains(USER));
        assert!(served.send(&self.list).contains(SERIAL));
    }
}

#[test]
fn a_full_store_refuses_changes_and_shows_what_there_is() {
    let served = Served::on(Site::with_disk("4m"));
    let asked = Asked::new(&served);
    let filler = served.site.path("state/filler").display().to_string();
    served.site.run_inside("sh", &["-c", r#"cat /dev/zero > "$1" 2>&- || true"#, "sh", &filler]);
    fill_store(&served.site);
    fill_log(&served);
    asked.are_refused(&served);
    is_done(&served.send(&asked.list));
    served.site.run_inside("rm", &[&filler]);
    asked.are_answered(&served);
}

/// Imports until there is no room even for one device more.
fn fill_store(site: &Site) {
    for size in [1000, 100, 10, 1] {
        let full = (0..100).any(|round| {
            let serial = |number| format!("F{size}-{round}-{number}");
            let tokens: Vec<_> = (0..size).map(|number| Token::new(&serial(number), Kind::Hotp)).collect();
            !site.try_import(&tokens).status.success()
        });
        assert!(full, "there is always room");
    }
}

/// Changes until there is no room for one, and then counts wrong codes, which write less, until there is no room even for that.
fn fill_log(served: &Served) {
    let tag =
        |number: u32| format!("&SerialNumber={SERIAL}&Tags.member.1.Key=k&Tags.member.1.Value={number}");
    let changes = (0..MANY).map(|number| served.signed("TagMFADevice", &tag(number)));
    fails_for_want_of_room(served, changes);
    let [first, second] = [0, 1].map(|counter| served.token.wrong_code(counter).unwrap());
    let wrong = |user: &&str| {
        let codes = format!("&AuthenticationCode1={first}&AuthenticationCode2={second}");
        served.signed("EnableMFADevice", &format!("&UserName={user}&SerialNumber={SERIAL}{codes}"))
    };
    fails_for_want_of_room(served, OTHERS.iter().map(wrong));
}

#[track_caller]
fn fails_for_want_of_room(served: &Served, mut requests: impl Iterator<Item = String>) {
    let answer = requests
        .find_map(|request| Some(served.send(&request)).filter(|answer| answer.starts_with("HTTP/1.1 500 ")));
    is(&answer.unwrap(), 500, "ServiceFailure");
}

/// A disk that has become read-only is another one to the system: here it is mounted over the first.
#[test]
fn a_read_only_store_refuses_all_until_it_can_be_written() {
    let served = Served::on(Site::with_disk("4m"));
    let asked = Asked::new(&served);
    let [state, copy] = ["state", "copy"].map(|name| served.site.path(name).display().to_string());
    let inside = |program: &str, arguments: &[&str]| served.site.run_inside(program, arguments);
    inside("cp", &["-a", &state, &copy]);
    inside("mount", &["--bind", &copy, &state]);
    inside("mount", &["-o", "remount,bind,ro", &state]);
    asked.are_refused(&served);
    is(&served.send(&asked.list), 500, "ServiceFailure");
    inside("umount", &[&state]);
    asked.are_answered(&served);
}

#[test]
fn a_store_that_another_process_holds_is_waited_for_and_then_refused() {
    let served = Served::new();
    let asked = Asked::new(&served);
    // The daemon has what it opened for itself. Put back from a backup, it is another file, and anybody's.
    served.site.save("backup");
    served.site.restore("backup");
    let holder = Holder::new(&served.site);
    asked.are_refused(&served);
    is(&served.send(&asked.list), 500, "ServiceFailure");
    drop(holder);
    asked.are_answered(&served);
}

/// A process that holds SQLite's lock.
struct Holder(Child);

impl Holder {
    fn new(site: &Site) -> Self {
        let mut sqlite = Command::new("sqlite3");
        let mut child =
            sqlite.arg(site.store()).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let begin = b"BEGIN IMMEDIATE; SELECT 'held';\n";
        child.stdin.as_mut().unwrap().write_all(begin).unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut said).unwrap();
        assert_eq!(said, "held\n");
        Self(child)
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        // Its end is the end of its input.
        drop(self.0.stdin.take());
        drop(self.0.wait());
    }
}
