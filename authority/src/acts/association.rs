use keyfob_core::{
    AccountName, Code, PairRefusal, Secret, SerialNumber, Submission, SyncRange, Synchronised, Throttle,
    UnixTime, associate as find_position, resynchronise as find_position_again,
};
use keyfob_store::{Account, Act, Device, Purpose, RecoveryCodes, Transaction};

use super::events::Subject;
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
    let subject =
        Subject { act: Act::Associate, account: Some(name), serial: Some(&submission.serial), caller };
    let allowed = may_associate(store, asked, &submission.serial);
    let (account, device) = acts.note_refusal(store, subject, allowed)?;
    let pair = Pair { acts, account, asked, submission, subject };
    pair.check_throttle(store)?;
    let secret = acts.unseal(&device, None)?;
    let synchronised = pair.evaluate(store, &device, &secret, find_position)?;
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
    let subject =
        Subject { act: Act::Resynchronise, account: Some(name), serial: Some(&submission.serial), caller };
    let owned =
        asked.current(store).and_then(|account| owned_device(store, asked, account, &submission.serial));
    let (account, device) = acts.note_refusal(store, subject, owned)?;
    let pair = Pair { acts, account: Some(account.clone()), asked, submission, subject };
    pair.check_throttle(store)?;
    let secret = acts.unseal(&device, Some(&account.name))?;
    let synchronised = pair.evaluate(store, &device, &secret, find_position_again)?;
    store.set_throttle(account.id, Purpose::SignIn, Throttle::default())?;
    pair.succeed(store, &account, &device, device.generation, synchronised)
}

/// Finds the clock or counter of whichever of the account's devices shows both codes, within the narrow range.
pub(crate) fn resynchronise_at_sign_in(
    _acts: &Acts<'_>,
    _store: &mut dyn Transaction,
    _asked: &Asked,
    _code1: &Code,
    _code2: &Code,
    _caller: &Caller,
) -> Result<SerialNumber, Error> {
    Err(Unusable::NoOutcome.into())
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
    let owned = asked.stored(store).and_then(|account| owned_device(store, asked, account, serial));
    let (account, device) = acts.note_refusal(store, subject, owned)?;
    release(acts, store, &account, &device)?;
    if store.device_count(account.id)? == 0 {
        store.set_recovery_codes(account.id, &RecoveryCodes { salt: [0; 16], unused: Vec::new() })?;
    }
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

/// The account, if the store knows it yet, and the device, if nobody has it and the account may have one more.
fn may_associate(
    store: &mut dyn Transaction,
    asked: &Asked,
    serial: &SerialNumber,
) -> Result<(Option<Account>, Device), Error> {
    let account = asked.current(store)?;
    let device = devices::find(store, serial)?;
    if let Some(owner) = devices::owner(store, &device)? {
        return Err(Refused::Taken { serial: serial.clone(), owner: owner.account }.into());
    }
    if let Some(account) = &account
        && store.device_count(account.id)? >= MAX_DEVICES
    {
        return Err(Refused::DeviceLimit(account.name.clone()).into());
    }
    Ok((account, device))
}

/// An account and its device of that serial number.
fn owned_device(
    store: &mut dyn Transaction,
    asked: &Asked,
    account: Option<Account>,
    serial: &SerialNumber,
) -> Result<(Account, Device), Error> {
    let not_associated =
        |account: &AccountName| Refused::NotAssociated { serial: serial.clone(), account: account.clone() };
    let Some(account) = account else {
        let refused =
            if asked.system.is_some() { not_associated(asked.canonical_name()) } else { asked.unknown() };
        return Err(refused.into());
    };
    let device = devices::find(store, serial)?;
    match device.association {
        Some(association) if association.account == account.id => Ok((account, device)),
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
    submission: &'a Submission,
    subject: Subject<'a>,
}

impl Pair<'_> {
    fn throttle(&self, store: &mut dyn Transaction) -> Result<Throttle, Error> {
        Ok(match &self.account {
            Some(account) => store.throttle(account.id, Purpose::Association)?,
            None => Throttle::default(),
        })
    }

    fn check_throttle(&self, store: &mut dyn Transaction) -> Result<(), Error> {
        self.throttle(store)?
            .check(self.acts.now(), self.acts.policy.throttle)
            .map_err(|throttled| self.acts.refused(store, self.subject, throttled))
    }

    /// Where the device stands, if the pair shows it.
    fn evaluate(
        &self,
        store: &mut dyn Transaction,
        device: &Device,
        secret: &Secret,
        find: Find,
    ) -> Result<Synchronised, Error> {
        let prepared = keyfob_core::Device::new(secret, device.parameters, device.position);
        let Submission { code1, code2, .. } = self.submission;
        let found = find(&prepared, code1, code2, self.acts.now(), self.acts.policy.association_range);
        self.count(store, found)
    }

    /// Counts a pair that was wrong. Not one that the device's owner may have typed by mistake: too short, twice the same, used before.
    fn count(
        &self,
        store: &mut dyn Transaction,
        found: Result<Synchronised, PairRefusal>,
    ) -> Result<Synchronised, Error> {
        let refusal = match found {
            Ok(synchronised) => return Ok(synchronised),
            Err(refusal) => refusal,
        };
        match refusal {
            PairRefusal::WrongLength | PairRefusal::SameCode | PairRefusal::AlreadyUsed => {}
            PairRefusal::Wrong | PairRefusal::NotConsecutive | PairRefusal::TooFarOff => {
                let failed = self.throttle(store)?.after_failure(self.acts.now());
                let account = self.make_known(store)?;
                store.set_throttle(account.id, Purpose::Association, failed)?;
            }
        }
        Err(self.acts.refused(store, self.subject, refusal))
    }

    fn make_known(&self, store: &mut dyn Transaction) -> Result<Account, Error> {
        match &self.account {
            Some(account) => Ok(account.clone()),
            None => Ok(store.add_account(self.asked.canonical_name(), self.asked.uid(), self.acts.now())?),
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
        if !store.advance(device.id, generation, synchronised.position)? {
            // Nothing that was written before may stay.
            return Err(Unusable::ConcurrentModification(device.serial.clone()).into());
        }
        store.set_throttle(account.id, Purpose::Association, Throttle::default())?;
        self.acts.done(store, self.subject, None)?;
        devices::show(store, &self.submission.serial)
    }
}
