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
    /// Whether it is a browser's session. Only there root's devices are root's to change.
    pub in_browser: bool,
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
    /// Nobody has signed in with this browser, or the session has ended.
    #[error("nobody is signed in: sign in")]
    NotSignedIn,
    /// The password, or the account.
    #[error("the user name or the password is wrong")]
    WrongPassword,
    /// What was signed has been done.
    #[error("this was done before, and its answer is told once: sign it anew to have it done again")]
    Repeated,
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
#[expect(clippy::match_same_arms, reason = "a table: each line says one thing")]
const fn rule(role: Role, whose: Whose, operation: Operation) -> Rule {
    match (operation, role, whose) {
        (Operation::Identify, ..) => Rule::Allowed,
        (Operation::Read, Role::User, Whose::Own) => Rule::Allowed,
        (Operation::Read | Operation::ReadAll, role, _) => administration(role, Rule::Allowed),
        // Whoever it is, with a code of the own device.
        (Operation::Change(Act::SignIn), _, Whose::Own)
        | (Operation::Change(Act::SignIn), Role::Root, Whose::Root) => Rule::Allowed,
        (Operation::Change(Act::SignIn), ..) => Rule::Never,
        // Wrong codes count on whoever searches.
        (Operation::Change(Act::FindDevice), _, Whose::Own)
        | (Operation::Change(Act::FindDevice), Role::Root, Whose::Root) => Rule::WithCode,
        (Operation::Change(Act::FindDevice), ..) => Rule::Never,
        (Operation::Change(Act::EndSession), _, Whose::Own) => Rule::Allowed,
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

const fn administration(role: Role, shown: Rule) -> Rule {
    match role {
        Role::Root | Role::Administrator => shown,
        Role::User => Rule::Never,
    }
}

/// May this caller do that?
pub(crate) fn check(principal: &Principal, whose: Whose, operation: Operation) -> Result<(), AccessRefusal> {
    let is_root_at_home = principal.in_browser && principal.role == Role::Root && whose == Whose::Root;
    let whose = if is_root_at_home { Whose::Own } else { whose };
    match rule(principal.role, whose, operation) {
        Rule::Allowed => Ok(()),
        Rule::WithCode if principal.with_code || !principal.needs_code => Ok(()),
        Rule::WithCode => Err(AccessRefusal::CodeRequired),
        Rule::Never => Err(AccessRefusal::NotAllowed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: [Role; 3] = [Role::Root, Role::Administrator, Role::User];
    const WHOSE: [Whose; 3] = [Whose::Own, Whose::Others, Whose::Root];

    /// Each operation, and for each role whether it may with what is its own, others' and root's: y yes, c with a code, - never.
    const TABLE: [(Operation, &str); 21] = [
        (Operation::Identify, "yyy yyy yyy"),
        (Operation::Read, "yyy yyy y--"),
        (Operation::ReadAll, "yyy yyy ---"),
        (Operation::Change(Act::SignIn), "y-y y-- y--"),
        (Operation::Change(Act::ImportDevice), "cc- cc- ---"),
        (Operation::Change(Act::RemoveDevice), "cc- cc- c--"),
        (Operation::Change(Act::Associate), "cc- cc- c--"),
        (Operation::Change(Act::Resynchronise), "cc- cc- c--"),
        (Operation::Change(Act::Deactivate), "cc- cc- c--"),
        (Operation::Change(Act::AddAccount), "cc- cc- ---"),
        (Operation::Change(Act::RemoveAccount), "cc- cc- ---"),
        (Operation::Change(Act::UnlockAccount), "cc- cc- ---"),
        (Operation::Change(Act::CreateRecoveryCodes), "cc- cc- c--"),
        (Operation::Change(Act::IssueRecoveryCode), "cc- cc- ---"),
        (Operation::Change(Act::CreateAccessKey), "--- --- ---"),
        (Operation::Change(Act::DeleteAccessKey), "--- --- ---"),
        (Operation::Change(Act::CreateSoftwareDevice), "cc- cc- c--"),
        (Operation::Change(Act::TagDevice), "cc- cc- c--"),
        (Operation::Change(Act::UntagDevice), "cc- cc- c--"),
        (Operation::Change(Act::EndSession), "yc- yc- y--"),
        (Operation::Change(Act::FindDevice), "c-c c-- c--"),
    ];

    fn principal(
        role: Role,
        with_code: bool,
        needs_code: bool,
    ) -> Result<Principal, Box<dyn std::error::Error>> {
        let account = "alice".parse()?;
        Ok(Principal { account, uid: Some(1001), role, with_code, needs_code, in_browser: false })
    }

    #[test]
    fn each_cell_of_the_table_holds() -> Result<(), Box<dyn std::error::Error>> {
        for (operation, expected) in TABLE {
            let mut row = Vec::new();
            for role in ROLES {
                let bare = principal(role, false, true)?;
                row.push(WHOSE.map(|whose| match check(&bare, whose, operation) {
                    Ok(()) => 'y',
                    Err(AccessRefusal::CodeRequired) => 'c',
                    Err(_) => '-',
                }));
            }
            let row: Vec<String> = row.iter().map(|cells| cells.iter().collect()).collect();
            assert_eq!(row.join(" "), expected, "{operation:?}");
        }
        Ok(())
    }

    #[test]
    fn every_act_stands_in_the_table() {
        for act in Act::ALL {
            assert_eq!(TABLE.iter().filter(|(operation, _)| *operation == Operation::Change(act)).count(), 1);
        }
    }

    #[test]
    fn a_code_opens_what_needs_one_and_nothing_else() -> Result<(), Box<dyn std::error::Error>> {
        for (with_code, needs_code) in [(true, true), (true, false), (false, false)] {
            for (operation, _) in TABLE {
                for (role, whose) in ROLES.into_iter().flat_map(|role| WHOSE.map(|whose| (role, whose))) {
                    let allowed = check(&principal(role, with_code, needs_code)?, whose, operation).is_ok();
                    assert_eq!(
                        allowed,
                        rule(role, whose, operation) != Rule::Never,
                        "{operation:?} {role:?}"
                    );
                }
            }
        }
        Ok(())
    }

    #[test]
    fn in_a_browser_root_has_to_root_what_is_its_own_and_nobody_else_has()
    -> Result<(), Box<dyn std::error::Error>> {
        for (operation, _) in TABLE {
            for role in ROLES {
                let by_key = principal(role, false, true)?;
                let in_browser = Principal { in_browser: true, ..by_key.clone() };
                let expected = if role == Role::Root { Whose::Own } else { Whose::Root };
                assert_eq!(
                    check(&in_browser, Whose::Root, operation),
                    check(&by_key, expected, operation),
                    "{operation:?} {role:?}"
                );
                for whose in [Whose::Own, Whose::Others] {
                    assert_eq!(check(&in_browser, whose, operation), check(&by_key, whose, operation));
                }
            }
        }
        Ok(())
    }
}
