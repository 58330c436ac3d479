use keyfob_authority::{Error, Factor, Refused, SignedIn, Unusable};
use keyfob_core::{AccountName, InvalidAccountName, PairRefusal, Throttled, UnixTime};
use pam::constants::PamResultCode;

use crate::notices;
use crate::options::Mistake;
use crate::store_access::Denied;
use crate::transaction::Level;

/// What can come of a sign-in.
#[derive(Debug)]
pub enum Outcome {
    /// The account has no associated device; nothing was asked.
    NoDevice,
    /// The account has no associated device; a public key was accepted before, which is enough.
    PublicKeyAlone(AccountName),
    /// The account has no associated device, and no public key was accepted before.
    NoPublicKey(AccountName),
    /// Password and code were typed together, and wait for the modules that decide on them.
    Forwarded,
    /// Where password and code are typed together, no password was.
    NoPassword(AccountName),
    /// Where password and code are typed together, nothing tells where the code begins.
    AmbiguousCode(AccountName),
    /// A code should be there that was typed with the password, and is not.
    NothingForwarded(AccountName),
    /// libpam could not keep password or code.
    NotKept,
    /// Let in.
    Accepted(AccountName, SignedIn),
    /// Not let in, as things are.
    Refused(AccountName, Refused),
    /// Not let in, since it can't be decided.
    Unusable(AccountName, Unusable),
    /// A user name, cut to a length for the log, that no account can have.
    NoAccountName(String, InvalidAccountName),
    /// The application can't talk with the person.
    ConversationFailed,
    /// This process may not open the store.
    Denied(Denied),
    /// The module's options are wrong.
    Misconfigured(Vec<Mistake>),
}

impl Outcome {
    /// What has become of an act that failed.
    pub fn failed(account: AccountName, error: Error) -> Self {
        match error {
            Error::Refused(refused) => Self::Refused(account, refused),
            Error::Unusable(unusable) => Self::Unusable(account, unusable),
        }
    }

    /// What libpam is told. `PAM_IGNORE` says that nothing was decided: there is no device, or the line only forwards.
    pub const fn code(&self) -> PamResultCode {
        match self {
            Self::NoDevice | Self::Forwarded => PamResultCode::PAM_IGNORE,
            Self::Accepted(..) | Self::PublicKeyAlone(_) => PamResultCode::PAM_SUCCESS,
            Self::NoPublicKey(_)
            | Self::NoPassword(_)
            | Self::AmbiguousCode(_)
            | Self::NothingForwarded(_) => PamResultCode::PAM_AUTH_ERR,
            Self::NotKept => PamResultCode::PAM_BUF_ERR,
            Self::Refused(_, refused) => refused_code(refused),
            Self::Unusable(..) | Self::Denied(_) => PamResultCode::PAM_AUTHINFO_UNAVAIL,
            Self::NoAccountName(..) => PamResultCode::PAM_USER_UNKNOWN,
            Self::ConversationFailed => PamResultCode::PAM_CONV_ERR,
            // Not PAM_AUTHINFO_UNAVAIL: a stack that lets people in while the store is broken must not do so for a misspelt option.
            Self::Misconfigured(_) => PamResultCode::PAM_SERVICE_ERR,
        }
    }

    /// Whether somebody was refused.
    pub const fn is_refusal(&self) -> bool {
        !matches!(self, Self::NoDevice | Self::Forwarded | Self::PublicKeyAlone(_) | Self::Accepted(..))
    }

    /// How much it matters to the log.
    pub const fn level(&self) -> Level {
        match self {
            Self::NoDevice | Self::Forwarded | Self::PublicKeyAlone(_) | Self::Accepted(..) => Level::Info,
            Self::Refused(..)
            | Self::NoPublicKey(_)
            | Self::NoPassword(_)
            | Self::AmbiguousCode(_)
            | Self::NoAccountName(..)
            | Self::ConversationFailed => Level::Notice,
            Self::Unusable(..)
            | Self::NothingForwarded(_)
            | Self::NotKept
            | Self::Denied(_)
            | Self::Misconfigured(_) => Level::Error,
        }
    }

    /// What the log is told at `now`, not escaped yet: never a code or a secret, and what to do where something can be done.
    pub fn log_lines(&self, now: UnixTime) -> Vec<String> {
        let line = match self {
            Self::NoDevice | Self::Forwarded => return Vec::new(),
            Self::PublicKeyAlone(account) => {
                format!("accepted {account} by a public key alone: the account has no device")
            }
            Self::Accepted(account, signed_in) => {
                format!("accepted {account} by {}", signed_in.factor)
            }
            Self::NoPublicKey(account) => format!("refused {account}: {NO_PUBLIC_KEY}"),
            Self::NoPassword(account) => format!("refused {account}: no password was typed before the code"),
            Self::AmbiguousCode(account) => format!("refused {account}: {AMBIGUOUS_CODE}"),
            Self::NothingForwarded(account) => format!("refused {account}: {NOTHING_FORWARDED}"),
            Self::NotKept => format!("refused: {}", crate::transaction::NotKept),
            Self::Refused(account, refused) => format!("refused {account}: {}", why(refused, now)),
            Self::Unusable(account, unusable) => format!("can't decide on {account}, so refused: {unusable}"),
            Self::NoAccountName(user, invalid) => format!("refused the user name '{user}': {invalid}"),
            Self::ConversationFailed => format!("refused: {}", crate::transaction::ConversationFailed),
            Self::Denied(denied) => format!("refused: {denied}"),
            Self::Misconfigured(mistakes) => {
                return mistakes.iter().map(|mistake| format!("refused: {mistake}")).collect();
            }
        };
        vec![line]
    }

    /// What the person is told at `now`, if anything. About a wrong answer nothing: where the password was wrong before, it would tell
    /// whether the code was right.
    pub fn told(&self, now: UnixTime) -> Option<String> {
        match self {
            Self::Refused(_, Refused::AlreadyUsed | Refused::Pair(PairRefusal::AlreadyUsed)) => {
                Some("That code was already used: wait for the next one.".into())
            }
            Self::Refused(_, Refused::Throttled(Throttled::Until(time))) => {
                Some(format!("Too many wrong codes: try again in {}.", wait(time.seconds_since(now))))
            }
            Self::Refused(_, Refused::Throttled(Throttled::Locked)) => {
                Some("Too many wrong codes: an administrator has to unlock the account.".into())
            }
            Self::Refused(_, Refused::Recreated { .. })
            | Self::Unusable(..)
            | Self::NothingForwarded(_)
            | Self::NotKept
            | Self::Denied(_)
            | Self::Misconfigured(_) => Some("Codes can't be checked now: tell an administrator.".into()),
            Self::Accepted(_, SignedIn { factor: Factor::RecoveryCode { left }, .. }) => {
                Some(recovery_codes(*left))
            }
            Self::Accepted(_, SignedIn { factor: Factor::Device(_), .. })
            | Self::Refused(..)
            | Self::NoDevice
            | Self::PublicKeyAlone(_)
            | Self::NoPublicKey(_)
            | Self::Forwarded
            | Self::NoPassword(_)
            | Self::AmbiguousCode(_)
            | Self::NoAccountName(..)
            | Self::ConversationFailed => None,
        }
    }

    /// What the person is told at `now` of what has happened to the account, line by line; harmless already.
    pub fn notices(&self, now: UnixTime) -> Vec<String> {
        let Self::Accepted(_, signed_in) = self else { return Vec::new() };
        signed_in.notices.iter().map(|notice| notices::line(notice, now)).collect()
    }
}

const NO_PUBLIC_KEY: &str = "the account has no device, and no public key was accepted before";
const AMBIGUOUS_CODE: &str = "the devices' codes have several lengths, and more than one fits what was typed: type a space between \
                              password and code";
const NOTHING_FORWARDED: &str =
    "no code was forwarded: write a line with forward_pass before the one with use_forwarded_code";

fn why(refused: &Refused, now: UnixTime) -> String {
    match refused {
        Refused::Throttled(Throttled::Until(time)) => {
            format!("too many wrong codes: no code counts for {}", wait(time.seconds_since(now)))
        }
        _ => refused.to_string(),
    }
}

const fn refused_code(refused: &Refused) -> PamResultCode {
    match refused {
        // NoDevice: it was taken away while the person typed. A code was asked for, so this is no PAM_IGNORE.
        // Pair: the answer was a pair to resynchronise by.
        Refused::Malformed
        | Refused::WrongCode
        | Refused::WrongCodes
        | Refused::AlreadyUsed
        | Refused::Pair(_)
        | Refused::NoDevice(_) => PamResultCode::PAM_AUTH_ERR,
        Refused::Throttled(_) => PamResultCode::PAM_MAXTRIES,
        Refused::UnknownAccount(_) => PamResultCode::PAM_USER_UNKNOWN,
        Refused::Recreated { .. } => PamResultCode::PAM_PERM_DENIED,
        // Answers to other acts than signing in.
        Refused::UnknownSerialNumber(_)
        | Refused::Taken { .. }
        | Refused::NotAssociated { .. }
        | Refused::DeviceLimit(_)
        | Refused::HasDevices(_)
        | Refused::KnownSerialNumber(_)
        | Refused::KnownAccount(_)
        | Refused::UnassociatedLimit(_)
        | Refused::TagLimit(_)
        | Refused::TooManyDevices
        | Refused::AccessKeyLimit(_)
        | Refused::ImportLimit
        | Refused::UnknownSession
        | Refused::Access(_) => PamResultCode::PAM_SERVICE_ERR,
    }
}

/// A wait in the unit that people count it in, never shorter than it is.
fn wait(seconds: u64) -> String {
    match seconds {
        0 | 1 => "1 second".into(),
        2..120 => format!("{seconds} seconds"),
        120..7200 => format!("{} minutes", seconds.div_ceil(60)),
        _ => format!("{} hours", seconds.div_ceil(3600)),
    }
}

fn recovery_codes(left: usize) -> String {
    match left {
        0 => "That was your last recovery code: ask an administrator for new ones.".into(),
        1 => "You have 1 recovery code left.".into(),
        _ => format!("You have {left} recovery codes left."),
    }
}

#[cfg(test)]
mod tests;
