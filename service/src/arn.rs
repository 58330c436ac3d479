//! Amazon resource names: clients take them apart, so ours have AWS's form, of an account without a number.

use keyfob_authority::AccountSummary;
use sha2::{Digest, Sha256};

/// The AWS account that all of this is in.
pub const ACCOUNT: &str = "000000000000";

/// What serial numbers of software devices begin with; their path and name follow.
pub const DEVICE_PREFIX: &str = "arn:aws:iam::000000000000:mfa";

/// The name of an account.
pub fn of_user(name: &str) -> String {
    if name == "root" {
        format!("arn:aws:iam::{ACCOUNT}:root")
    } else {
        format!("arn:aws:iam::{ACCOUNT}:user/{name}")
    }
}

/// The identifier of an account: another one where it was made anew.
pub fn user_id(account: &AccountSummary) -> String {
    let created = account.created.map_or(0, |time| time.0);
    let digest = Sha256::digest(format!("{}/{:?}/{created}", account.name, account.uid));
    let letters = data_encoding::BASE32_NOPAD.encode(&digest);
    format!("AIDA{}", letters.get(..17).unwrap_or(&letters))
}
