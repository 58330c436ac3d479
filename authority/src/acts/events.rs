use keyfob_core::{AccountName, SerialNumber, escape};
use keyfob_store::{Act, NewEvent, Outcome, Transaction};

use super::Acts;
use crate::{Caller, Door, Error, Refused};

/// What an audit event is about.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) act: Act,
    pub(crate) account: Option<&'a AccountName>,
    pub(crate) serial: Option<&'a SerialNumber>,
    pub(crate) caller: &'a Caller,
}

impl<'a> Subject<'a> {
    /// About an account, and no device.
    pub(crate) const fn of_account(act: Act, account: &'a AccountName, caller: &'a Caller) -> Self {
        Self { act, account: Some(account), serial: None, caller }
    }
}

impl Acts<'_> {
    /// Notes that something was done.
    pub(crate) fn done(
        &self,
        store: &mut dyn Transaction,
        subject: Subject<'_>,
        reason: Option<&'static str>,
    ) -> Result<(), Error> {
        self.append(store, subject, Outcome::Done, reason)
    }

    /// Notes a refusal, and gives it back as the error to answer with.
    pub(crate) fn refused(
        &self,
        store: &mut dyn Transaction,
        subject: Subject<'_>,
        refused: impl Into<Refused>,
    ) -> Error {
        let refused = refused.into();
        match self.append(store, subject, Outcome::Refused, Some(refused.reason())) {
            Ok(()) => refused.into(),
            Err(unusable) => unusable,
        }
    }

    /// Notes it where an act is refused.
    pub(crate) fn note_refusal<T>(
        &self,
        store: &mut dyn Transaction,
        subject: Subject<'_>,
        result: Result<T, Error>,
    ) -> Result<T, Error> {
        match result {
            Err(Error::Refused(refused)) => Err(self.refused(store, subject, refused)),
            other => other,
        }
    }

    fn append(
        &self,
        store: &mut dyn Transaction,
        subject: Subject<'_>,
        outcome: Outcome,
        reason: Option<&'static str>,
    ) -> Result<(), Error> {
        let event = NewEvent {
            time: self.now(),
            act: subject.act,
            account: subject.account.map(ToString::to_string),
            serial: subject.serial.cloned(),
            door: door(subject.caller),
            remote: remote(subject.caller),
            outcome,
            reason,
        };
        Ok(store.append_event(&event, self.policy.retention)?)
    }
}

/// The door, as log and notices have it.
pub(crate) fn door(caller: &Caller) -> String {
    match &caller.door {
        Door::CommandLine => "command-line".into(),
        Door::Pam { service } => format!("pam:{}", harmless(service, 60)),
        Door::Service { account: None, .. } => "service".into(),
        Door::Service { account: Some(account), .. } => format!("service:{}", harmless(account.as_str(), 56)),
    }
}

/// Where the person comes from, as log and notices have it.
pub(crate) fn remote(caller: &Caller) -> Option<String> {
    caller.remote.as_deref().map(|remote| harmless(remote, 256))
}

/// Escaped, and cut to at most `bytes`.
fn harmless(text: &str, bytes: usize) -> String {
    let escaped = escape(text);
    let end =
        escaped.char_indices().map(|(start, c)| start + c.len_utf8()).take_while(|end| *end <= bytes).last();
    escaped.get(..end.unwrap_or(0)).unwrap_or_default().to_owned()
}
