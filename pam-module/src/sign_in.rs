use std::ffi::CStr;
use std::time::Duration;

use keyfob_authority::{Authority, Caller, Door, Files, LocalAuthority, Surroundings};
use keyfob_core::{AccountName, InvalidAccountName, UnixTime, escape};
use keyfob_daemon::Client;
use nix::unistd::ResUid;
use pam::constants::PamResultCode;

use crate::dialogue::Dialogue;
use crate::options::Options;
use crate::outcome::Outcome;
use crate::store_access::{self, Denied};
use crate::transaction::{Message, Transaction};

/// What libpam is asked for after a refusal; `pam_unix(8)` asks for the same.
const FAIL_DELAY: Duration = Duration::from_secs(2);

/// How much is logged of a user name that no account can have, in characters.
const LOGGED_NAME: usize = 64;

/// Signs in. Where there is no daemon this process has to open the store by itself: `uids` say whether it may.
pub fn authenticate(
    pam: &mut impl Transaction,
    arguments: &[&CStr],
    uids: nix::Result<ResUid>,
) -> PamResultCode {
    let (outcome, decided) = match Options::parse(arguments) {
        Ok(options) => sign_in_somewhere(pam, &options, uids),
        Err(mistakes) => (Outcome::Misconfigured(mistakes), Decided::Here),
    };
    conclude(pam, &outcome, decided, Surroundings::system().clock.now())
}

/// Who has decided.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Decided {
    /// This module, or nobody could.
    Here,
    /// The daemon. Whom it lets in it logs by itself, after it has answered: nobody who signs in waits for the log.
    ByDaemon,
}

/// Asks the daemon where its socket is, whether or not it answers there.
fn sign_in_somewhere(
    pam: &mut impl Transaction,
    options: &Options,
    uids: nix::Result<ResUid>,
) -> (Outcome, Decided) {
    match options.daemon().map(|socket| (socket, Client::is_there(socket))) {
        Some((socket, Ok(true))) => {
            let daemon = Client::new(socket.into(), Client::SIGN_IN_PATIENCE);
            (sign_in(pam, &daemon, options), Decided::ByDaemon)
        }
        Some((_, Err(unusable))) => (Outcome::Denied(Denied::Daemon(unusable)), Decided::Here),
        Some((_, Ok(false))) | None => (sign_in_locally(pam, options, uids), Decided::Here),
    }
}

fn sign_in_locally(pam: &mut impl Transaction, options: &Options, uids: nix::Result<ResUid>) -> Outcome {
    if let Err(denied) = store_access::check(uids, options.store.as_deref()) {
        return Outcome::Denied(denied);
    }
    let files = Files::new(options.store.clone(), options.config.clone());
    sign_in(pam, &LocalAuthority::new(files, Surroundings::system()), options)
}

fn sign_in(pam: &mut impl Transaction, authority: &impl Authority, options: &Options) -> Outcome {
    let account = match account(pam) {
        Ok(account) => account,
        Err(outcome) => return outcome,
    };
    let caller =
        Caller { door: Door::Pam { service: pam.service() }, remote: pam.remote(), uid: pam.real_uid() };
    Dialogue { pam, authority, options, account, caller }.hold()
}

fn account(pam: &mut impl Transaction) -> Result<AccountName, Outcome> {
    let user = pam.user().map_err(|_| Outcome::ConversationFailed)?;
    let name = str::from_utf8(&user).map_err(|_| InvalidAccountName::StrayCharacter).and_then(str::parse);
    name.map_err(|invalid| {
        let excerpt = String::from_utf8_lossy(&user).chars().take(LOGGED_NAME).collect();
        Outcome::NoAccountName(excerpt, invalid)
    })
}

/// Tells the log, the person and libpam what came of it.
fn conclude(pam: &mut impl Transaction, outcome: &Outcome, decided: Decided, now: UnixTime) -> PamResultCode {
    if !(decided == Decided::ByDaemon && matches!(outcome, Outcome::Accepted(..))) {
        log(pam, outcome, now);
    }
    if outcome.is_refusal() {
        pam.fail_delay(FAIL_DELAY);
    }
    tell(pam, outcome, now);
    outcome.code()
}

fn log(pam: &mut impl Transaction, outcome: &Outcome, now: UnixTime) {
    let remote = pam.remote().map_or_else(String::new, |remote| format!("; rhost={remote}"));
    for line in outcome.log_lines(now) {
        pam.log(outcome.level(), &escape(&format!("{line}{remote}")));
    }
}

/// In spite of `PAM_SILENT`, which Debian's sudo asks every module for: nobody would ever learn that a code was used, how long to wait, or what
/// has happened to the account, since it is told once.
fn tell(pam: &mut impl Transaction, outcome: &Outcome, now: UnixTime) {
    let texts: Vec<_> = outcome.told(now).into_iter().chain(outcome.notices(now)).collect();
    if texts.is_empty() {
        return;
    }
    let refused = outcome.is_refusal();
    let message = |text| if refused { Message::Error(text) } else { Message::Info(text) };
    let messages: Vec<_> = texts.iter().map(|text| message(text)).collect();
    // What was decided stays, whether or not it can be told.
    let _ = pam.converse(&messages);
}

#[cfg(test)]
mod tests;
