use keyfob_core::UnixTime;
use serde::{Deserialize, Serialize};

use crate::{Policy, Required};

/// The policy in force as administrators are shown it: the settings of the policy file that decide about codes, accounts and sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicySummary {
    /// The file's table of the same name.
    pub sign_in: SignInSettings,
    /// The file's table of the same name.
    pub association: AssociationSettings,
    /// The file's table of the same name.
    pub throttle: ThrottleSettings,
    /// The file's table of the same name.
    pub service: ServiceSettings,
    /// The file's table of the same name.
    pub log: LogSettings,
}

/// What holds at sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInSettings {
    /// Time steps either way in which a code is good.
    pub totp_steps: u32,
    /// Counters ahead in which a code is good.
    pub hotp_look_ahead: u32,
    /// Time steps either way that a resync inside a sign-in reaches.
    pub resync_totp_steps: u32,
    /// Counters ahead that it reaches.
    pub resync_hotp_counters: u32,
    /// Of whom a code is required: `nobody`, `everybody` or `group:NAME`.
    pub required: String,
    /// From when on.
    pub required_from: UnixTime,
    /// The group of whose members none is required.
    pub exempt_group: Option<String>,
}

/// What holds at association and at an administrator's resync.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssociationSettings {
    /// Seconds either way.
    pub totp_seconds: u32,
    /// Counters ahead.
    pub hotp_counters: u32,
}

/// What follows from wrong codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThrottleSettings {
    /// Wrong codes that are free.
    pub free_failures: u32,
    /// Seconds that each further one adds.
    pub delay_seconds: u32,
    /// The longest delay in seconds.
    pub max_delay_seconds: u32,
    /// Failures until the hard stop.
    pub max_failures: u32,
    /// Wrong codes that a calling user has.
    pub caller_failures: u32,
    /// Seconds until one of them is regained.
    pub caller_regain_seconds: u32,
}

/// What holds for the enrollment service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceSettings {
    /// The group whose members administer others.
    pub administrators: Option<String>,
    /// Whether a caller who has a device changes devices only in a session that began with a code.
    pub require_mfa_for_writes: bool,
    /// How long a browser's session may be idle, in seconds.
    pub session_idle_seconds: u64,
    /// How long it may be, in seconds.
    pub session_seconds: u64,
}

/// What is kept of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogSettings {
    /// Seconds.
    pub max_age: u64,
    /// Number of events.
    pub max_events: u64,
}

impl From<&Policy> for PolicySummary {
    fn from(policy: &Policy) -> Self {
        Self {
            sign_in: policy.into(),
            association: AssociationSettings {
                totp_seconds: policy.association_range.totp_reach(),
                hotp_counters: policy.association_range.hotp_counters(),
            },
            throttle: policy.into(),
            service: ServiceSettings {
                administrators: policy.administrators.clone(),
                require_mfa_for_writes: policy.require_mfa_for_writes,
                session_idle_seconds: policy.session_idle_seconds,
                session_seconds: policy.session_seconds,
            },
            log: LogSettings { max_age: policy.retention.max_age, max_events: policy.retention.max_events },
        }
    }
}

impl From<&Policy> for SignInSettings {
    fn from(policy: &Policy) -> Self {
        Self {
            totp_steps: policy.verify_window.totp_steps(),
            hotp_look_ahead: policy.verify_window.hotp_look_ahead(),
            resync_totp_steps: policy.sign_in_resync_range.totp_reach(),
            resync_hotp_counters: policy.sign_in_resync_range.hotp_counters(),
            required: match &policy.requirement.required {
                Required::Nobody => "nobody".into(),
                Required::Everybody => "everybody".into(),
                Required::Group(group) => format!("group:{group}"),
            },
            required_from: policy.requirement.from,
            exempt_group: policy.requirement.exempt_group.clone(),
        }
    }
}

impl From<&Policy> for ThrottleSettings {
    fn from(policy: &Policy) -> Self {
        Self {
            free_failures: policy.throttle.free_failures(),
            delay_seconds: policy.throttle.delay_seconds(),
            max_delay_seconds: policy.throttle.max_delay_seconds(),
            max_failures: policy.throttle.max_failures(),
            caller_failures: policy.caller.failures(),
            caller_regain_seconds: policy.caller.regain_seconds(),
        }
    }
}
