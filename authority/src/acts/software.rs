use keyfob_core::{
    Algorithm, Digits, MovingFactor, Parameters, Period, Position, Secret, SerialNumber, UnixTime,
};
use keyfob_store::{AccountId, Act, NewDevice, Origin, Transaction};
use zeroize::Zeroizing;

use super::Acts;
use super::events::Subject;
use crate::sealing::Identity;
use crate::{AccessRefusal, Caller, Error, NewSoftwareDevice, Refused, Unusable};

/// What every authenticator program can do.
const PARAMETERS: Parameters = Parameters {
    moving_factor: MovingFactor::Time { period: Period::THIRTY_SECONDS, t0: UnixTime(0) },
    algorithm: Algorithm::Sha1,
    digits: Digits::SIX,
};

/// Most software devices that an account other than an administrator's has created and not associated.
const MAX_UNASSOCIATED: u32 = 8;

/// A software device with a new secret.
pub(crate) fn create(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    serial: &SerialNumber,
    tags: &[(String, String)],
    caller: &Caller,
) -> Result<NewSoftwareDevice, Error> {
    let subject =
        Subject { act: Act::CreateSoftwareDevice, account: caller.account(), serial: Some(serial), caller };
    let allowed = may_create(store, serial, caller);
    let creator = acts.note_refusal(store, subject, allowed)?;
    let secret = random_secret(acts)?;
    let device = seal(acts, store, serial, &secret, creator)?;
    store.add_device(&device, acts.now())?;
    super::devices::set_tags(store, device.id, serial, tags)?;
    acts.done(store, subject, None)?;
    Ok(NewSoftwareDevice { serial: serial.clone(), secret })
}

/// Who creates it, if the serial number is free and few others wait.
fn may_create(
    store: &mut dyn Transaction,
    serial: &SerialNumber,
    caller: &Caller,
) -> Result<Option<AccountId>, Error> {
    // What stands on the back of a device that is not imported yet is not theirs to take.
    if caller.sees_own_only() && !serial.as_str().starts_with("arn:") {
        return Err(Refused::from(AccessRefusal::NotAllowed).into());
    }
    if store.device(serial)?.is_some() {
        return Err(Refused::KnownSerialNumber(serial.clone()).into());
    }
    let Some(name) = caller.account() else { return Ok(None) };
    let Some(creator) = store.account(name)? else { return Ok(None) };
    if caller.sees_own_only() && store.unassociated_count(creator.id)? >= MAX_UNASSOCIATED {
        return Err(Refused::UnassociatedLimit(name.clone()).into());
    }
    Ok(Some(creator.id))
}

fn random_secret(acts: &Acts<'_>) -> Result<Secret, Error> {
    let mut bytes = Zeroizing::new([0; 20]);
    acts.surroundings.randomness.fill(&mut *bytes)?;
    Ok(Secret::new(Box::new(*bytes)).map_err(|_| Unusable::NoOutcome)?)
}

fn seal(
    acts: &Acts<'_>,
    store: &mut dyn Transaction,
    serial: &SerialNumber,
    secret: &Secret,
    creator: Option<AccountId>,
) -> Result<NewDevice, Error> {
    let id = store.next_device_id()?;
    let identity = Identity { device: id, serial, parameters: &PARAMETERS, generation: 0, account: None };
    Ok(NewDevice {
        id,
        sealed: acts.sealer().seal(secret, &identity, &*acts.surroundings.randomness)?,
        serial: serial.clone(),
        parameters: PARAMETERS,
        position: Position::default(),
        manufacturer: None,
        model: None,
        expires: None,
        origin: Origin::Software { creator },
    })
}
