use std::fmt;

use keyfob_core::{AccountName, Digits, Parameters, Position, SerialNumber, Throttled, UnixTime};
use keyfob_store::{Counts, NoticeKind};

/// Who asks: which door, and where the person comes from.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Caller {
    /// The door.
    pub door: Door,
    /// The remote host or address as the door tells it, unchecked.
    pub remote: Option<String>,
    /// The real uid of the process that asks: under su and sudo the caller's, not root's.
    pub uid: u32,
}

/// Where a person or an administrator meets Keyfob.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Door {
    /// The command `keyfob`.
    CommandLine,
    /// The PAM module, in the stack of this PAM service (`sshd`, `sudo`).
    Pam {
        /// The service's name as the application tells it, unchecked.
        service: String,
    },
    /// The enrollment service.
    Service {
        /// On behalf of this account; none before the daemon has found out.
        account: Option<AccountName>,
        /// Whether that account administers others.
        is_administrator: bool,
    },
}

impl Caller {
    /// The enrollment service, asked from there. The daemon finds out on whose behalf.
    #[must_use]
    pub const fn service(remote: Option<String>) -> Self {
        Self { door: Door::Service { account: None, is_administrator: false }, remote, uid: u32::MAX }
    }

    /// The account on whose behalf the enrollment service asks.
    #[must_use]
    pub const fn account(&self) -> Option<&AccountName> {
        match &self.door {
            Door::Service { account, .. } => account.as_ref(),
            Door::CommandLine | Door::Pam { .. } => None,
        }
    }

    /// Whether it is one who must not learn which devices there are beside the own.
    pub(crate) const fn sees_own_only(&self) -> bool {
        matches!(self.door, Door::Service { is_administrator: false, .. })
    }
}

/// How many devices and accounts there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Totals {
    /// Of all.
    pub counts: Counts,
    /// Whether root has a device.
    pub root_has_device: bool,
}

/// How a sign-in starts.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Begun {
    /// What it has to do.
    pub next: Begin,
    /// Groups that the policy names and the name service does not have, for the log: they exempt nobody.
    pub unresolved_groups: Vec<String>,
}

/// What a sign-in has to do.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Begin {
    /// The account has no associated device, and needs none: ask nothing.
    NotRequired,
    /// Ask for a code.
    Ask(Ask),
    /// Ask for nothing and refuse: tries are throttled.
    Throttled(Throttled),
}

/// What is good to know for asking.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Ask {
    /// How many digits the account's codes have: each number once, at least one.
    pub digits: Vec<Digits>,
    /// Several codes in a row were wrong: offer to resynchronise by two consecutive codes (RFC 4226 §7.4).
    pub offer_resync: bool,
}

/// A sign-in was let in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "only this lets anybody in"]
#[derive(serde::Serialize, serde::Deserialize)]
pub struct SignedIn {
    /// By what.
    pub factor: Factor,
    /// What has happened since the account's last sign-in, oldest first. It is told once.
    pub notices: Vec<Notice>,
}

/// What the policy's `notify_command` is told, when it happens.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Notification {
    /// Whose owner is to be told; none of a name that nobody has: then nobody is.
    #[serde(rename = "user_name")]
    pub account: Option<AccountName>,
    /// What happened: its stable name.
    #[serde(rename = "event", serialize_with = "serialize_name")]
    pub kind: NoticeKind,
    /// When, in seconds since 1970-01-01T00:00:00Z.
    pub time: UnixTime,
    /// Which device it was about.
    #[serde(rename = "serial_number")]
    pub serial: Option<SerialNumber>,
    /// The door it happened at, as the audit log has it.
    pub door: String,
    /// Where it came from, as the door tells it.
    pub remote: Option<String>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn serialize_name<S: serde::Serializer>(kind: &NoticeKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.name())
}

/// Something about an account that its owner should know.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Notice {
    /// What happened.
    pub kind: NoticeKind,
    /// When, last.
    pub time: UnixTime,
    /// Which device it was about.
    pub serial: Option<SerialNumber>,
    /// The door it happened at, as the audit log has it.
    pub door: String,
    /// Where it came from, last, as the door tells it.
    pub remote: Option<String>,
    /// How often.
    pub count: u32,
}

/// What a person signed in with.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Factor {
    /// A code of this device.
    Device(SerialNumber),
    /// A recovery code; `left` others are unused.
    RecoveryCode {
        /// How many the account has left.
        left: usize,
    },
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Device(serial) => write!(f, "a code of the device {serial}"),
            Self::RecoveryCode { left } => write!(f, "a recovery code, {left} are left"),
        }
    }
}

/// What becomes of the new devices of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum ImportMode {
    /// Nothing: it is only said what would happen.
    DryRun,
    /// All are added, or where one conflicts none.
    AllOrNone,
    /// All are added but those that conflict.
    SkipConflicts,
}

impl ImportMode {
    /// The mode of these two options.
    #[must_use]
    pub const fn new(dry_run: bool, skip_conflicts: bool) -> Self {
        match (dry_run, skip_conflicts) {
            (true, _) => Self::DryRun,
            (false, true) => Self::SkipConflicts,
            (false, false) => Self::AllOrNone,
        }
    }
}

/// What an import did, or (dry) would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ImportReport {
    /// New; in a file with conflicts those that are added without them.
    pub added: Vec<SerialNumber>,
    /// Known already, the same.
    pub unchanged: Vec<SerialNumber>,
    /// Known already with another secret or other parameters, or twice in the file.
    pub conflicting: Vec<SerialNumber>,
}

/// Where a search by codes goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SearchPlace {
    /// After which device; at first none.
    pub after: Option<SerialNumber>,
    /// How many were searched before.
    pub searched: u32,
}

/// What a part of a search has found.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Searched {
    /// The devices that show the codes.
    pub found: Vec<SerialNumber>,
    /// Where it goes on, if it does.
    pub next: Option<SearchPlace>,
}

/// A device as it is shown; without its secret.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
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
    /// When its maker says that it expires.
    pub expires: Option<UnixTime>,
    /// When it was imported.
    pub imported: UnixTime,
    /// Who has it.
    pub owner: Option<Owner>,
    /// When a code or a pair of it was last accepted.
    pub last_used: Option<UnixTime>,
    /// Whether it was made here, for an authenticator program (AWS: a virtual device).
    pub is_software: bool,
    /// What administrators have noted on it, by key.
    pub tags: Vec<(String, String)>,
}

/// An account, and whether the policy requires a code of it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AccountStatus {
    /// The account.
    pub account: AccountSummary,
    /// From when a code is required of it whether or not it has a device; `None`: it isn't.
    pub required_from: Option<UnixTime>,
    /// Whether that is now.
    pub is_required: bool,
    /// The groups it belongs to; `None` where the name service can't say, or was asked for no more than the policy needs.
    pub groups: Option<Vec<String>>,
}

/// Who has a device.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Owner {
    /// The account.
    pub account: AccountName,
    /// Since when (AWS: EnableDate).
    pub since: UnixTime,
}

/// An account as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
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
