use keyfob_authority::Unusable;
use keyfob_core::AccountName;

use crate::protocol::SecretText;

/// Checks passwords, by PAM.
#[derive(Default)]
pub struct Passwords;

impl Passwords {
    /// Whether it is the account's password.
    #[expect(clippy::unused_self, reason = "until passwords are checked")]
    pub fn check(&self, _: &AccountName, _: &SecretText, _: Option<&str>) -> Result<bool, Unusable> {
        Err(Unusable::Remote("passwords can't be checked yet".into()))
    }
}
