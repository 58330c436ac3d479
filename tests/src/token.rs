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
        let mut oathtool = self.oathtool(first);
        let output =
            command::run(oathtool.arg(format!("--window={}", count.saturating_sub(1))).arg(&self.key))?;
        Ok(output.lines().map(str::to_owned).collect())
    }

    /// The code at one counter or time step.
    ///
    /// # Errors
    /// oathtool fails.
    pub fn code(&self, position: u64) -> Result<String> {
        command::run(self.oathtool(position).arg(&self.key))
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

    /// oathtool's command line for a position, without the key.
    #[must_use]
    pub fn oathtool(&self, position: u64) -> Command {
        let mut oathtool = Command::new("oathtool");
        match self.kind {
            Kind::Hotp => oathtool.arg("--hotp").arg(format!("--counter={position}")),
            Kind::Totp { period } => oathtool
                .args(["--totp", &format!("--time-step-size={period}s")])
                .arg(format!("--now=@{}", position * period)),
        };
        oathtool.arg(format!("--digits={}", self.digits));
        oathtool
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
