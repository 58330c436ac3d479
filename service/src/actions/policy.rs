use keyfob_authority::{
    AssociationSettings, LogSettings, PolicySummary, ServiceSettings, SignInSettings, ThrottleSettings,
};
use serde::Serialize;

use super::Call;
use crate::answer::Outcome;
use crate::error::Failure;
use crate::time::rfc3339;

/// The policy file's tables.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GetPolicy {
    sign_in: SignIn,
    association: Association,
    throttle: Throttle,
    service: Service,
    log: Log,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SignIn {
    totp_steps: u32,
    hotp_look_ahead: u32,
    resync_totp_steps: u32,
    resync_hotp_counters: u32,
    required: String,
    required_from: String,
    exempt_group: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Association {
    totp_seconds: u32,
    hotp_counters: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Throttle {
    free_failures: u32,
    delay_seconds: u32,
    max_delay_seconds: u32,
    max_failures: u32,
    caller_failures: u32,
    caller_regain_seconds: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Service {
    administrators: Option<String>,
    require_mfa_for_writes: bool,
    session_idle_seconds: u64,
    session_seconds: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Log {
    keep_seconds: u64,
    max_events: u64,
}

/// Shows the policy in force.
pub fn get(call: &Call) -> Result<Outcome, Failure> {
    let PolicySummary { sign_in, association, throttle, service, log } = call.acts.policy()?;
    call.result(&GetPolicy {
        sign_in: sign_in.into(),
        association: association.into(),
        throttle: throttle.into(),
        service: service.into(),
        log: log.into(),
    })
}

impl From<SignInSettings> for SignIn {
    fn from(settings: SignInSettings) -> Self {
        Self {
            totp_steps: settings.totp_steps,
            hotp_look_ahead: settings.hotp_look_ahead,
            resync_totp_steps: settings.resync_totp_steps,
            resync_hotp_counters: settings.resync_hotp_counters,
            required: settings.required,
            required_from: rfc3339(settings.required_from),
            exempt_group: settings.exempt_group,
        }
    }
}

impl From<AssociationSettings> for Association {
    fn from(AssociationSettings { totp_seconds, hotp_counters }: AssociationSettings) -> Self {
        Self { totp_seconds, hotp_counters }
    }
}

impl From<ThrottleSettings> for Throttle {
    fn from(settings: ThrottleSettings) -> Self {
        Self {
            free_failures: settings.free_failures,
            delay_seconds: settings.delay_seconds,
            max_delay_seconds: settings.max_delay_seconds,
            max_failures: settings.max_failures,
            caller_failures: settings.caller_failures,
            caller_regain_seconds: settings.caller_regain_seconds,
        }
    }
}

impl From<ServiceSettings> for Service {
    fn from(settings: ServiceSettings) -> Self {
        Self {
            administrators: settings.administrators,
            require_mfa_for_writes: settings.require_mfa_for_writes,
            session_idle_seconds: settings.session_idle_seconds,
            session_seconds: settings.session_seconds,
        }
    }
}

impl From<LogSettings> for Log {
    fn from(LogSettings { max_age, max_events }: LogSettings) -> Self {
        Self { keep_seconds: max_age, max_events }
    }
}
