//! Sign-ins through the real libpam, each in a fresh process.

use std::{
    ffi::OsString,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
};

use crate::{Record, Result, build, command};

/// The program that signs in, see `driver/pam_driver.c`.
#[derive(Clone, Debug)]
pub struct Driver(PathBuf);

impl Driver {
    /// Compiles it into a folder.
    ///
    /// # Errors
    /// The compiler or libpam's headers are missing.
    pub fn compile(folder: &Path) -> Result<Self> {
        build::compile("pam_driver.c", &folder.join("pam_driver"), &["-lpam"]).map(Self)
    }
}

/// A sign-in about to start.
#[derive(Debug)]
pub struct SignIn {
    prefix: Vec<String>,
    driver: PathBuf,
    options: Vec<String>,
    target: [OsString; 3],
    environment: Vec<(String, OsString)>,
}

impl SignIn {
    /// Signs `user` in to the service whose file stands in `services`. `prefix` is a command line that the driver's own follows, or
    /// empty.
    #[must_use]
    pub fn new(driver: &Driver, prefix: &[String], service: &str, user: &str, services: &Path) -> Self {
        Self {
            prefix: prefix.to_vec(),
            driver: driver.0.clone(),
            options: Vec::new(),
            target: [service.into(), user.into(), services.into()],
            environment: Vec::new(),
        }
    }

    /// Answers a prompt; called again, the next one. Without an answer prepared, it is given when the sign-in runs.
    #[must_use]
    pub fn answer(self, text: &str) -> Self {
        self.option("--answer").option(text)
    }

    /// Gives an option to the driver.
    #[must_use]
    pub fn option(mut self, option: &str) -> Self {
        self.options.push(option.to_owned());
        self
    }

    /// Sets a variable of the environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    /// The command line as a person types it.
    #[must_use]
    pub fn shown(&self) -> String {
        command::shown(&self.command())
    }

    /// Signs in.
    ///
    /// # Errors
    /// The driver can't be started or does not end well.
    pub fn run(&self) -> Result<Record> {
        let (record, status) = self.start()?.finish()?;
        if status.success() {
            Ok(record)
        } else {
            Err(format!("the driver ended with {status}: {record}").into())
        }
    }

    /// Starts to sign in.
    ///
    /// # Errors
    /// The driver can't be started.
    pub fn start(&self) -> Result<Running> {
        let mut child = self.command().stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let stdin = child.stdin.take();
        let stdout = child.stdout.take().ok_or("no pipe")?;
        Ok(Running { child, stdin, lines: BufReader::new(stdout), record: Record::default() })
    }

    fn command(&self) -> Command {
        let mut command = command::after(&self.prefix, &self.driver);
        command.args(&self.options).arg("--").args(&self.target);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// A sign-in under way. Dropped, it is killed.
#[derive(Debug)]
pub struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: BufReader<ChildStdout>,
    record: Record,
}

impl Running {
    /// The driver's next line; `None` where there will be none.
    ///
    /// # Errors
    /// It can't be read.
    pub fn next_line(&mut self) -> Result<Option<String>> {
        let mut line = String::new();
        if self.lines.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let line = line.trim_end_matches('\n').to_owned();
        self.record.0.push(line.clone());
        Ok(Some(line))
    }

    /// Waits until the driver writes a line that starts so.
    ///
    /// # Errors
    /// It never does.
    pub fn wait_for(&mut self, start: &str) -> Result<()> {
        while let Some(line) = self.next_line()? {
            if line.starts_with(start) {
                return Ok(());
            }
        }
        Err(format!("the driver never said `{start}`: {}", self.record).into())
    }

    /// Gives the driver the line that it waits for.
    ///
    /// # Errors
    /// It is gone.
    pub fn give(&mut self, line: &str) -> Result<()> {
        let stdin = self.stdin.as_mut().ok_or("no pipe")?;
        Ok(stdin.write_all(format!("{line}\n").as_bytes())?)
    }

    /// Kills it (SIGKILL); does nothing where it has ended.
    ///
    /// # Errors
    /// The system refuses.
    pub fn kill(&mut self) -> Result<()> {
        Ok(self.child.kill()?)
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// Its lines can't be read.
    pub fn finish(mut self) -> Result<(Record, ExitStatus)> {
        self.stdin = None;
        while self.next_line()?.is_some() {}
        let status = self.child.wait()?;
        Ok((std::mem::take(&mut self.record), status))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only where it has ended.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
