//! Codes read off a token ahead of time, so that none is computed while a sign-in is timed.

use keyfob_tests::{Enrolled, Result, Token, token::Kind};

/// How many are read at once.
const AT_ONCE: usize = 4000;

/// A token's codes.
#[derive(Clone, Debug)]
pub struct Codes {
    token: Token,
    first: u64,
    read: Vec<String>,
    next: usize,
}

impl Codes {
    /// From a counter on; of the token's clock, from the step before this one on.
    pub fn new(token: &Token, first: u64) -> Result<Self> {
        let first = if token.kind == Kind::Hotp { first } else { token.step_now()?.saturating_sub(1) };
        Ok(Self { token: token.clone(), first, read: token.codes(first, AT_ONCE)?, next: 0 })
    }

    /// From a device's next counter on.
    pub fn of(device: &Enrolled) -> Result<Self> {
        Self::new(&device.token, device.next)
    }

    /// The code that is good now.
    pub fn right(&mut self) -> Result<&str> {
        if self.token.kind != Kind::Hotp {
            self.next = usize::try_from(self.token.step_now()?.saturating_sub(self.first))?;
        } else if self.next >= self.read.len() {
            *self = Self::new(&self.token, self.first + u64::try_from(self.next)?)?;
        }
        Ok(self.read.get(self.next).ok_or("the clock has gone past the codes")?)
    }

    /// The button is pressed: the next code is another.
    pub fn press(&mut self) {
        self.next += 1;
    }

    /// A code that is none of the token's for long.
    pub fn wrong(&self) -> Result<String> {
        let width = usize::from(self.token.digits);
        let free = (0..10_000).map(|value| format!("{value:0width$}")).find(|code| !self.read.contains(code));
        Ok(free.ok_or("4,000 codes are not 10,000")?)
    }
}
