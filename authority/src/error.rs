use std::path::PathBuf;

use keyfob_core::{AccountName, MalformedAnswer, PairRefusal, SerialNumber, Throttled};
use keyfob_store::StoreError;
use thiserror::Error;

use crate::AccessRefusal;

/// Why an act did not succeed.
#[derive(Debug, Error)]
pub enum Error {
    /// It is not allowed.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// It can't be decided.
    #[error(transparent)]
    Unusable(#[from] Unusable),
}

/// An act that is not allowed, as things are.
#[derive(Clone, Debug, PartialEq, Eq, Error, serde::Serialize, serde::Deserialize)]
pub enum Refused {
    /// The answer is neither a code nor a recovery code, or no device has codes of its length. Not counted.
    #[error("that is not a code: type the digits the device shows")]
    Malformed,
    /// Wrong code.
    #[error("wrong code: type the code the device shows now")]
    WrongCode,
    /// Wrong code in a browser's sign-in, as were several before it: a resync is to be offered, as [`Ask::offer_resync`] says it where a
    /// sign-in starts.
    ///
    /// [`Ask::offer_resync`]: crate::Ask::offer_resync
    #[error(
        "wrong code, as those before: type the code the device shows now, or have it found again by two codes"
    )]
    WrongCodes,
    /// A code that was accepted before. Not counted.
    #[error("that code was already used: wait for the next one")]
    AlreadyUsed,
    /// A pair of codes that can't be accepted.
    #[error(transparent)]
    Pair(#[from] PairRefusal),
    /// Too many wrong codes.
    #[error(transparent)]
    Throttled(#[from] Throttled),
    /// The account has no associated device.
    #[error("{0} has no associated device: associate one with `keyfob enable`")]
    NoDevice(AccountName),
    /// No such device.
    #[error("no device has the serial number {0}: import its seed file with `keyfob device import`")]
    UnknownSerialNumber(SerialNumber),
    /// Somebody has the device.
    #[error("the device {serial} is associated with {owner}: deactivate it first with `keyfob disable`")]
    Taken {
        /// The device.
        serial: SerialNumber,
        /// Who has it.
        owner: AccountName,
    },
    /// The account does not have this device.
    #[error(
        "the device {serial} is not associated with {account}: `keyfob user show {account}` lists its devices"
    )]
    NotAssociated {
        /// The device.
        serial: SerialNumber,
        /// The account.
        account: AccountName,
    },
    /// The account has as many devices as it may have.
    #[error("{0} has 8 devices, the most an account may have: deactivate one first with `keyfob disable`")]
    DeviceLimit(AccountName),
    /// The account has devices, and whoever asks has to take them from it first.
    #[error("{0} has devices: deactivate them first with `keyfob disable`")]
    HasDevices(AccountName),
    /// No such account.
    #[error("the account {0} is not known: check the name, or make it known with `keyfob user add`")]
    UnknownAccount(AccountName),
    /// The account was made anew under another uid.
    #[error(
        "the account {account} had the uid {stored} and has {now} now: if it is the same person, confirm with `keyfob user add {account}`, \
         else release its devices with `keyfob user remove {account}`"
    )]
    Recreated {
        /// The account.
        account: AccountName,
        /// The uid it is known by.
        stored: u32,
        /// The uid the name service has.
        now: u32,
    },
    /// A serial number that a new device can't have.
    #[error("a device has the serial number {0} already: choose another one")]
    KnownSerialNumber(SerialNumber),
    /// The account has created as many software devices without associating them as it may.
    #[error("{0} has created 8 software devices that nobody has: associate or delete one first")]
    UnassociatedLimit(AccountName),
    /// The device has as many tags as it may have.
    #[error("the device {0} would have more than 50 tags: take some from it first")]
    TagLimit(SerialNumber),
    /// More devices than are searched by their codes.
    #[error(
        "there are more than 20000 devices, the most that are searched by their codes: look for the serial number"
    )]
    TooManyDevices,
    /// More devices than are imported at once on behalf of others.
    #[error("the seed file has more devices than are imported at once: split it")]
    ImportLimit,
    /// The account has as many access keys as it may have.
    #[error(
        "{0} has 2 access keys, the most an account may have: delete one first with `keyfob access-key delete`"
    )]
    AccessKeyLimit(AccountName),
    /// No such session of a browser.
    #[error("the account has no such session: it has ended already")]
    UnknownSession,
    /// An account that is to be made known and is.
    #[error("the account {0} is known already")]
    KnownAccount(AccountName),
    /// The enrollment service's caller may not.
    #[error(transparent)]
    Access(#[from] AccessRefusal),
}

impl From<MalformedAnswer> for Refused {
    fn from(_: MalformedAnswer) -> Self {
        Self::Malformed
    }
}

/// What keeps acts from being decided. Never "no device".
#[derive(Debug, Error)]
pub enum Unusable {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file that isn't there.
    #[error("the {what} {path} does not exist: make it with `keyfob init`, or restore it from a backup")]
    Missing {
        /// What it is.
        what: &'static str,
        /// Where.
        path: PathBuf,
    },
    /// A file that others may read or write.
    #[error("the {what} {path} is open to others (mode {mode:04o}): run `chmod {wanted:04o} {path}`")]
    Mode {
        /// What it is.
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// What its mode is.
        mode: u32,
        /// What its mode should be.
        wanted: u32,
    },
    /// A file that belongs to somebody else.
    #[error("the {what} {path} belongs to uid {owner}: run `chown {wanted} {path}`")]
    Owner {
        /// What it is.
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// Whose it is.
        owner: u32,
        /// Whose it should be.
        wanted: u32,
    },
    /// A file that is a link, a folder or a device.
    #[error("the {what} {path} is not a regular file: put a regular file in its place")]
    NotAFile {
        /// What it is.
        what: &'static str,
        /// Where.
        path: PathBuf,
    },
    /// A file that can't be read or written.
    #[error("the {what} {path} can't be used: {source}")]
    File {
        /// What it is.
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A policy that can't be read.
    #[error("the policy {path} has a mistake: {detail}")]
    Policy {
        /// Where.
        path: PathBuf,
        /// Which line, and what is wrong.
        detail: String,
    },
    /// A master key of another length.
    #[error("the master key {path} has {length} bytes instead of 32: restore it from a backup")]
    KeyLength {
        /// Where.
        path: PathBuf,
        /// Its length in bytes.
        length: u64,
    },
    /// A master key of another store.
    #[error("the master key {key} does not belong to the store {store}: restore the one that does")]
    OtherKey {
        /// The key.
        key: PathBuf,
        /// The store.
        store: PathBuf,
    },
    /// A sealed secret that does not open: its row was changed, or swapped with another.
    #[error(
        "the secret of the device {0} does not open, so its row was changed: restore the store from a backup"
    )]
    Sealed(SerialNumber),
    /// Somebody changed the device between reading and writing; what was written is undone.
    #[error("the device {0} was changed at the same moment: try again")]
    ConcurrentModification(SerialNumber),
    /// The name service failed. Not the same as an unknown account.
    #[error("the name service can't answer for {account}: {detail}")]
    NameService {
        /// Who was asked for.
        account: AccountName,
        /// What it said.
        detail: String,
    },
    /// The daemon does not answer, or not what it should.
    #[error("the daemon at {socket} can't be asked: {detail}")]
    Daemon {
        /// Its socket.
        socket: PathBuf,
        /// What is wrong, and what to do.
        detail: String,
    },
    /// What the daemon says that it can't use.
    #[error("the daemon can't decide: {0}")]
    Remote(String),
    /// An act that was run without what it needs: a defect.
    #[error("an act has come to no outcome, which is a defect: please report it")]
    NoOutcome,
    /// No randomness.
    #[error("the system gives no random bytes: {0}")]
    Randomness(String),
}
