use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use keyfob_core::{AccountName, Algorithm, MovingFactor, Parameters, Secret, SerialNumber};
use keyfob_store::{DeviceId, KeyId, SealedSecret, StoreIdentity};

use crate::master_key::{DerivedKey, MasterKey};
use crate::{Randomness, Unusable};

const NONCE_BYTES: usize = 12;

/// Everything that identifies a sealed secret. Bound in, so that a row can't be changed, moved to another account, rolled back to an
/// earlier association, or swapped with another one.
pub(crate) struct Identity<'a> {
    pub(crate) device: DeviceId,
    pub(crate) serial: &'a SerialNumber,
    pub(crate) parameters: &'a Parameters,
    pub(crate) generation: u64,
    pub(crate) account: Option<&'a AccountName>,
}

/// Seals and opens the devices' secrets: AES-256-GCM (SP 800-38D) with a random nonce under a key per device.
pub(crate) struct Sealer<'a> {
    pub(crate) key: &'a MasterKey,
    pub(crate) store: StoreIdentity,
}

impl Sealer<'_> {
    /// Nonce, ciphertext, tag.
    pub(crate) fn seal(
        &self,
        secret: &Secret,
        identity: &Identity<'_>,
        randomness: &dyn Randomness,
    ) -> Result<SealedSecret, Unusable> {
        let mut nonce = [0; NONCE_BYTES];
        randomness.fill(&mut nonce)?;
        let associated = associated_data(self.store, identity);
        let payload = Payload { msg: secret.expose(), aad: &associated };
        let sealed = self
            .cipher(identity.device)
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| Unusable::Sealed(identity.serial.clone()))?;
        Ok(SealedSecret([&nonce[..], &sealed].concat()))
    }

    /// The secret, if and only if it was sealed under this identity.
    pub(crate) fn open(&self, sealed: &SealedSecret, identity: &Identity<'_>) -> Result<Secret, Unusable> {
        let broken = || Unusable::Sealed(identity.serial.clone());
        let (nonce, ciphertext) = sealed.0.split_first_chunk::<NONCE_BYTES>().ok_or_else(broken)?;
        let associated = associated_data(self.store, identity);
        let payload = Payload { msg: ciphertext, aad: &associated };
        let bytes =
            self.cipher(identity.device).decrypt(&Nonce::from(*nonce), payload).map_err(|_| broken())?;
        Secret::new(bytes.into_boxed_slice()).map_err(|_| broken())
    }

    fn cipher(&self, device: DeviceId) -> Aes256Gcm {
        let key: DerivedKey = self.key.for_device(self.store.store, device);
        Aes256Gcm::new(&(*key).into())
    }
}

/// Fixed lengths but for the two names at the end, each behind its length.
fn associated_data(store: StoreIdentity, identity: &Identity<'_>) -> Vec<u8> {
    let (kind, period, t0) = match identity.parameters.moving_factor {
        MovingFactor::Counter => (0, 0, 0),
        MovingFactor::Time { period, t0 } => (1, period.seconds(), t0.0),
    };
    let KeyId(key) = store.key;
    let mut data = Vec::with_capacity(128);
    data.push(1);
    data.extend(store.store.0);
    data.extend(key);
    data.extend(identity.device.0.to_be_bytes());
    data.extend(identity.generation.to_be_bytes());
    data.push(kind);
    data.push(algorithm_number(identity.parameters.algorithm));
    data.push(identity.parameters.digits.get());
    data.extend(u32::to_be_bytes(period));
    data.extend(u64::to_be_bytes(t0));
    push_text(&mut data, Some(identity.serial.as_str()));
    push_text(&mut data, identity.account.map(AccountName::as_str));
    data
}

const fn algorithm_number(algorithm: Algorithm) -> u8 {
    match algorithm {
        Algorithm::Sha1 => 1,
        Algorithm::Sha256 => 2,
        Algorithm::Sha512 => 3,
    }
}

/// A text behind its length; no text has a length that none has.
fn push_text(data: &mut Vec<u8>, text: Option<&str>) {
    let length = text.map_or(u64::MAX, |text| text.len() as u64);
    data.extend(length.to_be_bytes());
    data.extend(text.unwrap_or_default().as_bytes());
}
