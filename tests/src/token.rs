//! Tokens, with codes from oathtool.

use std::{
    process::Command,
    time::{SystemTime, UNIX_EPOCH},
};

use crate::{Result, command};

/// A key fob.
#[derive(Clone, Debug)]
pub struct Token {
    /// The serial number on its back.
    pub serial: String,
    /// The secret, as oathtool takes it: in hex, or `@` and a file that holds the hex.
    pub key: String,
    /// What its codes follow.
    pub kind: Kind,
    /// How many digits its codes have.
    pub digits: u8,
}

/// What a token's codes follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// How often its button was pressed.
    Hotp,
    /// The time, in steps of `period` seconds.
    Totp {
        /// Seconds.
        period: u64,
    },
}

impl Token {
    /// A token of six digits with a secret of 20 bytes that follows from its serial number.
    #[must_use]
    pub fn new(serial: &str, kind: Kind) -> Self {
        let bytes: Vec<u8> = serial.bytes().cycle().take(20).collect();
        Self { serial: serial.to_owned(), key: hex(&bytes), kind, digits: 6 }
    }

    /// The codes at `count` counters or time steps, from `first` on.
    ///
    /// # Errors
    /// oathtool fails.
    pub fn codes(&self, first: u64, count: usize) -> Result<Vec<String>> {
        let window = format!("--window={}", count.saturating_sub(1));
        let output = command::run(self.oathtool().arg(self.at(first)).arg(window).arg(&self.key))?;
        Ok(output.lines().map(str::to_owned).collect())
    }

    /// The code at one counter or time step.
    ///
    /// # Errors
    /// oathtool fails.
    pub fn code(&self, position: u64) -> Result<String> {
        command::run(self.oathtool().arg(self.at(position)).arg(&self.key))
    }

    /// A code that is none of the token's near a counter or time step.
    ///
    /// # Errors
    /// oathtool fails.
    pub fn wrong_code(&self, position: u64) -> Result<String> {
        let near = self.codes(position.saturating_sub(20), 200)?;
        let width = usize::from(self.digits);
        let free = (0..1000).map(|value| format!("{value:0width$}")).find(|code| !near.contains(code));
        Ok(free.ok_or("200 codes are not 1000")?)
    }

    /// The time step of this moment; 0 for a token that follows its button.
    ///
    /// # Errors
    /// The clock stands before 1970.
    #[allow(clippy::disallowed_methods, reason = "a token has a clock of its own")]
    pub fn step_now(&self) -> Result<u64> {
        match self.kind {
            Kind::Hotp => Ok(0),
            Kind::Totp { period } => Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() / period),
        }
    }

    /// oathtool's command line, without the position and the key.
    #[must_use]
    pub fn oathtool(&self) -> Command {
        let mut oathtool = Command::new("oathtool");
        match self.kind {
            Kind::Hotp => oathtool.arg("--hotp"),
            Kind::Totp { period } => oathtool.args(["--totp", &format!("--time-step-size={period}s")]),
        };
        oathtool.arg(format!("--digits={}", self.digits));
        oathtool
    }

    /// oathtool's option for a counter or time step.
    #[must_use]
    pub fn at(&self, position: u64) -> String {
        match self.kind {
            Kind::Hotp => format!("--counter={position}"),
            Kind::Totp { period } => format!("--now=@{}", position * period),
        }
    }
}

/// Bytes in hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}
