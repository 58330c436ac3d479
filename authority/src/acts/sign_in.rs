use keyfob_core::{Answer, Code, RecoveryCode, Refusal, SerialNumber, Throttle, verify_any};
use keyfob_store::{Account, Act, NoticeKind, Purpose, Transaction};

use super::events::Subject;
use super::target::Target;
use super::{Acts, Asked, notices, recovery, required};
use crate::{Ask, Begin, Begun, Caller, Error, Factor, Refused, SignedIn, Unusable};

/// Wrong codes in a row after which a resync is offered.
const FAILURES_BEFORE_RESYNC: u32 = 3;

/// Must a code be asked for?
pub(crate) fn begin(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    caller: &Caller,
) -> Result<Begun, Error> {
    let unresolved_groups = required::unresolved_groups(acts.policy, asked);
    Ok(Begun { next: next(acts, store, asked, caller)?, unresolved_groups })
}

fn next(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    caller: &Caller,
) -> Result<Begin, Error> {
    let Some(target) = Target::find(acts, store, asked, caller)? else { return Ok(Begin::NotRequired) };
    let (throttle, checked) = target.tries(store, Purpose::SignIn)?;
    match checked {
        Ok(()) => Ok(Begin::Ask(Ask { digits: target.digits(), offer_resync: offers_resync(throttle) })),
        Err(throttled) => match acts.refused(store, target.subject(Act::SignIn), throttled) {
            Error::Refused(_) => Ok(Begin::Throttled(throttled)),
            unusable @ Error::Unusable(_) => Err(unusable),
        },
    }
}

/// Were so many codes in a row wrong that the device may have to be found again?
pub(crate) const fn offers_resync(throttle: Throttle) -> bool {
    throttle.failures >= FAILURES_BEFORE_RESYNC
}

/// Is the answer good?
pub(crate) fn answer(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    answer: &str,
    caller: &Caller,
) -> Result<SignedIn, Error> {
    let Some(target) = Target::find(acts, store, asked, caller)? else {
        let name = asked.canonical_name();
        let subject = Subject::of_account(Act::SignIn, name, caller);
        return Err(acts.refused(store, subject, Refused::NoDevice(name.clone())));
    };
    let (throttle, checked) = target.tries(store, Purpose::SignIn)?;
    let attempt = Attempt { acts, target, throttle, caller };
    if let Err(throttled) = checked {
        return attempt.refused(store, throttled);
    }
    match Answer::parse(answer) {
        Ok(Answer::Code(code)) => attempt.with_code(store, &code),
        Ok(Answer::RecoveryCode(code)) => attempt.with_recovery_code(store, &code),
        Err(malformed) => attempt.refused(store, malformed),
    }
}

/// Is it a good code of this device of the account's? Other devices and recovery codes don't count.
pub(crate) fn with_device(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    serial: &SerialNumber,
    code: Result<Code, Refused>,
    caller: &Caller,
) -> Result<Account, Error> {
    let name = asked.canonical_name();
    let subject = Subject { act: Act::SignIn, account: Some(name), serial: Some(serial), caller };
    let not_associated = || Refused::NotAssociated { serial: serial.clone(), account: name.clone() };
    let target = Target::find(acts, store, asked, caller)?.and_then(|target| target.narrowed(serial));
    let Some(target) = target else { return Err(acts.refused(store, subject, not_associated())) };
    let account = target.account.clone();
    let (throttle, checked) = target.tries(store, Purpose::SignIn)?;
    let attempt = Attempt { acts, target, throttle, caller };
    let allowed = checked.map_err(Refused::from).and(code).map_err(Error::from);
    let code = acts.note_refusal(store, subject, allowed)?;
    let _: SignedIn = attempt.with_code(store, &code)?;
    account.ok_or_else(|| Unusable::NoOutcome.into())
}

/// One try that is evaluated.
struct Attempt<'a> {
    acts: &'a Acts<'a>,
    target: Target<'a>,
    throttle: Throttle,
    caller: &'a Caller,
}

impl Attempt<'_> {
    fn with_code(&self, store: &mut dyn Transaction, code: &Code) -> Result<SignedIn, Error> {
        let prepared = self.target.prepared()?;
        let verified = verify_any(&prepared, code, self.acts.now(), self.acts.policy.verify_window);
        let (index, accepted) = match verified {
            Ok(found) => found,
            Err(Refusal::Wrong) => return self.wrong(store),
            Err(Refusal::AlreadyUsed) => return self.refused(store, Refused::AlreadyUsed),
            Err(Refusal::WrongLength) => return self.refused(store, Refused::Malformed),
        };
        // Where there is no device, whatever was found is wrong.
        let (Some(account), Some(device)) = (self.target.owner(), self.target.devices.get(index)) else {
            return self.wrong(store);
        };
        if !store.advance(device.id, device.generation, accepted.position, self.acts.now())? {
            return self.refused(store, Refused::AlreadyUsed);
        }
        let subject = Subject { serial: Some(&device.serial), ..self.target.subject(Act::SignIn) };
        self.succeed(store, account, subject, Factor::Device(device.serial.clone()))
    }

    fn with_recovery_code(
        &self,
        store: &mut dyn Transaction,
        code: &RecoveryCode,
    ) -> Result<SignedIn, Error> {
        let Some(account) = self.target.owner() else { return self.wrong(store) };
        match recovery::spend(self.acts, store, account, code)? {
            Some(left) => {
                let subject = self.target.subject(Act::SignIn);
                self.succeed(store, account, subject, Factor::RecoveryCode { left })
            }
            None => self.wrong(store),
        }
    }

    fn succeed(
        &self,
        store: &mut dyn Transaction,
        account: &Account,
        subject: Subject<'_>,
        factor: Factor,
    ) -> Result<SignedIn, Error> {
        if self.throttle.failures > 0 {
            store.set_throttle(account.id, Purpose::SignIn, Throttle::default())?;
        }
        let notices = notices::take(store, account, self.caller)?;
        let reason = match factor {
            Factor::Device(_) => None,
            Factor::RecoveryCode { .. } => {
                self.acts.notify(store, account.id, NoticeKind::RecoveryCodeUsed, subject)?;
                Some("recovery-code")
            }
        };
        self.acts.done(store, subject, reason)?;
        Ok(SignedIn { factor, notices })
    }

    fn wrong(&self, store: &mut dyn Transaction) -> Result<SignedIn, Error> {
        let subject = self.target.subject(Act::SignIn);
        self.acts.count_failure(store, self.target.counted, Purpose::SignIn, subject)?;
        self.refused(store, Refused::WrongCode)
    }

    fn refused(&self, store: &mut dyn Transaction, refused: impl Into<Refused>) -> Result<SignedIn, Error> {
        Err(self.acts.refused(store, self.target.subject(Act::SignIn), refused))
    }
}
