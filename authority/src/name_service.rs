use std::ffi::CString;

use keyfob_core::AccountName;
use nix::unistd::{Gid, Group, User, getgrouplist};

use crate::Unusable;

/// An account as the name service has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemAccount {
    /// Its canonical name: what the name service answers, which may differ from what it was asked (`ALICE` → `alice`).
    pub name: AccountName,
    /// Its uid.
    pub uid: u32,
}

/// Whether an account belongs to a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// It does.
    Member,
    /// It does not, or there is no such account.
    NotMember,
    /// The name service has no such group, or can't say.
    UnknownGroup,
}

/// The system's list of accounts.
pub trait NameService {
    /// The account that answers to a name; `None` where there is none.
    ///
    /// # Errors
    /// [`Unusable::NameService`] where the name service fails, which is not the same as an unknown account.
    fn look_up(&self, name: &AccountName) -> Result<Option<SystemAccount>, Unusable>;

    /// Whether the account of that name belongs to the group, as its primary group or another.
    fn membership(&self, name: &AccountName, group: &str) -> Membership;

    /// The groups of the account of that name, by their names in alphabetical order; `None` where the name service has no such account or
    /// can't say.
    fn groups(&self, name: &AccountName) -> Option<Vec<String>>;
}

/// The name service of this machine (`getpwnam_r`, `getgrnam_r`, `getgrgid_r`, `getgrouplist`).
pub struct SystemNameService;

impl NameService for SystemNameService {
    fn look_up(&self, name: &AccountName) -> Result<Option<SystemAccount>, Unusable> {
        let failed = |detail: String| Unusable::NameService { account: name.clone(), detail };
        let Some(user) = User::from_name(name.as_str()).map_err(|error| failed(error.to_string()))? else {
            return Ok(None);
        };
        let name = user
            .name
            .parse()
            .map_err(|error| failed(format!("its canonical name can't be used: {error}")))?;
        Ok(Some(SystemAccount { name, uid: user.uid.as_raw() }))
    }

    fn membership(&self, name: &AccountName, group: &str) -> Membership {
        let Ok(Some(group)) = Group::from_name(group) else { return Membership::UnknownGroup };
        let user = match User::from_name(name.as_str()) {
            Ok(Some(user)) => user,
            Ok(None) => return Membership::NotMember,
            Err(_) => return Membership::UnknownGroup,
        };
        match group_ids(user) {
            Some(ids) if ids.contains(&group.gid) => Membership::Member,
            Some(_) => Membership::NotMember,
            None => Membership::UnknownGroup,
        }
    }

    fn groups(&self, name: &AccountName) -> Option<Vec<String>> {
        let user = User::from_name(name.as_str()).ok()??;
        let mut names = Vec::new();
        for id in group_ids(user)? {
            // A group may have a number and no name.
            names.extend(Group::from_gid(id).ok()?.map(|group| group.name));
        }
        names.sort_unstable();
        Some(names)
    }
}

/// The numbers of an account's groups; `None` where the name service can't say.
fn group_ids(user: User) -> Option<Vec<Gid>> {
    getgrouplist(&CString::new(user.name).ok()?, user.gid).ok()
}
