//! Passwords, for sign-ins in a browser. PAM checks each in a child process of its own that has no store open.

mod checker;
mod pam;
mod question;
mod service_file;
mod slots;

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use keyfob_authority::Unusable;
use keyfob_core::AccountName;

use self::checker::Checker;
pub use self::pam::{CheckFailure, answer_password_check};
use self::question::Question;
pub use self::service_file::Fault;
use self::service_file::ServiceFile;
use self::slots::Slots;
use crate::frame::Deadline;
use crate::protocol::SecretText;

/// The PAM service.
const SERVICE: &str = "keyfob";

/// The hidden command of the program that is the child.
const COMMAND: &str = "check-password";

/// PAM modules take no longer answers than this (`PAM_MAX_RESP_SIZE`), and read a NUL as the end.
const MAX_PASSWORD: usize = 512;

/// How long checks may take.
#[derive(Clone, Copy)]
struct Patience {
    /// For one of the places.
    place: Duration,
    /// For a check.
    check: Duration,
    /// After which whatever is not a right password is answered: PAM's own delay after a wrong one, 2.5 seconds at most, and some more, so
    /// that the time does not tell why.
    refusal: Duration,
}

const PATIENCE: Patience = Patience {
    place: Duration::from_secs(2),
    check: Duration::from_secs(10),
    refusal: Duration::from_secs(3),
};

/// Checks passwords, a few at a time.
pub struct Passwords {
    program: PathBuf,
    service: ServiceFile,
    places: Slots,
    patience: Patience,
}

/// By this program's own child, and the system's PAM service.
impl Default for Passwords {
    fn default() -> Self {
        Self {
            // The program that runs, even where another has been installed in its place meanwhile.
            program: "/proc/self/exe".into(),
            service: ServiceFile::default(),
            places: Slots::default(),
            patience: PATIENCE,
        }
    }
}

impl Passwords {
    /// Is there a PAM service, and does it ask for a password only? Asked before each check, too.
    ///
    /// # Errors
    /// There is none, so that PAM would take `other`, or it contains `pam_keyfob`: with what mends it.
    pub fn check_service(&self) -> Result<(), Unusable> {
        self.service.check().map_err(|fault| Unusable::Remote(fault.to_string()))
    }

    /// Is that the account's password, and may the account sign in? `false` tells nobody why not: a wrong password, an account that is
    /// unknown, locked or expired, all take the same time. `account` is the canonical name.
    ///
    /// # Errors
    /// It can't be said: the PAM service is missing or faulty, too many passwords are being checked, or the child gave no clear answer.
    pub fn check(
        &self,
        account: &AccountName,
        password: &SecretText,
        remote: Option<&str>,
    ) -> Result<bool, Unusable> {
        let earliest_refusal = Deadline::after(self.patience.refusal);
        let outcome = self.ask(&Question { account: account.as_str(), remote, password: &password.0 });
        if !matches!(outcome, Ok(true)) {
            thread::sleep(earliest_refusal.left().unwrap_or_default());
        }
        outcome
    }

    fn ask(&self, question: &Question<'_>) -> Result<bool, Unusable> {
        self.check_service()?;
        if !is_possible(question.password) {
            return Ok(false);
        }
        let busy = || Unusable::Remote("too many passwords are being checked: try again".into());
        let _place = self.places.take(self.patience.place).ok_or_else(busy)?;
        let checked = Checker::start(&self.program)
            .and_then(|mut checker| checker.ask(question, Deadline::after(self.patience.check)));
        checked.map_err(|error| Unusable::Remote(format!("the password can't be checked: {error}")))
    }
}

/// No account has an empty password here, and none has one that PAM would cut short.
fn is_possible(password: &str) -> bool {
    (1..=MAX_PASSWORD).contains(&password.len()) && !password.contains('\0')
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::process::Command;

    use tempfile::TempDir;

    use super::*;

    // Whoever answers has read the question: one that ends before breaks the pipe.
    const RIGHT: &str =
        r"dd bs=4096 count=1 of=asked 2>&1; printf '\001\000\000\000\035keyfob: the password is right' >&0";
    const REFUSED: &str =
        r"dd bs=4096 count=1 of=/dev/null 2>&1; printf '\001\000\000\000\017keyfob: refused' >&0";

    /// Checks by a child that runs this script in place of the program, with a folder of its own.
    fn with_child(script: &str) -> (TempDir, Passwords) {
        let folder = TempDir::new().unwrap();
        let program = folder.path().join("child");
        let script = format!("#!/bin/sh\ncd {}\n{script}\n", folder.path().display());
        // Written by another process: what this one has open for writing, a child of another test has, too, and then can't be run.
        let write = ["-euc", r#"printf %s "$1" > "$2"; chmod 755 "$2""#, "sh", &script];
        assert!(Command::new("sh").args(write).arg(&program).status().unwrap().success());
        let service = "auth required pam_unix.so\naccount required pam_unix.so\n";
        fs::write(folder.path().join(SERVICE), service).unwrap();
        let patience =
            Patience { place: Duration::ZERO, check: Duration::from_secs(60), refusal: Duration::ZERO };
        let service = ServiceFile::in_folders(&[folder.path()]);
        let passwords = Passwords { program, service, places: Slots::default(), patience };
        (folder, passwords)
    }

    fn check(passwords: &Passwords, password: &str) -> Result<bool, Unusable> {
        passwords.check(&"alice".parse().unwrap(), &SecretText::new(password.into()), Some("192.0.2.7"))
    }

    /// Is it there, and more than a zombie that waits for its parent?
    fn runs(process: &str) -> bool {
        let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        !status.is_empty() && !status.contains("State:\tZ")
    }

    #[track_caller]
    fn assert_unanswered(script: &str) {
        let (_folder, passwords) = with_child(script);
        let outcome = check(&passwords, "correct horse");
        assert!(matches!(outcome, Err(Unusable::Remote(_))), "{outcome:?}");
        assert_eq!(passwords.places.free(), slots::PLACES);
    }

    #[test]
    fn two_answers_are_answers() {
        assert!(check(&with_child(RIGHT).1, "correct horse").unwrap());
        assert!(!check(&with_child(REFUSED).1, "correct horse").unwrap());
    }

    #[test]
    fn nothing_else_is_one() {
        assert_unanswered("exit 0");
        assert_unanswered("exit 1");
        assert_unanswered(&format!("{RIGHT}; exit 1"));
        assert_unanswered(&format!("{REFUSED}; exit 3"));
        assert_unanswered(&format!("{RIGHT}; kill -KILL $$"));
        assert_unanswered("printf 'keyfob: the password is right' >&0");
        assert_unanswered(r"printf '\001\000\000\000\035keyfob: the password is righT' >&0");
        assert_unanswered(r"printf '\001\000\000\000\035keyfob: the password is' >&0");
        assert_unanswered(r"printf '\001\000\000\000\036keyfob: the password is right!' >&0");
        assert_unanswered(&RIGHT.replace(">&0", ""));
        assert_unanswered("yes >&0");
    }

    #[test]
    fn a_program_that_is_not_there_is_no_answer() {
        let (_folder, passwords) = with_child("");
        let passwords = Passwords { program: "/nowhere".into(), ..passwords };
        assert!(check(&passwords, "correct horse").is_err());
    }

    #[test]
    fn a_child_that_hangs_is_killed_with_all_that_it_started() {
        for said in ["", RIGHT] {
            let script = format!("{said}\nexec setsid sh -c 'sleep 1000 & echo $! $$ > started; wait'");
            let (folder, mut passwords) = with_child(&script);
            passwords.patience.check = Duration::from_secs(2);
            assert!(check(&passwords, "correct horse").is_err());
            let started = fs::read_to_string(folder.path().join("started")).unwrap();
            let [grandchild, child] = started.split_whitespace().collect::<Vec<_>>()[..] else {
                unreachable!("{started}")
            };
            assert!(!runs(grandchild) && !Path::new("/proc").join(child).exists());
        }
    }

    #[test]
    fn the_child_has_nothing_of_the_daemon_s() {
        let script =
            format!("env > environment; ls -l /proc/self/fd > open; cat /proc/$$/cmdline > line; {RIGHT}");
        let (folder, passwords) = with_child(&script);
        let files = keyfob_authority::Files::new(
            Some(folder.path().join("state/keyfob.db")),
            Some(folder.path().join("keyfob.toml")),
        );
        fs::create_dir(folder.path().join("state")).unwrap();
        keyfob_authority::init(&files, &keyfob_authority::Surroundings::system()).unwrap();
        let _store = keyfob_authority::KeptOpen::open(files).unwrap();
        assert!(check(&passwords, "correct horse").unwrap());
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        // Whoever started this test may have left it some, but none of these is of the store.
        let open = read("open");
        let own = |line: &&str| line.contains(folder.path().to_str().unwrap()) && !line.ends_with("/child");
        assert_eq!(open.lines().filter(own).count(), 1, "{open}");
        // The shell's own.
        assert_eq!(read("environment").lines().filter(|line| !line.contains("PWD=")).count(), 0);
        assert!(!read("line").contains("horse") && read("line").ends_with("check-password\0"));
    }

    #[test]
    fn the_child_is_asked_for_what_was_asked() {
        let (folder, passwords) = with_child(RIGHT);
        let password = "p\u{e4}ss w\u{f6}rd";
        assert!(check(&passwords, password).unwrap());
        let asked = fs::read(folder.path().join("asked")).unwrap();
        let wanted = format!("\u{1}\0\0\0\u{1d}\u{5}alice\u{1}\u{9}192.0.2.7\u{b}{password}");
        assert_eq!(String::from_utf8(asked).unwrap(), wanted);
    }

    #[test]
    fn a_password_that_none_can_be_is_refused_without_a_child() {
        let (folder, passwords) = with_child(&format!("touch started; {RIGHT}"));
        for password in ["", "a\0b", &"x".repeat(MAX_PASSWORD + 1)] {
            assert!(!check(&passwords, password).unwrap());
        }
        assert!(!folder.path().join("started").exists());
        assert!(check(&passwords, &"x".repeat(MAX_PASSWORD)).unwrap());
    }

    #[test]
    fn without_a_service_of_our_own_nobody_is_asked() {
        let (folder, passwords) = with_child(&format!("touch started; {RIGHT}"));
        fs::write(folder.path().join(SERVICE), "auth required pam_keyfob.so\n").unwrap();
        assert!(check(&passwords, "correct horse").is_err());
        fs::remove_file(folder.path().join(SERVICE)).unwrap();
        assert!(check(&passwords, "correct horse").is_err());
        assert!(!folder.path().join("started").exists());
    }

    #[test]
    fn one_too_many_is_told_so() {
        let (_folder, passwords) = with_child(RIGHT);
        let taken: Vec<_> = (0..slots::PLACES).map(|_| passwords.places.take(Duration::ZERO)).collect();
        let outcome = check(&passwords, "correct horse");
        assert!(outcome.is_err_and(|busy| busy.to_string().contains("too many passwords")));
        drop(taken);
        assert!(check(&passwords, "correct horse").unwrap());
    }

    #[test]
    fn only_a_right_password_is_answered_at_once() {
        let (_folder, mut passwords) = with_child(REFUSED);
        passwords.patience.refusal = Duration::from_millis(200);
        let started = std::time::Instant::now();
        for password in ["correct horse", ""] {
            assert!(!check(&passwords, password).unwrap());
        }
        assert!(started.elapsed() >= Duration::from_millis(400));
    }
}
