use keyfob_core::AccountName;
use nix::unistd::User;

use crate::Unusable;

/// An account as the name service has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemAccount {
    /// Its canonical name: what the name service answers, which may differ from what it was asked (`ALICE` → `alice`).
    pub name: AccountName,
    /// Its uid.
    pub uid: u32,
}

/// The system's list of accounts.
pub trait NameService {
    /// The account that answers to a name; `None` where there is none.
    ///
    /// # Errors
    /// [`Unusable::NameService`] where the name service fails, which is not the same as an unknown account.
    fn look_up(&self, name: &AccountName) -> Result<Option<SystemAccount>, Unusable>;
}

/// The name service of this machine (`getpwnam_r`).
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
}
