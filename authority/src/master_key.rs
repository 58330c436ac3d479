use hkdf::Hkdf;
use keyfob_core::AccountName;
use keyfob_store::{DeviceId, KeyId, StoreId, StoredAccessKey};
use sha2::Sha256;
use zeroize::{ZeroizeOnDrop, Zeroizing};

/// A derived key of 32 bytes that wipes itself.
pub(crate) type DerivedKey = Zeroizing<[u8; 32]>;

/// The 32 bytes under which everything secret in the store stands. Wipes itself and prints nothing.
#[derive(ZeroizeOnDrop)]
pub(crate) struct MasterKey([u8; Self::BYTES]);

impl MasterKey {
    pub(crate) const BYTES: usize = 32;

    pub(crate) fn new(bytes: &Zeroizing<[u8; Self::BYTES]>) -> Self {
        Self(**bytes)
    }

    /// Names the key; tells nothing of it.
    pub(crate) fn id(&self) -> KeyId {
        let mut id = [0; 8];
        self.derive(&[], &[b"keyfob 1 key id"], &mut id);
        KeyId(id)
    }

    /// The key that seals one device's secret.
    pub(crate) fn for_device(&self, store: StoreId, device: DeviceId) -> DerivedKey {
        let mut key = DerivedKey::default();
        self.derive(&store.0, &[b"keyfob 1 device secret", &device.0.to_be_bytes()], &mut *key);
        key
    }

    /// The key that hashes one set of an account's recovery codes. Without it, a stolen store's hashes can't even be guessed at.
    pub(crate) fn for_recovery_codes(
        &self,
        store: StoreId,
        account: &AccountName,
        salt: &[u8; 16],
    ) -> DerivedKey {
        let mut key = DerivedKey::default();
        self.derive(salt, &[b"keyfob 1 recovery codes", &store.0, account.as_str().as_bytes()], &mut *key);
        key
    }

    /// The secret half of an access key. It belongs to the account of that name, and a session's also to its token and its end.
    pub(crate) fn secret_access_key(
        &self,
        store: StoreId,
        key: &StoredAccessKey,
        account: &AccountName,
    ) -> Zeroizing<[u8; 30]> {
        let mut secret = Zeroizing::new([0; 30]);
        let (id, account) = (key.id.as_str().as_bytes(), account.as_str().as_bytes());
        match &key.session {
            None => self.derive(&store.0, &[b"keyfob 1 access key", id, account], &mut *secret),
            Some(session) => {
                let expires = session.expires.0.to_be_bytes();
                let info = [b"keyfob 1 session access key", id, &session.token, &expires, account];
                self.derive(&store.0, &info, &mut *secret);
            }
        }
        secret
    }

    /// Stands for a name without a device. Without the key, a stolen store does not tell what was typed as a name.
    pub(crate) fn decoy_name(&self, store: StoreId, name: &AccountName) -> [u8; 8] {
        let mut decoy = [0; 8];
        self.derive(&store.0, &[b"keyfob 1 decoy name", name.as_str().as_bytes()], &mut decoy);
        decoy
    }

    /// HKDF-SHA256 (RFC 5869); every `info` begins with a label of its own and ends with its only part of varying length.
    fn derive(&self, salt: &[u8], info: &[&[u8]], output: &mut [u8]) {
        let derived = Hkdf::<Sha256>::new(Some(salt), &self.0).expand_multi_info(info, output);
        // HKDF-SHA256 gives up to 8,160 bytes; no caller asks for more than 32.
        debug_assert!(derived.is_ok());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_use_has_a_key_of_its_own() {
        let alice: AccountName = "alice".parse().unwrap();
        let bob: AccountName = "bob".parse().unwrap();
        let [master, other] = [1, 2].map(|byte| MasterKey::new(&Zeroizing::new([byte; MasterKey::BYTES])));
        let (store, other_store) = (StoreId([3; 16]), StoreId([4; 16]));
        let keys = [
            master.for_device(store, DeviceId(1)),
            master.for_device(store, DeviceId(2)),
            master.for_device(other_store, DeviceId(1)),
            other.for_device(store, DeviceId(1)),
            master.for_recovery_codes(store, &alice, &[5; 16]),
            master.for_recovery_codes(store, &alice, &[6; 16]),
            master.for_recovery_codes(store, &bob, &[5; 16]),
            master.for_recovery_codes(other_store, &alice, &[5; 16]),
            other.for_recovery_codes(store, &alice, &[5; 16]),
        ];
        for (index, key) in keys.iter().enumerate() {
            assert!(!keys.iter().skip(index + 1).any(|later| later == key), "{index}");
        }
        assert_ne!(master.id(), other.id());
    }
}
