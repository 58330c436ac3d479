use std::str::FromStr;

use keyfob_core::{AccountName, HashedRecoveryCode, Parameters, Position, SerialNumber, UnixTime};

use crate::UnknownName;

/// Names a store, at random, for ever. Bound into every sealed secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StoreId(pub [u8; 16]);

/// Names a master key without telling anything of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyId(pub [u8; 8]);

/// Which store this is, and which master key belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreIdentity {
    /// The store.
    pub store: StoreId,
    /// Its master key.
    pub key: KeyId,
}

/// A row's key. Ids are never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub i64);

impl AccountId {
    /// No account: stands for all names without one where something is counted all the same.
    pub const NOBODY: Self = Self(0);
}

/// A row's key. Ids are never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId(pub i64);

/// An account that is known to the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its key.
    pub id: AccountId,
    /// The name service's canonical name.
    pub name: AccountName,
    /// The uid it had when it was made known; `None` for an account that this machine's name service doesn't
    /// have.
    pub uid: Option<u32>,
    /// When it was made known.
    pub created: UnixTime,
}

/// A device's secret, encrypted and authenticated: nonce, ciphertext and tag. Opaque here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedSecret(pub Vec<u8>);

/// Who has a device, since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Association {
    /// The account.
    pub account: AccountId,
    /// When it was associated (AWS: EnableDate).
    pub since: UnixTime,
}

/// A device as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its key.
    pub id: DeviceId,
    /// What stands on its back.
    pub serial: SerialNumber,
    /// How it computes its codes.
    pub parameters: Parameters,
    /// What was accepted, and its clock.
    pub position: Position,
    /// Its secret.
    pub sealed: SealedSecret,
    /// One up with every association and deactivation, so that a code checked under an earlier one can't be
    /// accepted.
    pub generation: u64,
    /// Who has it.
    pub association: Option<Association>,
    /// Who made it.
    pub manufacturer: Option<String>,
    /// Which model it is.
    pub model: Option<String>,
    /// When its maker says that it expires.
    pub expires: Option<UnixTime>,
    /// When it was imported.
    pub imported: UnixTime,
    /// When a code or a pair of it was last accepted.
    pub last_used: Option<UnixTime>,
    /// Where it was made.
    pub origin: Origin,
}

/// How many of each there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Counts {
    /// Devices.
    pub devices: u32,
    /// Those of them that somebody has.
    pub associated: u32,
    /// Accounts.
    pub accounts: u32,
}

/// Which devices to read.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct DeviceFilter {
    /// Whose serial number comes after this one only.
    pub after: Option<SerialNumber>,
    /// In whose serial number, or owner's name, this text stands only, whatever the case of its letters.
    pub text: Option<String>,
    /// That somebody has, or nobody has, only.
    pub is_associated: Option<bool>,
    /// That are software devices, or none, only.
    pub is_software: Option<bool>,
    /// So many at most.
    pub limit: u32,
}

/// Where a TOTP device's clock stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct StoredDrift {
    /// When.
    pub time: UnixTime,
    /// Seconds it was ahead of ours; negative where it was behind.
    pub seconds: i64,
}

/// Where a device was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// In a factory: a hardware device, read from a seed file.
    Imported,
    /// Here, for an authenticator program (AWS: a virtual device).
    Software {
        /// By this account, if it is still known.
        creator: Option<AccountId>,
    },
}

/// A device to add: nobody has it, its generation is 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDevice {
    /// From [`crate::Transaction::next_device_id`].
    pub id: DeviceId,
    /// What stands on its back.
    pub serial: SerialNumber,
    /// How it computes its codes.
    pub parameters: Parameters,
    /// Where it stood when its seed file was written.
    pub position: Position,
    /// Its secret.
    pub sealed: SealedSecret,
    /// Who made it.
    pub manufacturer: Option<String>,
    /// Which model it is.
    pub model: Option<String>,
    /// When its maker says that it expires.
    pub expires: Option<UnixTime>,
    /// Where it was made.
    pub origin: Origin,
}

/// What failures are counted for; each apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Codes at sign-in.
    SignIn,
    /// Pairs of codes at association and resync.
    Association,
}

/// An account's unused recovery codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoveryCodes {
    /// Chosen at random when the set was made; bound into the hashes.
    pub salt: [u8; 16],
    /// Those not used yet.
    pub unused: Vec<UnusedRecoveryCode>,
}

/// A recovery code that nobody has used yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusedRecoveryCode {
    /// What is kept of it.
    pub hash: HashedRecoveryCode,
    /// From when on it signs in no more; `None`: it has no end.
    pub expires: Option<UnixTime>,
}

impl UnusedRecoveryCode {
    /// Whether it still signs in.
    #[must_use]
    pub fn is_good(&self, now: UnixTime) -> bool {
        self.expires.is_none_or(|end| now < end)
    }
}

impl RecoveryCodes {
    /// Those that still sign in.
    pub fn good(&self, now: UnixTime) -> impl Iterator<Item = &HashedRecoveryCode> {
        self.unused.iter().filter(move |code| code.is_good(now)).map(|code| &code.hash)
    }
}

/// What an account's owner is told at the next sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum NoticeKind {
    /// A device was associated.
    Associated,
    /// A device was deactivated.
    Deactivated,
    /// A device's clock or counter was found again.
    Resynchronised,
    /// A recovery code signed in.
    RecoveryCodeUsed,
    /// A door refused wrong codes.
    CodesRefused,
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Associated,
        Self::Deactivated,
        Self::Resynchronised,
        Self::RecoveryCodeUsed,
        Self::CodesRefused,
    ];

    /// The stable name, as the store has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Associated => "associated",
            Self::Deactivated => "deactivated",
            Self::Resynchronised => "resynchronised",
            Self::RecoveryCodeUsed => "recovery-code-used",
            Self::CodesRefused => "codes-refused",
        }
    }
}

impl FromStr for NoticeKind {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or(UnknownName)
    }
}

/// Something to tell an account's owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNotice {
    /// What happened.
    pub kind: NoticeKind,
    /// When.
    pub time: UnixTime,
    /// The device it was about.
    pub serial: Option<SerialNumber>,
    /// The door, as [`crate::NewEvent::door`].
    pub door: String,
    /// Where it came from, as [`crate::NewEvent::remote`].
    pub remote: Option<String>,
}

/// A notice as it was kept: what happened again is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredNotice {
    /// What happened.
    pub kind: NoticeKind,
    /// When, last.
    pub time: UnixTime,
    /// The device it was about.
    pub serial: Option<SerialNumber>,
    /// The door.
    pub door: String,
    /// Where it came from, last.
    pub remote: Option<String>,
    /// Whether it came from elsewhere before.
    pub several_remotes: bool,
    /// How often.
    pub count: u32,
}

/// Names an account that has no device, or that does not exist, by a keyed hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DecoyName(pub [u8; 8]);
