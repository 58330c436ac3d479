use keyfob_core::{Answer, Code, Digits, RecoveryCode, Refusal, Throttle, verify_any};
use keyfob_store::{Account, Act, Device, NoticeKind, Purpose, Transaction};

use super::events::Subject;
use super::{Acts, Asked, notices, recovery};
use crate::{Ask, Begin, Begun, Caller, Error, Factor, Refused, SignedIn};

/// Wrong codes in a row after which a resync is offered.
const FAILURES_BEFORE_RESYNC: u32 = 3;

/// Must a code be asked for?
pub(crate) fn begin(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    caller: &Caller,
) -> Result<Begun, Error> {
    Ok(Begun { next: next(acts, store, asked, caller)?, unresolved_groups: Vec::new() })
}

fn next(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    caller: &Caller,
) -> Result<Begin, Error> {
    let Some(account) = current(acts, store, asked, caller)? else { return Ok(Begin::NotRequired) };
    let devices = store.devices_of(account.id)?;
    if devices.is_empty() {
        return Ok(Begin::NotRequired);
    }
    let throttle = store.throttle(account.id, Purpose::SignIn)?;
    match throttle.check(acts.now(), acts.policy.throttle) {
        Ok(()) => Ok(Begin::Ask(Ask {
            digits: digits(&devices),
            offer_resync: throttle.failures >= FAILURES_BEFORE_RESYNC,
        })),
        Err(throttled) => match acts.refused(store, subject(&account, caller), throttled) {
            Error::Refused(_) => Ok(Begin::Throttled(throttled)),
            unusable @ Error::Unusable(_) => Err(unusable),
        },
    }
}

/// Each number of digits once.
fn digits(devices: &[Device]) -> Vec<Digits> {
    let mut digits: Vec<_> = devices.iter().map(|device| device.parameters.digits).collect();
    digits.sort_unstable();
    digits.dedup();
    digits
}

/// Is the answer good?
pub(crate) fn answer(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    answer: &str,
    caller: &Caller,
) -> Result<SignedIn, Error> {
    let no_device = Refused::NoDevice(asked.canonical_name().clone());
    let Some(account) = current(acts, store, asked, caller)? else { return Err(no_device.into()) };
    let devices = store.devices_of(account.id)?;
    if devices.is_empty() {
        return Err(acts.refused(store, subject(&account, caller), no_device));
    }
    let throttle = store.throttle(account.id, Purpose::SignIn)?;
    let attempt = Attempt { acts, account: &account, throttle, caller };
    if let Err(throttled) = throttle.check(acts.now(), acts.policy.throttle) {
        return Err(acts.refused(store, attempt.subject(), throttled));
    }
    match Answer::parse(answer) {
        Ok(Answer::Code(code)) => attempt.with_code(store, &devices, &code),
        Ok(Answer::RecoveryCode(code)) => attempt.with_recovery_code(store, &code),
        Err(malformed) => Err(acts.refused(store, attempt.subject(), malformed)),
    }
}

/// The account that signs in, as the store knows it. One that was made anew is refused, and noted; names that nobody has are not, or guesses
/// would fill the log.
fn current(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    caller: &Caller,
) -> Result<Option<Account>, Error> {
    let current = asked.current(store);
    if let Err(Error::Refused(Refused::UnknownAccount(_))) = current {
        return current;
    }
    let subject = Subject { act: Act::SignIn, account: Some(asked.canonical_name()), serial: None, caller };
    acts.note_refusal(store, subject, current)
}

fn subject<'a>(account: &'a Account, caller: &'a Caller) -> Subject<'a> {
    Subject { act: Act::SignIn, account: Some(&account.name), serial: None, caller }
}

/// One try that is evaluated.
struct Attempt<'a> {
    acts: &'a Acts<'a>,
    account: &'a Account,
    throttle: Throttle,
    caller: &'a Caller,
}

impl<'a> Attempt<'a> {
    fn subject(&self) -> Subject<'a> {
        subject(self.account, self.caller)
    }

    fn with_code(
        &self,
        store: &mut dyn Transaction,
        devices: &[Device],
        code: &Code,
    ) -> Result<SignedIn, Error> {
        let prepared =
            devices.iter().map(|device| self.prepare(device)).collect::<Result<Vec<_>, Error>>()?;
        let now = self.acts.now();
        let (device, accepted) = match verify_any(&prepared, code, now, self.acts.policy.verify_window) {
            Ok((index, accepted)) => match devices.get(index) {
                Some(device) => (device, accepted),
                None => return self.wrong(store),
            },
            Err(Refusal::Wrong) => return self.wrong(store),
            Err(Refusal::AlreadyUsed) => return self.refused(store, Refused::AlreadyUsed),
            Err(Refusal::WrongLength) => return self.refused(store, Refused::Malformed),
        };
        if !store.advance(device.id, device.generation, accepted.position)? {
            return self.refused(store, Refused::AlreadyUsed);
        }
        let subject = Subject { serial: Some(&device.serial), ..self.subject() };
        self.succeed(store, subject, None, Factor::Device(device.serial.clone()))
    }

    fn with_recovery_code(
        &self,
        store: &mut dyn Transaction,
        code: &RecoveryCode,
    ) -> Result<SignedIn, Error> {
        match recovery::spend(self.acts, store, self.account, code)? {
            Some(left) => {
                self.succeed(store, self.subject(), Some("recovery-code"), Factor::RecoveryCode { left })
            }
            None => self.wrong(store),
        }
    }

    fn prepare(&self, device: &Device) -> Result<keyfob_core::Device, Error> {
        let secret = self.acts.unseal(device, Some(&self.account.name))?;
        Ok(keyfob_core::Device::new(&secret, device.parameters, device.position))
    }

    fn succeed(
        &self,
        store: &mut dyn Transaction,
        subject: Subject<'_>,
        reason: Option<&'static str>,
        factor: Factor,
    ) -> Result<SignedIn, Error> {
        if self.throttle.failures > 0 {
            store.set_throttle(self.account.id, Purpose::SignIn, Throttle::default())?;
        }
        let notices = notices::take(store, self.account, self.caller)?;
        if matches!(factor, Factor::RecoveryCode { .. }) {
            self.acts.notify(store, self.account, NoticeKind::RecoveryCodeUsed, subject)?;
        }
        self.acts.done(store, subject, reason)?;
        Ok(SignedIn { factor, notices })
    }

    fn wrong(&self, store: &mut dyn Transaction) -> Result<SignedIn, Error> {
        let counted = self.throttle.after_failure(self.acts.now());
        store.set_throttle(self.account.id, Purpose::SignIn, counted)?;
        self.acts.notify(store, self.account, NoticeKind::CodesRefused, self.subject())?;
        self.refused(store, Refused::WrongCode)
    }

    fn refused(&self, store: &mut dyn Transaction, refused: Refused) -> Result<SignedIn, Error> {
        Err(self.acts.refused(store, self.subject(), refused))
    }
}
