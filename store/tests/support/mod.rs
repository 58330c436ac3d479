//! What the tests of the store share.
#![allow(dead_code, reason = "each test file uses a part")]

pub mod child;

use std::path::{Path, PathBuf};

use keyfob_core::{
    Algorithm, Digits, Drift, MovingFactor, Parameters, Period, Position, SerialNumber, UnixTime,
};
use keyfob_store::{
    Account, Act, Association, Device, DeviceId, KeyId, NewDevice, NewEvent, Origin, Outcome, Retention,
    SealedSecret, SqliteStore, Store, StoreError, StoreId, StoreIdentity, Transaction,
};
use tempfile::TempDir;

pub const IDENTITY: StoreIdentity =
    StoreIdentity { store: StoreId(*b"sixteen bytes id"), key: KeyId(*b"eight id") };

pub const KEEP_ALL: Retention = Retention { max_age: u64::MAX, max_events: u64::MAX };
pub const KEEP_FEW: Retention = Retention { max_age: u64::MAX, max_events: 100 };

/// A store in a folder of its own, which goes with it.
pub struct Scratch {
    pub folder: TempDir,
    pub path: PathBuf,
}

impl Scratch {
    /// A folder without a store.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyfob.db");
        Self { folder, path }
    }

    /// A folder with a new store.
    pub fn with_store() -> Self {
        let scratch = Self::empty();
        SqliteStore::create(&scratch.path, IDENTITY).unwrap();
        scratch
    }

    /// A folder with a store in which alice has the device 1001, at counter `accepted`.
    pub fn with_device(accepted: Option<u64>) -> Self {
        let scratch = Self::with_store();
        scratch.act(|act| {
            let alice = add_account(act, "alice");
            let device = add_device(act, "1001", Position { accepted, drift: Drift::default() });
            associate(act, &device, &alice);
        });
        scratch
    }

    /// A folder with a store in which the device 1001 has a clock.
    pub fn with_clock() -> Self {
        let scratch = Self::with_store();
        scratch.act(|act| {
            let id = act.next_device_id().unwrap();
            let device = NewDevice { parameters: totp(), ..new_device(id, "1001", Position::default()) };
            act.add_device(&device, UnixTime(60)).unwrap();
        });
        scratch
    }

    pub fn log(&self) -> PathBuf {
        beside(&self.path, "-wal")
    }

    pub fn open(&self) -> SqliteStore {
        SqliteStore::open(&self.path).unwrap()
    }

    /// One act as a process does it: open, transaction, commit, close.
    pub fn act<T>(&self, act: impl FnOnce(&mut dyn Transaction) -> T) -> T {
        let mut store = self.open();
        let mut transaction = store.transaction().unwrap();
        let result = act(&mut *transaction);
        transaction.commit().unwrap();
        result
    }

    /// The names of the files in the folder, sorted.
    pub fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

pub fn serial(text: &str) -> SerialNumber {
    text.parse().unwrap()
}

pub fn at(accepted: u64) -> Position {
    Position { accepted: Some(accepted), drift: Drift::default() }
}

pub fn hotp() -> Parameters {
    Parameters { moving_factor: MovingFactor::Counter, algorithm: Algorithm::Sha1, digits: Digits::SIX }
}

pub fn totp() -> Parameters {
    let moving_factor = MovingFactor::Time { period: Period::THIRTY_SECONDS, t0: UnixTime(0) };
    Parameters { moving_factor, algorithm: Algorithm::Sha256, digits: Digits::new(8).unwrap() }
}

pub fn new_device(id: DeviceId, text: &str, position: Position) -> NewDevice {
    NewDevice {
        id,
        serial: serial(text),
        parameters: hotp(),
        position,
        sealed: SealedSecret(vec![1, 2, 3]),
        manufacturer: None,
        model: None,
        expires: None,
        origin: Origin::Imported,
    }
}

pub fn add_account(act: &mut dyn Transaction, name: &str) -> Account {
    act.add_account(&name.parse().unwrap(), Some(1000), UnixTime(50)).unwrap()
}

pub fn add_device(act: &mut dyn Transaction, text: &str, position: Position) -> Device {
    let id = act.next_device_id().unwrap();
    act.add_device(&new_device(id, text, position), UnixTime(60)).unwrap();
    act.device(&serial(text)).unwrap().unwrap()
}

pub fn associate(act: &mut dyn Transaction, device: &Device, account: &Account) {
    let association = Association { account: account.id, since: UnixTime(70) };
    act.set_association(device.id, Some(association), device.generation + 1, &device.sealed).unwrap();
}

/// Advances alice's device, if it is still lower.
pub fn advance(act: &mut dyn Transaction, accepted: u64) -> bool {
    let device = act.device(&serial("1001")).unwrap().unwrap();
    act.advance(device.id, device.generation, at(accepted), UnixTime(accepted.saturating_mul(30))).unwrap()
}

/// A whole sign-in of alice as a process of its own does it.
pub fn sign_in(path: &Path, counter: u64) -> Result<(), StoreError> {
    sign_in_on(&mut SqliteStore::open(path)?, counter)
}

/// The same on a store that is open.
pub fn sign_in_on(store: &mut SqliteStore, counter: u64) -> Result<(), StoreError> {
    let mut act = store.transaction()?;
    assert!(advance(&mut *act, counter));
    act.append_event(&event(counter), KEEP_FEW)?;
    act.commit()
}

pub fn accepted(scratch: &Scratch) -> Option<u64> {
    scratch.act(|act| act.device(&serial("1001")).unwrap().unwrap().position.accepted)
}

pub fn event(time: u64) -> NewEvent {
    NewEvent {
        time: UnixTime(time),
        act: Act::SignIn,
        account: Some("alice".into()),
        serial: Some(serial("1001")),
        door: "pam:sshd".into(),
        remote: Some("192.0.2.7".into()),
        outcome: Outcome::Done,
        reason: None,
    }
}
