//! A way to sign in: a PAM service, its accounts and their codes.

use std::{fs, path::PathBuf, time::Duration};

use keyfob_tests::{Driver, Record, Result, SignIn};

use crate::{apart::WITHOUT_DEVICE, codes::Codes, statistics::milliseconds};

/// What is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// The right code, never used before.
    Right,
    /// A wrong code.
    Wrong,
    /// Any code, for an account without a device.
    NoDevice,
}

impl Case {
    /// All, in the order of the table.
    pub const ALL: [Self; 3] = [Self::Right, Self::Wrong, Self::NoDevice];
}

/// An account and its token.
#[derive(Debug)]
pub struct Account {
    /// Its name.
    pub user: String,
    /// Its codes.
    pub codes: Codes,
    /// A file, and what it has to hold before each sign-in: for codes that change only after half a minute.
    pub reset: Option<(PathBuf, String)>,
}

impl Account {
    fn prepare(&self) -> Result<()> {
        let Some((path, text)) = &self.reset else {
            return Ok(());
        };
        Ok(fs::write(path, text)?)
    }
}

/// Where a service is, and with what it is asked.
#[derive(Clone, Debug)]
pub struct Service {
    /// The program that signs in.
    pub driver: Driver,
    /// The folder of the services.
    pub folder: PathBuf,
    /// This one's name.
    pub name: String,
}

impl Service {
    /// Signs in, in a fresh process.
    pub fn sign_in(&self, user: &str, code: &str) -> Result<Record> {
        let sign_in = SignIn::new(&self.driver, &[], &self.name, user, &self.folder);
        sign_in.option("--time").option("--deadline").option("60").answer(code).run()
    }
}

/// A way to sign in.
#[derive(Debug)]
pub struct Way {
    /// As the table has it.
    pub name: &'static str,
    /// Its service.
    pub service: Service,
    /// Accounts that only ever enter right codes, in turn.
    pub right: Vec<Account>,
    /// An account for wrong codes.
    pub wrong: Option<Account>,
    /// It is measured in each round of so many.
    pub every: usize,
    /// It is measured with several at a time, too.
    pub in_rates: bool,
}

impl Way {
    /// Signs in, and says how many milliseconds that took; `None` where this way has no such case.
    pub fn measure(&mut self, case: Case, round: usize) -> Result<Option<f64>> {
        if !round.is_multiple_of(self.every) {
            return Ok(None);
        }
        match case {
            Case::Right => self.right_code(round).map(Some),
            Case::Wrong => self.wrong_code(),
            Case::NoDevice => self.no_device(),
        }
    }

    fn right_code(&mut self, round: usize) -> Result<f64> {
        let Some(account) = self.right.get_mut(round / self.every % 8) else {
            return self.expect(&self.service.sign_in(WITHOUT_DEVICE, "000000")?, true);
        };
        account.prepare()?;
        let record = self.service.sign_in(&account.user, account.codes.right()?)?;
        account.codes.press();
        self.expect(&record, true)
    }

    /// A right code follows, untimed, so that no try has to wait. One more code is skipped: some spend one at a wrong code.
    fn wrong_code(&mut self) -> Result<Option<f64>> {
        let Some(account) = &mut self.wrong else {
            return Ok(None);
        };
        account.prepare()?;
        let record = self.service.sign_in(&account.user, &account.codes.wrong()?)?;
        account.codes.press();
        account.prepare()?;
        let after = self.service.sign_in(&account.user, account.codes.right()?)?;
        account.codes.press();
        self.expect(&after, true)?;
        self.expect(&record, false).map(Some)
    }

    fn no_device(&self) -> Result<Option<f64>> {
        if self.wrong.is_none() {
            return Ok(None);
        }
        // Alone in its stack, a module that leaves the decision to others is refused by libpam.
        self.expect(&self.service.sign_in(WITHOUT_DEVICE, "000000")?, false).map(Some)
    }

    fn expect(&self, record: &Record, success: bool) -> Result<f64> {
        if (record.outcome() == "PAM_SUCCESS") != success {
            return Err(format!("{}: {record}", self.name).into());
        }
        time(record)
    }
}

/// How long a sign-in took, in milliseconds.
pub fn time(record: &Record) -> Result<f64> {
    let nanoseconds = record.nanoseconds().ok_or("the driver told no time")?;
    Ok(milliseconds(Duration::from_nanos(nanoseconds)))
}
