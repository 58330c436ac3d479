//! What happened in a sign-in, as the driver wrote it down.

use std::fmt;

/// The driver's lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record(pub Vec<String>);

impl Record {
    /// The number of prompts, and what `pam_authenticate` answered.
    #[must_use]
    pub fn summary(&self) -> (usize, &str) {
        (self.prompts().len(), self.outcome())
    }

    /// What `pam_authenticate` answered: `PAM_SUCCESS`; empty where it never answered.
    #[must_use]
    pub fn outcome(&self) -> &str {
        self.values("authenticate").last().copied().unwrap_or_default()
    }

    /// What `pam_setcred` answered; empty where it was not called.
    #[must_use]
    pub fn setcred(&self) -> &str {
        self.values("setcred").last().copied().unwrap_or_default()
    }

    /// The prompts, each `echo_off ` or `echo_on ` and its text.
    #[must_use]
    pub fn prompts(&self) -> Vec<&str> {
        self.values("prompt")
    }

    /// What was said besides, as information or as an error.
    #[must_use]
    pub fn said(&self) -> Vec<&str> {
        [self.values("info"), self.values("error")].concat()
    }

    /// The delay asked for after a refusal, in microseconds, as libpam varied it; 0 for none.
    #[must_use]
    pub fn delay(&self) -> u64 {
        self.values("delay").last().and_then(|delay| delay.parse().ok()).unwrap_or_default()
    }

    /// How long the sign-in took, in nanoseconds, where the driver was asked (`--time`).
    #[must_use]
    pub fn nanoseconds(&self) -> Option<u64> {
        self.values("nanoseconds").last()?.parse().ok()
    }

    /// How many descriptors were open after the first and after the last of several rounds.
    #[must_use]
    pub fn descriptors(&self) -> Option<(u32, u32)> {
        let (first, last) = self.values("descriptors").last()?.split_once(' ')?;
        Some((first.parse().ok()?, last.parse().ok()?))
    }

    /// The answers of `pam_authenticate` over several rounds.
    #[must_use]
    pub fn outcomes(&self) -> Vec<&str> {
        self.values("authenticate")
    }

    fn values(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).collect()
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}
