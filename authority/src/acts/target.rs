use keyfob_core::{
    AccountName, Algorithm, Digits, MovingFactor, Parameters, Period, Position, Secret, SerialNumber,
    Throttle, Throttled, UnixTime,
};
use keyfob_store::{
    Account, AccountId, Act, DecoyName, Device, DeviceId, Purpose, SealedSecret, Transaction,
};

use super::events::Subject;
use super::failures::Counted;
use super::required::is_required;
use super::{Acts, Asked};
use crate::sealing::Identity;
use crate::{Caller, Error, Refused, Unusable};

/// Whom a sign-in is for: an account with devices, or a name without any of which a code is required all the same. The latter is treated
/// as an account with devices whose codes nobody knows, so that nobody can tell which names have an account or a device.
pub(crate) struct Target<'a> {
    acts: &'a Acts<'a>,
    asked: &'a Asked,
    caller: &'a Caller,
    pub(crate) account: Option<Account>,
    /// None: a name without any.
    pub(crate) devices: Vec<Device>,
    /// What such a name's devices are like.
    models: Vec<Device>,
    pub(crate) counted: Counted,
}

impl<'a> Target<'a> {
    /// `None` where no code is asked for.
    pub(crate) fn find(
        acts: &'a Acts<'a>,
        store: &mut dyn Transaction,
        asked: &'a Asked,
        caller: &'a Caller,
    ) -> Result<Option<Self>, Error> {
        let is_required = is_required(acts, asked);
        let account = current(acts, store, asked, caller, is_required)?;
        let devices = store.devices_of(account.as_ref().map_or(AccountId::NOBODY, |account| account.id))?;
        let decoy = is_required.then(|| acts.key.decoy_name(acts.store.store, asked.canonical_name()));
        let models = if is_required { models(store, devices.is_empty())? } else { Vec::new() };
        let counted = match (&account, decoy) {
            (Some(account), _) if !devices.is_empty() => Counted::Account(account.id),
            (_, Some(decoy)) => Counted::Decoy(DecoyName(decoy)),
            (_, None) => return Ok(None),
        };
        Ok(Some(Self { acts, asked, caller, account, devices, models, counted }))
    }

    /// With this device only; `None` where the account does not have it.
    pub(crate) fn narrowed(mut self, serial: &SerialNumber) -> Option<Self> {
        self.devices.retain(|device| device.serial == *serial);
        (!self.devices.is_empty()).then_some(self)
    }

    /// The account, if it has a device.
    pub(crate) fn owner(&self) -> Option<&Account> {
        self.account.as_ref().filter(|_| !self.devices.is_empty())
    }

    /// What the audit log is to tell. A name that nobody has is not kept: it may be a password, typed at the wrong prompt.
    pub(crate) fn subject(&self, act: Act) -> Subject<'_> {
        let is_known = self.account.is_some() || self.asked.system.is_some();
        let account = is_known.then(|| self.asked.canonical_name());
        Subject { act, account, serial: None, caller: self.caller }
    }

    /// How many digits the codes have, each number once.
    pub(crate) fn digits(&self) -> Vec<Digits> {
        let devices = if self.devices.is_empty() { &self.models } else { &self.devices };
        let mut digits: Vec<_> = devices.iter().map(|device| device.parameters.digits).collect();
        if digits.is_empty() {
            digits.push(DECOY.digits);
        }
        digits.sort_unstable();
        digits.dedup();
        digits
    }

    /// The failures so far, and whether a try is evaluated.
    pub(crate) fn tries(
        &self,
        store: &mut dyn Transaction,
        purpose: Purpose,
    ) -> Result<(Throttle, Result<(), Throttled>), Error> {
        let throttle = self.counted.throttle(store, purpose)?;
        let checked = self.acts.check_tries(store, self.asked, self.caller, throttle)?;
        Ok((throttle, checked))
    }

    /// The devices, opened; without any, such that take as much work.
    pub(crate) fn prepared(&self) -> Result<Vec<keyfob_core::Device>, Error> {
        match (self.owner(), self.counted) {
            (Some(owner), _) => self.devices.iter().map(|device| self.prepare(owner, device)).collect(),
            (None, Counted::Decoy(name)) if !self.models.is_empty() => {
                self.models.iter().map(|model| self.decoy_like(model, name)).collect()
            }
            (None, _) => Ok(vec![decoy(self.acts, self.asked.canonical_name())?]),
        }
    }

    /// A device whose every code is wrong, like another in all that takes time. That one's secret does not open for this name; a keyed hash
    /// of the name stands in for it, so that nobody knows a code.
    fn decoy_like(&self, model: &Device, name: DecoyName) -> Result<keyfob_core::Device, Error> {
        drop(std::hint::black_box(self.acts.unseal(model, Some(self.asked.canonical_name()))));
        let mut secret = [0; 20];
        secret.iter_mut().zip(name.0.iter().cycle()).for_each(|(byte, of_name)| *byte = *of_name);
        let secret = Secret::new(Box::new(secret)).map_err(|_| Unusable::NoOutcome)?;
        Ok(keyfob_core::Device::new(&secret, model.parameters, model.position))
    }

    fn prepare(&self, owner: &Account, device: &Device) -> Result<keyfob_core::Device, Error> {
        let secret = self.acts.unseal(device, Some(&owner.name))?;
        Ok(keyfob_core::Device::new(&secret, device.parameters, device.position))
    }
}

/// What the devices of a name without any are like: the devices of the first account that has some. An account with devices reads as
/// many rows, by the same questions to the store.
fn models(store: &mut dyn Transaction, are_needed: bool) -> Result<Vec<Device>, Error> {
    let owner = store.any_device()?.and_then(|device| device.association).map(|of| of.account);
    Ok(store.devices_of(owner.filter(|_| are_needed).unwrap_or(AccountId::NOBODY))?)
}

/// The account that signs in, as the store knows it. One that was made anew is refused, and noted; names that nobody has are not, or guesses
/// would fill the log.
fn current(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    asked: &Asked,
    caller: &Caller,
    is_required: bool,
) -> Result<Option<Account>, Error> {
    match asked.current(store) {
        Err(Error::Refused(Refused::UnknownAccount(_))) if is_required => Ok(None),
        unknown @ Err(Error::Refused(Refused::UnknownAccount(_))) => unknown,
        current => {
            let subject = Subject::of_account(Act::SignIn, asked.canonical_name(), caller);
            acts.note_refusal(store, subject, current)
        }
    }
}

/// What most devices are.
const DECOY: Parameters = Parameters {
    moving_factor: MovingFactor::Time { period: Period::THIRTY_SECONDS, t0: UnixTime(0) },
    algorithm: Algorithm::Sha1,
    digits: Digits::SIX,
};

/// A device whose every code is wrong. A sealed secret is opened as for a real one; that it does not open changes nothing.
pub(crate) fn decoy(acts: &Acts<'_>, name: &AccountName) -> Result<keyfob_core::Device, Error> {
    let serial = "1000000".parse().map_err(|_| Unusable::NoOutcome)?;
    let identity = Identity {
        device: DeviceId(0),
        serial: &serial,
        parameters: &DECOY,
        generation: 1,
        account: Some(name),
    };
    let opened = acts.sealer().open(&SealedSecret(vec![0; 12 + 20 + 16]), &identity);
    drop(std::hint::black_box(opened));
    let secret = Secret::new(Box::new([0; 20])).map_err(|_| Unusable::NoOutcome)?;
    Ok(keyfob_core::Device::new(&secret, DECOY, Position::default()))
}
