//! Who was let in, in the system's log, in the module's words: it says so itself only where it opens the store itself. The daemon does after it
//! has answered, so that nobody who signs in waits for the log.

use keyfob_authority::{Caller, Door, Error, SignedIn};
use keyfob_core::{AccountName, escape};
use nix::syslog::{Facility, LogFlags, Priority, Severity, openlog, syslog};

use super::log;
use crate::protocol::{Reply, Request};

/// How much is logged of a service's or a remote host's name, in characters.
const LONGEST_WORD: usize = 256;

/// Who answers in a sign-in through PAM.
pub struct Answering {
    account: AccountName,
    service: String,
    remote: Option<String>,
}

/// Makes the lines begin with the program's name and process.
pub fn open() {
    if let Err(error) = openlog(Some(c"keyfob"), LogFlags::LOG_PID, Facility::LOG_AUTH) {
        log(&format!("the system's log can't be opened: {error}"));
    }
}

/// Writes a line of [`Answering::accepted`].
pub fn write(line: &str) {
    let priority = Priority::new(Severity::LOG_INFO, Facility::LOG_AUTH);
    if let Err(error) = syslog(priority, &escape(line)) {
        log(&format!("nothing can be written to the system's log: {error}"));
    }
}

impl Answering {
    /// Of a request that is one.
    pub fn of(request: &Request) -> Option<Self> {
        let Request::Answer { account, caller: Caller { door: Door::Pam { service }, remote, .. }, .. } =
            request
        else {
            return None;
        };
        Some(Self { account: account.clone(), service: service.clone(), remote: remote.clone() })
    }

    /// What is to be logged, if the answer was good.
    pub fn accepted(&self, outcome: &Result<Reply, Error>) -> Option<String> {
        let Ok(Reply::SignedIn(SignedIn { factor, .. })) = outcome else { return None };
        let (account, service) = (&self.account, word(&self.service));
        let remote =
            self.remote.as_ref().map_or_else(String::new, |remote| format!("; rhost={}", word(remote)));
        Some(format!("pam_keyfob({service}:auth): accepted {account} by {factor}{remote}"))
    }
}

/// What a caller says, as one word: whoever may sign in to the own account only must not have the daemon write sentences about others.
fn word(said: &str) -> String {
    let is_of_words = |c: char| c.is_ascii_graphic() && !"();".contains(c);
    said.chars().take(LONGEST_WORD).map(|c| if is_of_words(c) { c } else { '_' }).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use keyfob_authority::{Factor, Refused};

    use super::*;
    use crate::protocol::SecretText;

    fn answer(door: Door, remote: &str) -> Request {
        let caller = Caller { door, remote: Some(remote.into()), uid: 0 };
        let answer = SecretText::new("123456".to_owned());
        Request::Answer { account: "alice".parse().unwrap(), answer, caller }
    }

    fn signed_in() -> Reply {
        let factor = Factor::Device("T1".parse().unwrap());
        Reply::SignedIn(SignedIn { factor, notices: Vec::new() })
    }

    #[test]
    fn whoever_was_let_in_is_logged_in_the_modules_words() {
        let answering = Answering::of(&answer(Door::Pam { service: "sshd".into() }, "192.0.2.1")).unwrap();
        assert_eq!(
            answering.accepted(&Ok(signed_in())).unwrap(),
            "pam_keyfob(sshd:auth): accepted alice by a code of the device T1; rhost=192.0.2.1"
        );
        assert_eq!(answering.accepted(&Err(Refused::WrongCode.into())), None);
    }

    #[test]
    fn no_caller_has_a_sentence_written_about_others() {
        let door = Door::Pam { service: "x:auth): accepted root by\n".into() };
        let answering = Answering::of(&answer(door, "h; accepted root")).unwrap();
        assert_eq!(
            answering.accepted(&Ok(signed_in())).unwrap(),
            "pam_keyfob(x:auth_:_accepted_root_by_:auth): accepted alice by a code of the device T1; rhost=h__accepted_root"
        );
        let long = Answering::of(&answer(Door::Pam { service: "x".repeat(4000) }, "")).unwrap();
        assert!(long.accepted(&Ok(signed_in())).unwrap().len() < 350);
    }

    #[test]
    fn other_doors_log_by_themselves() {
        assert!(Answering::of(&answer(Door::CommandLine, "")).is_none());
        assert!(Answering::of(&Request::Devices).is_none());
    }
}
