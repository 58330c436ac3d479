use keyfob_core::{
    AccountName, Code, PairRefusal, Secret, SerialNumber, Submission, SyncRange, Synchronised, Throttle,
    UnixTime, associate as find_position, resynchronise as find_position_again,
};
use keyfob_store::{Account, Act, Device, NoticeKind, Purpose, RecoveryCodes, Transaction};

use super::events::Subject;
use super::failures::Counted;
use super::target::{self, Target};
use super::{Acts, Asked, devices};
use crate::{Caller, DeviceSummary, Error, Refused, Unusable};

/// Most devices of an account (AWS's limit).
const MAX_DEVICES: u32 = 8;

/// Gives a device to an account. Who has it is checked before the codes, so that a refused request spends none.
pub(crate) fn associate(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    submission: &Submission,
    caller: &Caller,
) -> Result<DeviceSummary, Error> {
    let name = asked.canonical_name();
    let submission = &as_stored(store, submission)?;
    let subject =
        Subject { act: Act::Associate, account: Some(name), serial: Some(&submission.serial), caller };
    let allowed = may_associate(store, asked, &submission.serial);
    if caller.sees_own_only()
        && let Err(Error::Refused(Refused::UnknownSerialNumber(_) | Refused::Taken { .. })) = &allowed
    {
        return Err(refuse_as_wrong(acts, store, asked, submission, subject)?);
    }
    let (account, device) = acts.note_refusal(store, subject, allowed)?;
    let pair = Pair::new(acts, account, asked, submission, subject);
    pair.check_throttle(store, Purpose::Association)?;
    let secret = acts.unseal(&device, None)?;
    let found = pair.evaluate(&device, &secret, find_position);
    let synchronised = pair.count(store, found)?;
    let account = pair.make_known(store)?;
    let generation = acts.hand_over(store, &device, &secret, Some(&account))?;
    pair.succeed(store, &account, &device, generation, synchronised)
}

/// Finds an associated device's clock or counter again. Forgives failed sign-ins too: two codes in a row show who has the device.
pub(crate) fn resynchronise(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    submission: &Submission,
    caller: &Caller,
) -> Result<DeviceSummary, Error> {
    let name = asked.canonical_name();
    let submission = &as_stored(store, submission)?;
    let subject =
        Subject { act: Act::Resynchronise, account: Some(name), serial: Some(&submission.serial), caller };
    let owned = asked
        .current(store)
        .and_then(|account| owned_device(store, asked, account, &submission.serial, caller));
    let (account, device) = acts.note_refusal(store, subject, owned)?;
    let pair = Pair::new(acts, Some(account.clone()), asked, submission, subject);
    pair.check_throttle(store, Purpose::Association)?;
    let secret = acts.unseal(&device, Some(&account.name))?;
    let found = pair.evaluate(&device, &secret, find_position_again);
    let synchronised = pair.count(store, found)?;
    store.set_throttle(account.id, Purpose::SignIn, Throttle::default())?;
    pair.succeed(store, &account, &device, device.generation, synchronised)
}

/// Finds the clock or counter of whichever of the account's devices shows both codes, within the narrow range.
pub(crate) fn resynchronise_at_sign_in(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    code1: &Code,
    code2: &Code,
    caller: &Caller,
) -> Result<SerialNumber, Error> {
    let Some(target) = Target::find(acts, store, asked, caller)? else {
        let name = asked.canonical_name();
        let subject = Subject::of_account(Act::Resynchronise, name, caller);
        return Err(acts.refused(store, subject, Refused::NoDevice(name.clone())));
    };
    let pair = Pair {
        acts,
        account: target.account.clone(),
        asked,
        counted: Some(target.counted),
        codes: [code1, code2],
        range: acts.policy.sign_in_resync_range,
        subject: target.subject(Act::Resynchronise),
    };
    pair.check_throttle(store, Purpose::SignIn)?;
    pair.check_throttle(store, Purpose::Association)?;
    let found = pair.evaluate_all(&target.prepared()?);
    let (index, synchronised) = pair.count(store, found)?;
    let (Some(account), Some(device)) = (target.owner(), target.devices.get(index)) else {
        // Where there is no device, whatever was found is wrong.
        return pair.count(store, Err(PairRefusal::Wrong));
    };
    store.set_throttle(account.id, Purpose::SignIn, Throttle::default())?;
    let pair = Pair { subject: Subject { serial: Some(&device.serial), ..pair.subject }, ..pair };
    pair.succeed(store, account, device, device.generation, synchronised)?;
    Ok(device.serial.clone())
}

/// Takes a device from its account. With the last one go the recovery codes.
pub(crate) fn deactivate(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    serial: &SerialNumber,
    caller: &Caller,
) -> Result<(), Error> {
    let name = asked.canonical_name();
    let subject = Subject { act: Act::Deactivate, account: Some(name), serial: Some(serial), caller };
    let owned = asked.stored(store).and_then(|account| owned_device(store, asked, account, serial, caller));
    let (account, device) = acts.note_refusal(store, subject, owned)?;
    release(acts, store, &account, &device)?;
    if store.device_count(account.id)? == 0 {
        store.set_recovery_codes(account.id, &RecoveryCodes { salt: [0; 16], unused: Vec::new() })?;
    }
    acts.notify(store, account.id, NoticeKind::Deactivated, subject)?;
    acts.done(store, subject, None)
}

/// Leaves a device to nobody.
pub(crate) fn release(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    account: &Account,
    device: &Device,
) -> Result<(), Error> {
    let secret = acts.unseal(device, Some(&account.name))?;
    acts.hand_over(store, device, &secret, None)?;
    Ok(())
}

/// The submission with the serial number of the device that is meant; as it was typed where there is no such device.
fn as_stored(store: &mut dyn Transaction, typed: &Submission) -> Result<Submission, Error> {
    let device = store.device_as_typed(&typed.serial)?;
    let serial = device.map_or_else(|| typed.serial.clone(), |device| device.serial);
    Ok(Submission { serial, code1: typed.code1.clone(), code2: typed.code2.clone() })
}

/// The account, if the store knows it yet, and the device, if nobody has it and the account may have one more.
fn may_associate(
    store: &mut dyn Transaction,
    asked: &Asked,
    serial: &SerialNumber,
) -> Result<(Option<Account>, Device), Error> {
    let account = asked.current(store)?;
    if let Some(account) = &account
        && store.device_count(account.id)? >= MAX_DEVICES
    {
        return Err(Refused::DeviceLimit(account.name.clone()).into());
    }
    let device = devices::find(store, serial)?;
    if let Some(owner) = devices::owner(store, &device)? {
        return Err(Refused::Taken { serial: serial.clone(), owner: owner.account }.into());
    }
    Ok((account, device))
}

/// For a caller who must not learn which devices there are: a device that is not known or that somebody has is refused, and counted, as
/// one is whose codes are wrong.
fn refuse_as_wrong(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    submission: &Submission,
    subject: Subject<'_>,
) -> Result<Error, Error> {
    let account = asked.current(store)?;
    let pair = Pair::new(acts, account, asked, submission, subject);
    pair.check_throttle(store, Purpose::Association)?;
    let decoy = target::decoy(acts, asked.canonical_name())?;
    let found = pair.search(&decoy, find_position).and(Err(PairRefusal::Wrong));
    Ok(match pair.count::<()>(store, found) {
        Err(refused) => refused,
        Ok(()) => Unusable::NoOutcome.into(),
    })
}

/// An account and its device of that serial number.
fn owned_device(
    store: &mut dyn Transaction,
    asked: &Asked,
    account: Option<Account>,
    serial: &SerialNumber,
    caller: &Caller,
) -> Result<(Account, Device), Error> {
    let not_associated =
        |account: &AccountName| Refused::NotAssociated { serial: serial.clone(), account: account.clone() };
    let Some(account) = account else {
        let refused =
            if asked.system.is_some() { not_associated(asked.canonical_name()) } else { asked.unknown() };
        return Err(refused.into());
    };
    match store.device(serial)? {
        Some(device) if device.association.is_some_and(|of| of.account == account.id) => {
            Ok((account, device))
        }
        None if !caller.sees_own_only() => Err(Refused::UnknownSerialNumber(serial.clone()).into()),
        _ => Err(not_associated(&account.name).into()),
    }
}

/// Core's decision on a pair.
type Find = fn(&keyfob_core::Device, &Code, &Code, UnixTime, SyncRange) -> Result<Synchronised, PairRefusal>;

/// A pair of codes that is evaluated for an account.
struct Pair<'a> {
    acts: &'a Acts<'a>,
    account: Option<Account>,
    asked: &'a Asked,
    /// What failures are counted on; `None`: an account that the first one makes known.
    counted: Option<Counted>,
    codes: [&'a Code; 2],
    range: SyncRange,
    subject: Subject<'a>,
}

impl<'a> Pair<'a> {
    /// One that was handed in for a device, in the wide range.
    fn new(
        acts: &'a Acts<'a>,
        account: Option<Account>,
        asked: &'a Asked,
        submission: &'a Submission,
        subject: Subject<'a>,
    ) -> Self {
        let codes = [&submission.code1, &submission.code2];
        let counted = account.as_ref().map(|account| Counted::Account(account.id));
        Self { acts, account, asked, counted, codes, range: acts.policy.association_range, subject }
    }

    fn check_throttle(&self, store: &mut dyn Transaction, purpose: Purpose) -> Result<(), Error> {
        let throttle = match self.counted {
            Some(counted) => counted.throttle(store, purpose)?,
            None => Throttle::default(),
        };
        self.acts
            .check_tries(store, self.asked, self.subject.caller, throttle)?
            .map_err(|throttled| self.acts.refused(store, self.subject, throttled))
    }

    /// Where the device stands, if the pair shows it.
    fn evaluate(&self, device: &Device, secret: &Secret, find: Find) -> Result<Synchronised, PairRefusal> {
        self.search(&keyfob_core::Device::new(secret, device.parameters, device.position), find)
    }

    fn search(&self, device: &keyfob_core::Device, find: Find) -> Result<Synchronised, PairRefusal> {
        let [code1, code2] = self.codes;
        find(device, code1, code2, self.acts.now(), self.range)
    }

    /// Which of an account's devices the pair shows. Each is looked at, whatever the others say, so that the time tells nothing.
    fn evaluate_all(&self, devices: &[keyfob_core::Device]) -> Result<(usize, Synchronised), PairRefusal> {
        let mut best = Err(PairRefusal::WrongLength);
        for (index, device) in devices.iter().enumerate() {
            best = match (best, self.search(device, find_position_again)) {
                (Err(_), Ok(synchronised)) => Ok((index, synchronised)),
                (Err(one), Err(other)) => Err(more_telling(one, other)),
                (found @ Ok(_), _) => found,
            };
        }
        best
    }

    /// Counts a pair that was wrong. Not one that the device's owner may have typed by mistake: too short, twice the same, used before.
    fn count<T>(&self, store: &mut dyn Transaction, found: Result<T, PairRefusal>) -> Result<T, Error> {
        let refusal = match found {
            Ok(found) => return Ok(found),
            Err(refusal) => refusal,
        };
        match refusal {
            PairRefusal::WrongLength | PairRefusal::SameCode | PairRefusal::AlreadyUsed => {}
            PairRefusal::Wrong | PairRefusal::NotConsecutive | PairRefusal::TooFarOff => {
                let counted = match self.counted {
                    Some(counted) => counted,
                    None => Counted::Account(self.make_known(store)?.id),
                };
                self.acts.count_failure(store, counted, Purpose::Association, self.subject)?;
            }
        }
        Err(self.acts.refused(store, self.subject, refusal))
    }

    fn make_known(&self, store: &mut dyn Transaction) -> Result<Account, Error> {
        match &self.account {
            Some(account) => Ok(account.clone()),
            None => self.asked.make_known(store, self.acts.now()),
        }
    }

    fn succeed(
        &self,
        store: &mut dyn Transaction,
        account: &Account,
        device: &Device,
        generation: u64,
        synchronised: Synchronised,
    ) -> Result<DeviceSummary, Error> {
        let kind = match self.subject.act {
            Act::Associate => NoticeKind::Associated,
            _ => NoticeKind::Resynchronised,
        };
        if !store.advance(device.id, generation, synchronised.position, self.acts.now())? {
            // Nothing that was written before may stay.
            return Err(Unusable::ConcurrentModification(device.serial.clone()).into());
        }
        store.set_throttle(account.id, Purpose::Association, Throttle::default())?;
        self.acts.notify(store, account.id, kind, self.subject)?;
        self.acts.done(store, self.subject, None)?;
        devices::show(store, &device.serial)
    }
}

/// Of two devices' refusals the one that helps more: a pair that was used shows the device, one of another length nothing.
fn more_telling(one: PairRefusal, other: PairRefusal) -> PairRefusal {
    const LEAST_FIRST: [PairRefusal; 6] = [
        PairRefusal::WrongLength,
        PairRefusal::Wrong,
        PairRefusal::NotConsecutive,
        PairRefusal::TooFarOff,
        PairRefusal::SameCode,
        PairRefusal::AlreadyUsed,
    ];
    let rank = |refusal| LEAST_FIRST.iter().position(|known| *known == refusal);
    if rank(other) > rank(one) { other } else { one }
}
