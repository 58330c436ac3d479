//! Tokens whose codes oathtool computes.

use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

/// A token as it would lie on a desk.
#[derive(Clone, Copy)]
pub struct Token {
    pub serial: &'static str,
    pub secret_hex: &'static str,
    pub kind: &'static str,
    pub algorithm: &'static str,
    pub digits: u8,
    /// Seconds; TOTP only.
    pub period: u64,
}

/// RFC 4226's and RFC 6238's secrets are as good as any.
const SECRET: &str = "3132333435363738393031323334353637383930";
const LONG_SECRET: &str = "3132333435363738393031323334353637383930313233343536373839303132";

/// A TOTP token as most are.
pub const TOTP: Token = Token {
    serial: "GAHT12345678",
    secret_hex: SECRET,
    kind: "TOTP",
    algorithm: "SHA1",
    digits: 6,
    period: 60,
};
/// An HOTP token.
pub const HOTP: Token = Token { serial: "UBHE0000001", kind: "HOTP", ..TOTP };
/// A TOTP token with SHA-256 and eight digits.
pub const LONG: Token =
    Token { serial: "FT-8", secret_hex: LONG_SECRET, algorithm: "SHA256", digits: 8, period: 30, ..TOTP };

impl Token {
    /// The code at a counter or time step.
    pub fn code(&self, counter: u64) -> String {
        self.codes(counter, 0).remove(0)
    }

    /// The codes at a counter or time step, and at as many after it.
    fn codes(&self, counter: u64, more: u64) -> Vec<String> {
        let digits = format!("--digits={}", self.digits);
        let mut command = Command::new("oathtool");
        if self.kind == "HOTP" {
            command.args([&digits, "--hotp", "--counter", &counter.to_string()]);
        } else {
            let (step, now) = (format!("{}s", self.period), format!("@{}", counter * self.period));
            let totp = format!("--totp={}", self.algorithm);
            command.args([&digits, &totp, "--time-step-size", &step, "--now", &now]);
        }
        let output = command
            .args(["--window", &more.to_string(), self.secret_hex])
            .output()
            .expect("oathtool: install the Debian package oathtool");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().lines().map(ToOwned::to_owned).collect()
    }

    /// The time step now.
    pub fn step(&self) -> u64 {
        now() / self.period
    }

    /// A code that the token shows nowhere near, not even where a pair is looked for.
    pub fn wrong_code(&self, near: u64) -> String {
        let shown = self.codes(near.saturating_sub(5_000), 10_000);
        let mut guesses = (0..).map(|guess| format!("{guess:0width$}", width = usize::from(self.digits)));
        guesses.find(|guess| !shown.contains(guess)).unwrap()
    }

    fn csv_line(&self) -> String {
        let Self { serial, secret_hex, kind, algorithm, digits, period } = self;
        let (period, counter) = if *kind == "HOTP" { (String::new(), "0") } else { (period.to_string(), "") };
        format!("{serial},{secret_hex},{kind},{algorithm},{digits},{period},{counter},Feitian,C200\n")
    }
}

/// The time, in seconds since 1970: tokens have a clock.
#[allow(clippy::disallowed_methods, reason = "the real binary runs by the real clock")]
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// A seed file with these tokens.
pub fn csv(tokens: &[Token]) -> String {
    let lines: String = tokens.iter().map(Token::csv_line).collect();
    format!("serial,secret hex,type,algorithm,digits,period,counter,manufacturer,model\n{lines}")
}
