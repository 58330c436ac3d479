use std::io::{self, Write};
use std::os::fd::AsFd;

use keyfob_authority::{Event, EventFilter};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use super::Context;
use crate::args::LogOptions;
use crate::exit::Failure;
use crate::output::{EventView, local, write_json_line};

pub fn run(context: &mut Context, options: &LogOptions) -> Result<(), Failure> {
    let (account, serial) = (options.user.clone(), options.serial.clone());
    let mut filter = EventFilter { account, serial, ..EventFilter::default() };
    loop {
        for event in context.authority.events(&filter)? {
            write_event(context.out, &event, options.json)?;
            filter.after = Some(event.id);
        }
        context.out.flush()?;
        if !options.follow || reader_leaves_within_a_second() {
            return Ok(());
        }
    }
}

fn write_event(out: &mut dyn Write, event: &Event, json: bool) -> io::Result<()> {
    if json {
        return write_json_line(out, &EventView::from(event));
    }
    writeln!(out, "{}", line(event))
}

/// `2026-11-24 12:31:05 sign-in refused wrong-code user=alice serial=GAHT1 door=pam:sshd remote=192.0.2.7`.
/// Everything from outside was escaped when it was written.
fn line(event: &Event) -> String {
    let Event { time, act, account, serial, door, remote, outcome, reason, .. } = event;
    let words = [
        Some(format!("{} {} {}", local(*time), act.name(), outcome.name())),
        reason.clone(),
        account.as_ref().map(|account| format!("user={account}")),
        serial.as_ref().map(|serial| format!("serial={serial}")),
        Some(format!("door={door}")),
        remote.as_ref().map(|remote| format!("remote={remote}")),
    ];
    words.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Waits a second; ends earlier where nobody reads the output any more (`keyfob log --follow | head`).
fn reader_leaves_within_a_second() -> bool {
    let stdout = io::stdout();
    let mut descriptors = [PollFd::new(stdout.as_fd(), PollFlags::empty())];
    matches!(poll(&mut descriptors, PollTimeout::from(1000u16)), Ok(1..))
}
