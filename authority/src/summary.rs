use keyfob_core::{AccountName, Parameters, Position, SerialNumber, Throttled, UnixTime};

/// Who asks: which door, and where the person comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The door.
    pub door: Door,
    /// The remote host or address as the door tells it, unchecked.
    pub remote: Option<String>,
}

/// Where a person or an administrator meets Keyfob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Door {
    /// The command `keyfob`.
    CommandLine,
    /// The PAM module, in the stack of this PAM service (`sshd`, `sudo`).
    Pam {
        /// The service's name as the application tells it, unchecked.
        service: String,
    },
}

/// What a sign-in has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// The account has no associated device: ask nothing.
    NotRequired,
    /// Ask for a code.
    Ask,
    /// Ask for nothing and refuse: tries are throttled.
    Throttled(Throttled),
}

/// A sign-in was let in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "only this lets anybody in"]
pub struct SignedIn {
    /// By what.
    pub factor: Factor,
}

/// What a person signed in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Factor {
    /// A code of this device.
    Device(SerialNumber),
    /// A recovery code; `left` others are unused.
    RecoveryCode {
        /// How many the account has left.
        left: usize,
    },
}

/// What an import did, or (dry) would do. The three together are all devices of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// New.
    pub added: Vec<SerialNumber>,
    /// Known already, the same.
    pub unchanged: Vec<SerialNumber>,
    /// Known already with another secret or other parameters. Where there is one, nothing is added.
    pub conflicting: Vec<SerialNumber>,
}

/// A device as it is shown; without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceSummary {
    /// What stands on its back.
    pub serial: SerialNumber,
    /// How it computes its codes.
    pub parameters: Parameters,
    /// What was accepted, and its clock.
    pub position: Position,
    /// Who made it.
    pub manufacturer: Option<String>,
    /// Which model it is.
    pub model: Option<String>,
    /// When it was imported.
    pub imported: UnixTime,
    /// Who has it.
    pub owner: Option<Owner>,
}

/// Who has a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The account.
    pub account: AccountName,
    /// Since when (AWS: EnableDate).
    pub since: UnixTime,
}

/// An account as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSummary {
    /// Its canonical name.
    pub name: AccountName,
    /// Its uid, where the name service of this machine has it.
    pub uid: Option<u32>,
    /// When it was made known to the store; `None`: only the name service knows it.
    pub created: Option<UnixTime>,
    /// Its devices.
    pub devices: Vec<SerialNumber>,
    /// How many recovery codes are unused.
    pub recovery_codes: usize,
    /// Wrong codes since the last accepted one.
    pub sign_in_failures: u32,
    /// Whether sign-in tries are throttled now.
    pub sign_in_throttled: Option<Throttled>,
    /// Wrong pairs since the last accepted one.
    pub association_failures: u32,
    /// Whether association and resync are throttled now.
    pub association_throttled: Option<Throttled>,
}
