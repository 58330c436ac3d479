//! The daemon under test.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    thread::{self, JoinHandle},
};

use crate::{Result, command};

/// A daemon that serves. Dropped, it is killed.
#[derive(Debug)]
pub struct Daemon {
    child: Child,
    /// What it says, read all the time: a pipe that nobody reads would stop it.
    log: Option<JoinHandle<String>>,
}

impl Daemon {
    /// Starts one, and waits until it says that it serves.
    ///
    /// # Errors
    /// It does not.
    pub fn start(command: &mut Command) -> Result<Self> {
        Ok(Self::start_and_listen(command)?.0)
    }

    /// The same, and what it has said by then.
    ///
    /// # Errors
    /// It does not serve.
    pub fn start_and_listen(command: &mut Command) -> Result<(Self, String)> {
        Self::start_until(command, "keyfob daemon: serving ")
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
        let rest = thread::spawn(move || {
            let mut rest = String::new();
            while log.read_line(&mut rest).is_ok_and(|bytes| bytes > 0) {}
            rest
        });
        Ok((Self { child, log: Some(rest) }, said))
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
        let ended = self.child.wait()?.success();
        let said = self.log.take().and_then(|log| log.join().ok());
        Ok((ended, said.ok_or("its log can't be read")?))
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // Both fail only where it has ended.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
