use std::str::FromStr;

use keyfob_core::{AccountName, SerialNumber, UnixTime};
use thiserror::Error;

/// What was done or tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Act {
    /// A code asked for and answered, on any door.
    SignIn,
    /// Devices read from a seed file.
    ImportDevice,
    /// A device forgotten.
    RemoveDevice,
    /// A device given to an account.
    Associate,
    /// A device's clock or counter found again.
    Resynchronise,
    /// A device taken from an account.
    Deactivate,
    /// An account made known.
    AddAccount,
    /// An account forgotten.
    RemoveAccount,
    /// An account's failures forgiven.
    UnlockAccount,
    /// New recovery codes.
    CreateRecoveryCodes,
    /// A recovery code that ends.
    IssueRecoveryCode,
    /// A new access key.
    CreateAccessKey,
    /// An access key forgotten.
    DeleteAccessKey,
    /// A software device made.
    CreateSoftwareDevice,
    /// Tags put on a device.
    TagDevice,
    /// Tags taken from a device.
    UntagDevice,
    /// A browser's session ended.
    EndSession,
    /// A device looked for by its codes.
    FindDevice,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Outcome {
    /// Done, or let in.
    Done,
    /// Refused.
    Refused,
}

/// An audit event to append. Never holds a code or a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// When.
    pub time: UnixTime,
    /// What.
    pub act: Act,
    /// The account's name as it was given, cut to 128 bytes and escaped where it came from outside.
    pub account: Option<String>,
    /// The device's serial number.
    pub serial: Option<SerialNumber>,
    /// The door: `command-line`, or `pam:` and the PAM service, or `service:` and the account that asked; at most 64 bytes, escaped.
    pub door: String,
    /// Where the person came from, as the door tells it; at most 256 bytes, escaped.
    pub remote: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// Why, as a stable lower-case word or two joined by `-`: `wrong-code`, `recovery-code`.
    pub reason: Option<&'static str>,
}

/// An event's number: later ones are higher, none is used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct EventId(pub i64);

/// An audit event as it was kept.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Event {
    /// Its number.
    pub id: EventId,
    /// When.
    pub time: UnixTime,
    /// What.
    pub act: Act,
    /// The account's name.
    pub account: Option<String>,
    /// The device's serial number.
    pub serial: Option<SerialNumber>,
    /// The door.
    pub door: String,
    /// Where the person came from.
    pub remote: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// Why.
    pub reason: Option<String>,
}

/// Which events to read.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct EventFilter {
    /// Of this account only.
    pub account: Option<AccountName>,
    /// Of this device only.
    pub serial: Option<SerialNumber>,
    /// Later than this event only.
    pub after: Option<EventId>,
    /// Earlier than this event only.
    pub before: Option<EventId>,
    /// So many of them only, the newest.
    pub newest: Option<u32>,
}

/// How long and how many events are kept, so that they can't fill the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Seconds.
    pub max_age: u64,
    /// Number of events; one takes at most 1 KiB.
    pub max_events: u64,
}

/// A text that is no act's or outcome's stable name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a name that this Keyfob knows")]
pub struct UnknownName;

impl Act {
    /// Every act.
    pub const ALL: [Self; 18] = [
        Self::SignIn,
        Self::ImportDevice,
        Self::RemoveDevice,
        Self::Associate,
        Self::Resynchronise,
        Self::Deactivate,
        Self::AddAccount,
        Self::RemoveAccount,
        Self::UnlockAccount,
        Self::CreateRecoveryCodes,
        Self::IssueRecoveryCode,
        Self::CreateAccessKey,
        Self::DeleteAccessKey,
        Self::CreateSoftwareDevice,
        Self::TagDevice,
        Self::UntagDevice,
        Self::EndSession,
        Self::FindDevice,
    ];

    /// The stable name, as logs and JSON show it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::ImportDevice => "import-device",
            Self::RemoveDevice => "remove-device",
            Self::Associate => "associate",
            Self::Resynchronise => "resync",
            Self::Deactivate => "deactivate",
            Self::AddAccount => "add-user",
            Self::RemoveAccount => "remove-user",
            Self::UnlockAccount => "unlock-user",
            Self::CreateRecoveryCodes => "create-recovery-codes",
            Self::IssueRecoveryCode => "issue-recovery-code",
            Self::CreateAccessKey => "create-access-key",
            Self::DeleteAccessKey => "delete-access-key",
            Self::CreateSoftwareDevice => "create-software-device",
            Self::TagDevice => "tag-device",
            Self::UntagDevice => "untag-device",
            Self::EndSession => "end-session",
            Self::FindDevice => "find-device",
        }
    }
}

impl FromStr for Act {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|act| act.name() == text).ok_or(UnknownName)
    }
}

impl FromStr for Outcome {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        [Self::Done, Self::Refused].into_iter().find(|outcome| outcome.name() == text).ok_or(UnknownName)
    }
}

impl Outcome {
    /// The stable name, as logs and JSON show it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}
