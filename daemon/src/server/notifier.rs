use std::io::{self, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use keyfob_authority::{Notification, PolicyFile};

use super::log;

/// How many notifications wait at most: whoever guesses codes must not fill the memory.
const MOST_WAITING: usize = 64;

/// How long the command may run.
const PATIENCE: Duration = Duration::from_secs(10);

/// Hands to the policy's command what owners are to be told, one after the other, and keeps no sign-in waiting.
pub struct Notifier {
    queue: SyncSender<Notification>,
    policy: Arc<PolicyFile>,
}

impl Notifier {
    /// Starts the thread that runs the commands.
    pub fn start(policy: Arc<PolicyFile>) -> io::Result<Self> {
        let (queue, receiver) = sync_channel(MOST_WAITING);
        let read_by_thread = Arc::clone(&policy);
        thread::Builder::new()
            .name("notifier".into())
            .spawn(move || hand_over(&receiver, &read_by_thread))?;
        Ok(Self { queue, policy })
    }

    /// Queues them, where the policy has a command. Waking the thread takes time: what is about nobody wakes it too, or that time would tell
    /// which names exist.
    pub fn tell(&self, notifications: Vec<Notification>) {
        if notifications.is_empty() || !self.has_command() {
            return;
        }
        for notification in notifications {
            if self.queue.try_send(notification).is_err() {
                log("a notification was dropped, since too many wait for the policy's command");
            }
        }
    }

    /// A policy that can't be read is told to those whom it refuses.
    fn has_command(&self) -> bool {
        self.policy.current().is_ok_and(|policy| !policy.notify_command.is_empty())
    }
}

fn hand_over(notifications: &Receiver<Notification>, policy: &PolicyFile) {
    for notification in notifications {
        if notification.account.is_none() {
            continue;
        }
        let Ok(policy) = policy.current() else { continue };
        if let Some((program, arguments)) = policy.notify_command.split_first()
            && let Err(error) = run(program, arguments, &notification)
        {
            log(&format!("the policy's command {program} was not told of a notification: {error}"));
        }
    }
}

fn run(program: &str, arguments: &[String], notification: &Notification) -> io::Result<()> {
    let line = format!("{}\n", serde_json::to_string(notification)?);
    let mut command = Command::new(program);
    command.args(arguments).env_clear().stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = command.spawn()?;
    if let Some(mut input) = child.stdin.take() {
        // A line is shorter than a pipe is long, so that this does not wait.
        input.write_all(line.as_bytes())?;
    }
    wait(&mut child)
}

fn wait(child: &mut Child) -> io::Result<()> {
    let end = Instant::now() + PATIENCE;
    loop {
        match child.try_wait()? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(io::Error::other(format!("it ended with {status}"))),
            None if Instant::now() > end => {
                child.kill()?;
                child.wait()?;
                return Err(io::Error::other("it ran for too long and was ended"));
            }
            None => thread::sleep(Duration::from_millis(20)),
        }
    }
}
