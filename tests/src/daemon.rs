//! The daemon under test.

use std::{
    io::{BufRead, BufReader},
    process::{Child, ChildStderr, Command, Stdio},
};

use crate::{Result, command};

/// A daemon that serves. Dropped, it is killed.
#[derive(Debug)]
pub struct Daemon {
    child: Child,
    log: BufReader<ChildStderr>,
}

impl Daemon {
    /// Starts one, and waits until it says that it serves.
    ///
    /// # Errors
    /// It does not.
    pub fn start(command: &mut Command) -> Result<Self> {
        Ok(Self::start_until(command, "keyfob daemon: serving ")?.0)
    }

    /// Starts a program, and waits until it says that; what it has said by then is given back.
    pub(crate) fn start_until(command: &mut Command, mark: &str) -> Result<(Self, String)> {
        let mut child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let mut log = BufReader::new(child.stderr.take().ok_or("no pipe")?);
        let mut said = String::new();
        while !said.contains(mark) {
            if log.read_line(&mut said)? == 0 {
                return Err(format!("it does not serve: {said}").into());
            }
        }
        Ok((Self { child, log }, said))
    }

    /// Its process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal (`STOP`, `CONT`, `TERM`).
    ///
    /// # Errors
    /// It has ended.
    pub fn signal(&self, name: &str) -> Result<()> {
        let mut kill = Command::new("kill");
        command::run(kill.args(["-s", name, &self.child.id().to_string()])).map(drop)
    }

    /// Kills it (SIGKILL), and waits for its end.
    ///
    /// # Errors
    /// The system refuses.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Ends it (SIGTERM), and says how it ended and what it wrote to its log since it serves.
    ///
    /// # Errors
    /// It can't be waited for.
    pub fn stop(mut self) -> Result<(bool, String)> {
        self.signal("TERM")?;
        let mut said = String::new();
        while self.log.read_line(&mut said)? > 0 {}
        Ok((self.child.wait()?.success(), said))
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // Both fail only where it has ended.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
