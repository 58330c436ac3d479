//! The actions: one handler each. A handler reads its parameters, asks the daemon, and says what came of it.

mod access_keys;
mod accounts;
mod browser_sessions;
mod devices;
mod events;
mod inventory;
mod page;
mod policy;
mod sessions;
mod software_devices;
mod tags;
mod user_statuses;

use keyfob_authority::{AccessControl, Caller, Principal, Proof};
use keyfob_core::AccountName;
use serde::Serialize;

use crate::answer::{Api, Format, Outcome};
use crate::error::Failure;
use crate::parameter;
use crate::query::Query;

/// One request of an action.
pub struct Call<'a> {
    /// Its parameters.
    pub query: &'a Query,
    /// Does what is asked, on behalf of whoever sent the request.
    pub acts: &'a dyn AccessControl,
    /// What proves who sent it.
    pub proof: &'a Proof,
    /// Who sent it.
    pub principal: &'a Principal,
    /// Where it came from.
    pub caller: &'a Caller,
    /// How its result is written.
    pub format: Format,
}

/// An action of one of the APIs.
pub struct Action {
    /// Which one.
    pub api: Api,
    /// Its name.
    pub name: &'static str,
    /// Whether it changes something or spends a code, so that the same request may be done once only.
    pub changes: bool,
    run: fn(&Call) -> Result<Outcome, Failure>,
}

/// All actions.
pub const ACTIONS: [Action; 32] = [
    change("EnableMFADevice", devices::enable),
    change("ResyncMFADevice", devices::resync),
    change("DeactivateMFADevice", devices::deactivate),
    read(Api::Iam, "ListMFADevices", devices::list),
    read(Api::Iam, "GetMFADevice", devices::get),
    change("CreateVirtualMFADevice", software_devices::create),
    change("DeleteVirtualMFADevice", software_devices::delete),
    read(Api::Iam, "ListVirtualMFADevices", software_devices::list),
    change("TagMFADevice", tags::tag),
    change("UntagMFADevice", tags::untag),
    read(Api::Iam, "ListMFADeviceTags", tags::list),
    change("CreateUser", accounts::create),
    change("DeleteUser", accounts::delete),
    read(Api::Iam, "GetUser", accounts::get),
    read(Api::Iam, "ListUsers", accounts::list),
    read(Api::Iam, "GetAccountSummary", accounts::summary),
    Action { api: Api::Sts, ..change("GetSessionToken", sessions::start) },
    read(Api::Sts, "GetCallerIdentity", sessions::caller_identity),
    read(Api::Keyfob, "GetSession", browser_sessions::get),
    read(Api::Keyfob, "ListSessions", browser_sessions::list),
    own_change("EndSession", browser_sessions::end),
    read(Api::Keyfob, "ListDevices", inventory::list),
    read(Api::Keyfob, "GetDevice", inventory::get),
    own_change("DeleteDevice", inventory::delete),
    own_change("FindDevice", inventory::find),
    read(Api::Keyfob, "ListUserStatuses", user_statuses::list),
    read(Api::Keyfob, "GetUserStatus", user_statuses::get),
    own_change("UnlockUser", user_statuses::unlock),
    own_change("CreateRecoveryCodes", user_statuses::create_recovery_codes),
    read(Api::Keyfob, "ListEvents", events::list),
    read(Api::Keyfob, "GetPolicy", policy::get),
    read(Api::Keyfob, "ListAccessKeys", access_keys::list),
];

const fn change(name: &'static str, run: fn(&Call) -> Result<Outcome, Failure>) -> Action {
    Action { api: Api::Iam, name, changes: true, run }
}

const fn own_change(name: &'static str, run: fn(&Call) -> Result<Outcome, Failure>) -> Action {
    Action { api: Api::Keyfob, ..change(name, run) }
}

const fn read(api: Api, name: &'static str, run: fn(&Call) -> Result<Outcome, Failure>) -> Action {
    Action { api, name, changes: false, run }
}

impl Action {
    /// The action of this name.
    pub fn find(api: Api, name: &str) -> Option<&'static Self> {
        ACTIONS.iter().find(|action| action.api == api && action.name == name)
    }

    /// Whether it tells a page what every other action asks of it.
    pub fn tells_csrf_token(&self) -> bool {
        self.api == Api::Keyfob && self.name == "GetSession"
    }

    /// Does it.
    ///
    /// # Errors
    /// [`Failure`] says why not.
    pub fn run(&self, call: &Call) -> Result<Outcome, Failure> {
        (self.run)(call)
    }
}

impl Call<'_> {
    /// The account that `UserName` names, or else the caller's own.
    fn user_or_caller(&self) -> Result<AccountName, Failure> {
        let user = parameter::optional_user_name(self.query)?;
        Ok(user.unwrap_or_else(|| self.principal.account.clone()))
    }

    fn result(&self, result: &impl Serialize) -> Result<Outcome, Failure> {
        Outcome::result(self.format, result)
    }
}
