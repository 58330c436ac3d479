use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use super::COMMAND;
use super::question::{Question, read_answer};
use crate::frame::Deadline;

/// How often the child's end is looked for.
const STEP: Duration = Duration::from_millis(2);

/// The child that checks one password. However this is dropped, the child is gone then, and so is whatever it has started.
pub struct Checker {
    child: Child,
    socket: UnixStream,
}

impl Checker {
    /// Starts it, with nothing of the daemon's but the log.
    pub fn start(program: &Path) -> io::Result<Self> {
        let (socket, of_child) = UnixStream::pair()?;
        let mut command = Command::new(program);
        command.arg0("keyfob").arg(COMMAND).env_clear().current_dir("/");
        command.stdin(OwnedFd::from(of_child)).stdout(Stdio::null());
        Ok(Self { child: command.spawn()?, socket })
    }

    /// Was the password right? The answer counts only where the child then says by its end, too, that nothing went wrong.
    pub fn ask(&mut self, question: &Question<'_>, deadline: Deadline) -> io::Result<bool> {
        question.write(&self.socket, deadline)?;
        let is_right = read_answer(&self.socket, deadline)?;
        let status = self.wait(deadline)?;
        if status.success() { Ok(is_right) } else { Err(io::Error::other(format!("it ended with {status}"))) }
    }

    fn wait(&mut self, deadline: Deadline) -> io::Result<ExitStatus> {
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            deadline.left()?;
            thread::sleep(STEP);
        }
    }
}

impl Drop for Checker {
    fn drop(&mut self) {
        // Its number is not given to another before it has been waited for.
        if let (Ok(None), Ok(number)) = (self.child.try_wait(), i32::try_from(self.child.id())) {
            // It leads a session of its own; not yet where it has just been started.
            let _ = killpg(Pid::from_raw(number), Signal::SIGKILL);
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}
