use std::path::Path;

use keyfob_core::{CallerPolicy, LimitExceeded, SyncRange, ThrottlePolicy, VerifyWindow};
use keyfob_store::Retention;
use serde::Deserialize;

use crate::Unusable;
use crate::requirement::{Required, RequiredFrom, Requirement};

/// The policy file as [`init`](crate::init()) writes it: every setting with its default, as a comment.
pub const DEFAULT_POLICY: &str = include_str!("default-policy.toml");

/// What holds for every door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How far off a code may be at sign-in.
    pub verify_window: VerifyWindow,
    /// How far off a pair may be at association and at an administrator's resync.
    pub association_range: SyncRange,
    /// How far off a pair may be at a resync inside a sign-in.
    pub sign_in_resync_range: SyncRange,
    /// Of whom a code is required.
    pub requirement: Requirement,
    /// What follows from an account's wrong codes.
    pub throttle: ThrottlePolicy,
    /// What follows from a calling user's wrong codes.
    pub caller: CallerPolicy,
    /// The program, with its arguments, that is told at once what owners are told at their next sign-in; or none.
    pub notify_command: Vec<String>,
    /// The user that the enrollment service runs as.
    pub service_user: String,
    /// The group whose members administer Keyfob through the enrollment service; or none.
    pub administrators: Option<String>,
    /// Whether a caller of the enrollment service who has a device changes devices in a session with a code only.
    pub require_mfa_for_writes: bool,
    /// How long a browser's session may be idle, in seconds.
    pub session_idle_seconds: u64,
    /// How long a browser's session may be, in seconds.
    pub session_seconds: u64,
    /// How long and how many audit events are kept.
    pub retention: Retention,
}

impl Policy {
    /// Reads a policy file's text. What it leaves out keeps its default.
    ///
    /// # Errors
    /// [`Unusable::Policy`] for a setting that does not exist, has the wrong type, or is beyond its hard limit.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Unusable> {
        let mistake = |detail: String| Unusable::Policy { path: path.into(), detail };
        let settings: Settings = toml::from_str(text).map_err(|error| mistake(locate(text, &error)))?;
        if settings.notify.command.first().is_some_and(|program| !program.starts_with('/')) {
            return Err(mistake("the program of notify's command needs an absolute path".into()));
        }
        if !(1..=60).contains(&settings.service.session_idle_minutes) {
            return Err(mistake("service's session_idle_minutes must be 1 to 60".into()));
        }
        if !(1..=24).contains(&settings.service.session_hours) {
            return Err(mistake("service's session_hours must be 1 to 24".into()));
        }
        settings.into_policy().map_err(|error| mistake(error.to_string()))
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            verify_window: VerifyWindow::default(),
            association_range: SyncRange::administrator_default(),
            sign_in_resync_range: SyncRange::inside_sign_in_default(),
            requirement: Requirement::default(),
            throttle: ThrottlePolicy::default(),
            caller: CallerPolicy::default(),
            notify_command: Vec::new(),
            service_user: Service::default().user,
            administrators: None,
            require_mfa_for_writes: true,
            session_idle_seconds: Service::default().idle_seconds(),
            session_seconds: Service::default().session_seconds(),
            retention: Log::default().retention(),
        }
    }
}

/// `line 3: unknown field …`, in one line.
fn locate(text: &str, error: &toml::de::Error) -> String {
    let message = error.message().replace('\n', " ");
    match error.span().and_then(|span| text.get(..span.start)) {
        Some(before) => format!("line {}: {message}", before.matches('\n').count() + 1),
        None => message,
    }
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    sign_in: SignIn,
    association: Association,
    throttle: Throttle,
    notify: Notify,
    service: Service,
    log: Log,
}

impl Settings {
    fn into_policy(self) -> Result<Policy, LimitExceeded> {
        let Self { sign_in, association, throttle, notify, service, log } = self;
        Ok(Policy {
            verify_window: VerifyWindow::new(sign_in.totp_steps, sign_in.hotp_look_ahead)?,
            association_range: SyncRange::for_administrator(
                association.totp_seconds,
                association.hotp_counters,
            )?,
            sign_in_resync_range: SyncRange::inside_sign_in(
                sign_in.resync_totp_steps,
                sign_in.resync_hotp_counters,
            )?,
            requirement: Requirement {
                required: sign_in.required,
                from: sign_in.required_from.0,
                exempt_group: Some(sign_in.exempt_group).filter(|group| !group.is_empty()),
            },
            caller: CallerPolicy::new(throttle.caller_failures, throttle.caller_regain_seconds)?,
            throttle: ThrottlePolicy::new(
                throttle.free_failures,
                throttle.delay_seconds,
                throttle.max_delay_seconds,
                throttle.max_failures,
            )?,
            notify_command: notify.command,
            session_idle_seconds: service.idle_seconds(),
            session_seconds: service.session_seconds(),
            administrators: Some(service.administrators).filter(|group| !group.is_empty()),
            service_user: service.user,
            require_mfa_for_writes: service.require_mfa_for_writes,
            retention: log.retention(),
        })
    }
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SignIn {
    totp_steps: u32,
    hotp_look_ahead: u32,
    resync_totp_steps: u32,
    resync_hotp_counters: u32,
    required: Required,
    required_from: RequiredFrom,
    exempt_group: String,
}

impl Default for SignIn {
    fn default() -> Self {
        Self {
            totp_steps: 1,
            hotp_look_ahead: 10,
            resync_totp_steps: 10,
            resync_hotp_counters: 100,
            required: Required::default(),
            required_from: RequiredFrom::default(),
            exempt_group: String::new(),
        }
    }
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Association {
    totp_seconds: u32,
    hotp_counters: u32,
}

impl Default for Association {
    fn default() -> Self {
        Self { totp_seconds: 12 * 60 * 60, hotp_counters: 1000 }
    }
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Throttle {
    free_failures: u32,
    delay_seconds: u32,
    max_delay_seconds: u32,
    max_failures: u32,
    caller_failures: u32,
    caller_regain_seconds: u32,
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            free_failures: 3,
            delay_seconds: 5,
            max_delay_seconds: 3600,
            max_failures: 100,
            caller_failures: 10,
            caller_regain_seconds: 8640,
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Notify {
    command: Vec<String>,
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Service {
    user: String,
    administrators: String,
    require_mfa_for_writes: bool,
    session_idle_minutes: u8,
    session_hours: u8,
}

impl Default for Service {
    fn default() -> Self {
        Self {
            user: "keyfob".into(),
            administrators: String::new(),
            require_mfa_for_writes: true,
            session_idle_minutes: 30,
            session_hours: 12,
        }
    }
}

impl Service {
    fn idle_seconds(&self) -> u64 {
        u64::from(self.session_idle_minutes) * 60
    }

    fn session_seconds(&self) -> u64 {
        u64::from(self.session_hours) * 60 * 60
    }
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Log {
    keep_days: u32,
    size_mib: u32,
}

impl Default for Log {
    fn default() -> Self {
        Self { keep_days: 400, size_mib: 32 }
    }
}

impl Log {
    /// An event takes at most 1 KiB, so that a size is a number of events.
    fn retention(&self) -> Retention {
        Retention {
            max_age: u64::from(self.keep_days) * 24 * 60 * 60,
            max_events: u64::from(self.size_mib) * 1024,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn parse(text: &str) -> Result<Policy, String> {
        Policy::parse(text, Path::new("keyfob.toml")).map_err(|error| error.to_string())
    }

    #[test]
    fn the_default_file_holds_the_defaults() {
        assert_eq!(parse(DEFAULT_POLICY), Ok(Policy::default()));
        let settings: String = DEFAULT_POLICY
            .lines()
            .map(|line| line.strip_prefix('#').filter(|rest| rest.contains(" = ")).unwrap_or(line))
            .fold(String::new(), |text, line| text + line + "\n");
        assert_eq!(settings.matches(" = ").count(), 23);
        assert_eq!(parse(&settings), Ok(Policy::default()));
    }

    #[test]
    fn a_setting_changes_what_it_names() {
        let policy = parse("[sign_in]\ntotp_steps = 2\n[log]\nkeep_days = 1\nsize_mib = 1\n").unwrap();
        assert_eq!(policy.verify_window, VerifyWindow::new(2, 10).unwrap());
        assert_eq!(policy.retention, Retention { max_age: 86400, max_events: 1024 });
    }

    #[test]
    fn a_requirement_is_for_a_group_from_a_date_on() {
        let text =
            "[sign_in]\nrequired = \"group:staff\"\nrequired_from = 2026-12-01\nexempt_group = \"robots\"\n";
        let requirement = parse(text).unwrap().requirement;
        assert_eq!(requirement.required, Required::Group("staff".into()));
        assert_eq!(requirement.from.0, 1_796_083_200);
        assert_eq!(requirement.groups().collect::<Vec<_>>(), ["staff", "robots"]);
        let nobody = Requirement { required: Required::Nobody, ..requirement };
        assert_eq!(nobody.groups().count(), 0);
    }

    #[test]
    fn the_service_has_administrators_only_where_a_group_is_named() {
        assert_eq!(parse("").unwrap().administrators, None);
        let text = "[service]\nuser = \"web\"\nadministrators = \"wheel\"\nrequire_mfa_for_writes = false\n";
        let policy = parse(text).unwrap();
        assert_eq!((policy.service_user.as_str(), policy.administrators.as_deref()), ("web", Some("wheel")));
        assert!(!policy.require_mfa_for_writes);
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        for (text, expected) in [
            ("\n[sign_in]\ntotp_step = 1\n", "line 3: unknown field `totp_step`"),
            ("[singin]\n", "line 1: unknown field `singin`"),
            ("[throttle]\nmax_failures = \"many\"\n", "line 2: invalid type"),
            ("[throttle]\nmax_failures = -1\n", "line 2: invalid value"),
            ("[log\n", "line 1: "),
            ("[notify]\ncommand = [\"mail\", \"root\"]\n", "needs an absolute path"),
            ("[sign_in]\ntotp_steps = 1000\n", "must be 0 to 10"),
            ("[throttle]\nmax_failures = 101\n", "to 100"),
            ("[throttle]\ncaller_failures = 0\n", "must be 1 to 100"),
            ("[service]\nsession_idle_minutes = 0\n", "must be 1 to 60"),
            ("[service]\nsession_hours = 25\n", "must be 1 to 24"),
            ("[sign_in]\nrequired = \"all\"\n", "line 2: it must be \"nobody\""),
            ("[sign_in]\nrequired = \"group:\"\n", "line 2: it must be \"nobody\""),
            ("[sign_in]\nrequired_from = \"soon\"\n", "line 2: invalid type"),
            ("[sign_in]\nrequired_from = 2026-12-01T00:00:00\n", "line 2: it must be a date"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(expected), "{text:?}: {error}");
            assert!(!error.contains('\n'), "{error}");
        }
    }
}
