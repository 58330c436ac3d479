//! The acts on an account's device: with two consecutive codes `enable` and `resync`, without any `disable`.

use clap::CommandFactory;
use clap::error::ErrorKind;
use keyfob_authority::DeviceSummary;
use keyfob_core::{AccountName, Code, SerialNumber, Submission};

use super::enrollment::{self, Purpose};
use super::{CALLER, Context};
use crate::args::{Arguments, Pair};
use crate::exit::Failure;
use crate::output::duration;
use crate::terminal;

/// From how far off a clock is worth a word, in seconds.
const LARGE_DRIFT: u64 = 120;

/// Associates or resynchronises a device.
pub fn run(context: &mut Context, pair: &Pair, purpose: Purpose) -> Result<(), Failure> {
    let submission = submission(context, pair, purpose)?;
    let authority = &context.authority;
    let device = match purpose {
        Purpose::Associate => authority.associate(&pair.user, &submission, &CALLER)?,
        Purpose::Resynchronise => authority.resynchronise(&pair.user, &submission, &CALLER)?,
    };
    let (serial, account) = (&device.serial, owner_name(&device, &pair.user));
    let done = match purpose {
        Purpose::Associate => format!("Associated device {serial} with account {account}"),
        Purpose::Resynchronise => format!("Resynchronised device {serial} of account {account}"),
    };
    writeln!(context.out, "{done}. Its next code signs in.")?;
    tell_drift(context, &device)
}

pub fn disable(context: &mut Context, user: &AccountName, serial: &SerialNumber) -> Result<(), Failure> {
    context.authority.deactivate(user, serial, &CALLER)?;
    writeln!(context.out, "Deactivated device {serial} of account {user}. It can be associated again.")?;
    Ok(())
}

fn submission(context: &Context, pair: &Pair, purpose: Purpose) -> Result<Submission, Failure> {
    if pair.code1.is_none() && terminal::is_interactive() {
        return enrollment::ask(context, pair, purpose);
    }
    let serial = pair.serial.clone().ok_or_else(missing_serial)?;
    let code1 = code(pair.code1.as_deref())?;
    let code2 = code(pair.code2.as_deref())?;
    Ok(Submission { serial, code1, code2 })
}

fn missing_serial() -> Failure {
    let message = "--serial <SERIAL> is required where the codes are not asked for on a terminal";
    Failure::Usage(Arguments::command().error(ErrorKind::MissingRequiredArgument, message))
}

/// A code from the command line, or from standard input.
fn code(argument: Option<&str>) -> Result<Code, Failure> {
    Ok(Code::from_typed(&terminal::argument_or_line(argument)?)?)
}

/// The account's canonical name.
fn owner_name<'a>(device: &'a DeviceSummary, user: &'a AccountName) -> &'a AccountName {
    device.owner.as_ref().map_or(user, |owner| &owner.account)
}

/// Says how far off the clock is, where that is more than codes typed late explain.
fn tell_drift(context: &mut Context, device: &DeviceSummary) -> Result<(), Failure> {
    let drift = device.position.drift;
    let (off, direction) = (drift.seconds.unsigned_abs(), if drift.seconds < 0 { "behind" } else { "ahead" });
    let explained = if drift.seconds < 0 { u64::from(drift.entry_delay) } else { 0 };
    if off.saturating_sub(explained) >= LARGE_DRIFT {
        let off = duration(off);
        writeln!(context.out, "The device's clock is about {off} {direction}; Keyfob allows for it.")?;
    }
    Ok(())
}
