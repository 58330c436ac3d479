//! What has to hold after a sign-in that was cut off or disturbed.
#![allow(clippy::missing_panics_doc, reason = "a broken promise is a failed test")]

use std::fmt;

use crate::{Enrolled, Record, Site};

/// What became of the codes of disturbed sign-ins.
#[derive(Debug, Default)]
pub struct Aftermath {
    let_in: u32,
    spent: u32,
    unspent: u32,
}

impl Aftermath {
    /// Nobody was let in unasked, the disturbed sign-in's code is let in at most once, and the next one is.
    ///
    /// # Errors
    /// A sign-in can't be run.
    pub fn add(
        &mut self,
        site: &Site,
        fob: &mut Enrolled,
        code: &str,
        disturbed: &Record,
    ) -> crate::Result<()> {
        let again = site.sign_in(&fob.user).answer(code).run()?;
        assert_eq!(again.prompts().len(), 1, "after {disturbed}: {again}");
        match (disturbed.summary(), again.outcome()) {
            ((1, "PAM_SUCCESS"), "PAM_AUTH_ERR") => self.let_in += 1,
            ((_, "" | "PAM_AUTHINFO_UNAVAIL"), "PAM_AUTH_ERR") => self.spent += 1,
            ((_, "" | "PAM_AUTHINFO_UNAVAIL"), "PAM_SUCCESS") => self.unspent += 1,
            _ => assert_eq!(again, Record::default(), "a second use after {disturbed}"),
        }
        let third = site.sign_in(&fob.user).answer(code).run()?;
        assert_eq!(third.summary(), (1, "PAM_AUTH_ERR"), "a third use after {disturbed}");
        let next = site.sign_in(&fob.user).answer(&fob.code()).run()?;
        assert_eq!(next.summary(), (1, "PAM_SUCCESS"), "the next code after {disturbed}");
        Ok(())
    }
}

impl fmt::Display for Aftermath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { let_in, spent, unspent } = self;
        write!(
            f,
            "{let_in} were let in, {spent} were not and their codes are spent, {unspent} were not and their codes were good later"
        )
    }
}
