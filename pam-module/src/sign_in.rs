use std::ffi::CStr;
use std::time::Duration;

use keyfob_authority::{Authority, Begin, Caller, Door, Files, LocalAuthority, Refused, Surroundings};
use keyfob_core::{AccountName, InvalidAccountName, UnixTime, escape};
use nix::unistd::ResUid;
use pam::constants::PamResultCode;

use crate::answer::Answer;
use crate::options::Options;
use crate::outcome::Outcome;
use crate::store_access;
use crate::transaction::{Level, Message, Transaction};

/// What libpam is asked for after a refusal; `pam_unix(8)` asks for the same.
const FAIL_DELAY: Duration = Duration::from_secs(2);

/// How much is logged of a user name that no account can have, in characters.
const LOGGED_NAME: usize = 64;

/// Signs in with the store of this machine, which this process has to open by itself: `uids` say whether it may.
pub fn authenticate(
    pam: &mut impl Transaction,
    arguments: &[&CStr],
    uids: nix::Result<ResUid>,
) -> PamResultCode {
    let outcome = match Options::parse(arguments) {
        Ok(options) => sign_in_locally(pam, &options, uids),
        Err(mistakes) => Outcome::Misconfigured(mistakes),
    };
    conclude(pam, &outcome, Surroundings::system().clock.now())
}

fn sign_in_locally(pam: &mut impl Transaction, options: &Options, uids: nix::Result<ResUid>) -> Outcome {
    if let Err(denied) = store_access::check(uids, options.store.as_deref()) {
        return Outcome::Denied(denied);
    }
    let files = Files::new(options.store.clone(), options.config.clone());
    sign_in(pam, &LocalAuthority::new(files, Surroundings::system()), options)
}

/// Begins, asks once, answers. Another try is the application's affair.
fn sign_in(pam: &mut impl Transaction, authority: &impl Authority, options: &Options) -> Outcome {
    let account = match account(pam) {
        Ok(account) => account,
        Err(outcome) => return outcome,
    };
    let caller =
        Caller { door: Door::Pam { service: pam.service() }, remote: pam.remote(), uid: pam.real_uid() };
    let begin = authority.begin(&account, &caller);
    debug(pam, options, &format!("begin for {account}: {begin:?}"));
    match begin.map(|begun| begun.next) {
        Ok(Begin::NotRequired) => Outcome::NoDevice,
        Ok(Begin::Ask(_)) => ask(pam, authority, options, account, &caller),
        Ok(Begin::Throttled(throttled)) => Outcome::Refused(account, Refused::Throttled(throttled)),
        Err(error) => Outcome::failed(account, error),
    }
}

fn account(pam: &mut impl Transaction) -> Result<AccountName, Outcome> {
    let user = pam.user().map_err(|_| Outcome::ConversationFailed)?;
    let name = str::from_utf8(&user).map_err(|_| InvalidAccountName::StrayCharacter).and_then(str::parse);
    name.map_err(|invalid| {
        let excerpt = String::from_utf8_lossy(&user).chars().take(LOGGED_NAME).collect();
        Outcome::NoAccountName(excerpt, invalid)
    })
}

fn ask(
    pam: &mut impl Transaction,
    authority: &impl Authority,
    options: &Options,
    account: AccountName,
    caller: &Caller,
) -> Outcome {
    let prompt = Message::Prompt { text: &options.prompt, echo: options.echo_code };
    let Ok(answer) = pam.converse(&[prompt]) else { return Outcome::ConversationFailed };
    debug(
        pam,
        options,
        if answer.is_some() { "an answer came" } else { "no answer came that can be a code" },
    );
    // No answer is decided on like an empty one, so that the audit log has it too.
    let text = answer.as_ref().map_or("", Answer::as_str);
    match authority.answer(&account, text, caller) {
        Ok(signed_in) => Outcome::Accepted(account, signed_in),
        Err(error) => Outcome::failed(account, error),
    }
}

/// Tells the log, the person and libpam what came of it.
fn conclude(pam: &mut impl Transaction, outcome: &Outcome, now: UnixTime) -> PamResultCode {
    let remote = pam.remote().map_or_else(String::new, |remote| format!("; rhost={remote}"));
    for line in outcome.log_lines(now) {
        pam.log(outcome.level(), &escape(&format!("{line}{remote}")));
    }
    if outcome.is_refusal() {
        pam.fail_delay(FAIL_DELAY);
    }
    if !pam.silent() {
        tell(pam, outcome, now);
    }
    outcome.code()
}

fn tell(pam: &mut impl Transaction, outcome: &Outcome, now: UnixTime) {
    let Some(text) = outcome.told(now) else { return };
    let message = if outcome.is_refusal() { Message::Error(&text) } else { Message::Info(&text) };
    // What was decided stays, whether or not it can be told.
    let _ = pam.converse(&[message]);
}

fn debug(pam: &mut impl Transaction, options: &Options, text: &str) {
    if options.debug {
        pam.log(Level::Debug, &escape(text));
    }
}

#[cfg(test)]
mod tests;
