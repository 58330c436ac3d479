//! Who may do what through the enrollment service.

use keyfob_core::{AccountName, SerialNumber};
use keyfob_store::Act;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What an account is to the enrollment service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// The account with uid 0.
    Root,
    /// A member of the group that the policy names.
    Administrator,
    /// Any other account.
    User,
}

/// Who sent a request, by its signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// The account.
    pub account: AccountName,
    /// Its uid, where the name service of this machine has it.
    pub uid: Option<u32>,
    /// What it may do.
    pub role: Role,
    /// Whether the request belongs to a session that began with a code.
    pub with_code: bool,
    /// Whether it has to: the account has a device, and the policy wants a code for changes then.
    pub needs_code: bool,
}

/// Why a request of the enrollment service is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum AccessRefusal {
    /// No such access key, or the account it belongs to has gone.
    #[error("no such access key: make one with `keyfob access-key create`")]
    UnknownAccessKey,
    /// The signature is not by this access key, or not of now.
    #[error("the signature does not match: check the secret access key and the clock")]
    WrongSignature,
    /// The session has ended, or the token is not this session's.
    #[error("the session has ended: start a new one with a code")]
    ExpiredSession,
    /// Not this caller, or nobody through the enrollment service.
    #[error("this caller may not do that: ask an administrator")]
    NotAllowed,
    /// Only in a session that began with a code.
    #[error("that needs a code: start a session with a code of one of the account's devices")]
    CodeRequired,
}

/// What a request of the enrollment service wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// To know who signed it.
    Identify,
    /// To see one account, or one device.
    Read,
    /// To see all accounts, all devices or the log.
    ReadAll,
    /// To change something. [`Act::SignIn`]: to start a session.
    Change(Act),
}

/// What it is about.
#[derive(Clone, Copy, Debug)]
pub enum About<'a> {
    /// An account.
    Account(&'a AccountName),
    /// A device, and so whoever has it.
    Device(&'a SerialNumber),
    /// What is new and belongs to the caller.
    New,
    /// Everybody.
    All,
}

/// Whose it is, as seen by the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    Own,
    Others,
    /// Also where root itself is the caller.
    Root,
}

/// What has to be shown for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    Allowed,
    WithCode,
    Never,
}

/// The one table of who may do what.
const fn rule(role: Role, whose: Whose, operation: Operation) -> Rule {
    match (operation, role, whose) {
        (Operation::Identify, ..) => Rule::Allowed,
        (Operation::Read, Role::User, Whose::Own) => Rule::Allowed,
        (Operation::Read | Operation::ReadAll, role, _) => administration(role, Rule::Allowed),
        // Whoever it is, with a code of the own device.
        (Operation::Change(Act::SignIn), _, Whose::Own)
        | (Operation::Change(Act::SignIn), Role::Root, Whose::Root) => Rule::Allowed,
        (Operation::Change(Act::SignIn), ..) => Rule::Never,
        // On the command line only.
        (Operation::Change(Act::CreateAccessKey | Act::DeleteAccessKey), ..) => Rule::Never,
        // Root's devices are root's affair, and not the service's.
        (Operation::Change(_), _, Whose::Root) => Rule::Never,
        (
            Operation::Change(
                Act::Associate
                | Act::Resynchronise
                | Act::Deactivate
                | Act::CreateRecoveryCodes
                | Act::CreateSoftwareDevice
                | Act::RemoveDevice
                | Act::TagDevice
                | Act::UntagDevice,
            ),
            Role::User,
            Whose::Own,
        ) => Rule::WithCode,
        (Operation::Change(_), role, _) => administration(role, Rule::WithCode),
    }
}

const fn administration(role: Role, rule: Rule) -> Rule {
    match role {
        Role::Root | Role::Administrator => rule,
        Role::User => Rule::Never,
    }
}

/// May this caller do that?
pub(crate) fn check(principal: &Principal, whose: Whose, operation: Operation) -> Result<(), AccessRefusal> {
    match rule(principal.role, whose, operation) {
        Rule::Allowed => Ok(()),
        Rule::WithCode if principal.with_code || !principal.needs_code => Ok(()),
        Rule::WithCode => Err(AccessRefusal::CodeRequired),
        Rule::Never => Err(AccessRefusal::NotAllowed),
    }
}
