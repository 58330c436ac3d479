use serde::Serialize;

use super::Call;
use crate::answer::Outcome;
use crate::error::Failure;
use crate::time::rfc3339;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListAccessKeys {
    access_keys: Vec<AccessKey>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(clippy::struct_field_names, reason = "as AWS calls them")]
struct AccessKey {
    access_key_id: String,
    user_name: String,
    created: String,
}

/// Lists the access keys of all users, but not those of sessions, oldest first.
pub fn list(call: &Call) -> Result<Outcome, Failure> {
    let keys = call.acts.access_keys()?.into_iter().map(|key| AccessKey {
        access_key_id: key.id.to_string(),
        user_name: key.account.to_string(),
        created: rfc3339(key.created),
    });
    call.result(&ListAccessKeys { access_keys: keys.collect() })
}
