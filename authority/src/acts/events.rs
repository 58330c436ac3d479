use keyfob_core::{AccountName, PairRefusal, SerialNumber, escape};
use keyfob_store::{Act, NewEvent, Outcome, Transaction};

use super::Acts;
use crate::{AccessRefusal, Caller, Door, Error, Refused};

/// What an audit event is about.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) act: Act,
    pub(crate) account: Option<&'a AccountName>,
    pub(crate) serial: Option<&'a SerialNumber>,
    pub(crate) caller: &'a Caller,
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
        match self.append(store, subject, Outcome::Refused, Some(reason(&refused))) {
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

/// The stable word for a refusal.
const fn reason(refused: &Refused) -> &'static str {
    match refused {
        Refused::Malformed | Refused::Pair(PairRefusal::WrongLength) => "malformed",
        Refused::WrongCode | Refused::Pair(PairRefusal::Wrong) => "wrong-code",
        Refused::AlreadyUsed | Refused::Pair(PairRefusal::AlreadyUsed) => "already-used",
        Refused::Pair(PairRefusal::SameCode) => "same-code",
        Refused::Pair(PairRefusal::NotConsecutive) => "not-consecutive",
        Refused::Pair(PairRefusal::TooFarOff) => "too-far-off",
        Refused::Throttled(keyfob_core::Throttled::Until(_)) => "throttled",
        Refused::Throttled(keyfob_core::Throttled::Locked) => "locked",
        Refused::NoDevice(_) => "no-device",
        Refused::UnknownSerialNumber(_) => "unknown-serial-number",
        Refused::Taken { .. } => "taken",
        Refused::NotAssociated { .. } => "not-associated",
        Refused::DeviceLimit(_) => "device-limit",
        Refused::HasDevices(_) => "has-devices",
        Refused::UnknownAccount(_) => "unknown-account",
        Refused::Recreated { .. } => "recreated-account",
        Refused::KnownSerialNumber(_) => "known-serial-number",
        Refused::UnassociatedLimit(_) => "unassociated-limit",
        Refused::TagLimit(_) => "tag-limit",
        Refused::TooManyDevices => "too-many-devices",
        Refused::ImportLimit => "import-limit",
        Refused::AccessKeyLimit(_) => "access-key-limit",
        Refused::UnknownSession => "unknown-session",
        Refused::Access(AccessRefusal::UnknownAccessKey) => "unknown-access-key",
        Refused::Access(AccessRefusal::WrongSignature) => "wrong-signature",
        Refused::Access(AccessRefusal::ExpiredSession) => "expired-session",
        Refused::Access(AccessRefusal::NotSignedIn) => "not-signed-in",
        Refused::Access(AccessRefusal::WrongPassword) => "wrong-password",
        Refused::Access(AccessRefusal::Repeated) => "repeated",
        Refused::Access(AccessRefusal::NotAllowed) => "not-allowed",
        Refused::Access(AccessRefusal::CodeRequired) => "code-required",
    }
}
