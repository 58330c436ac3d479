//! Asks a person at a terminal for what `enable` and `resync` need, driven by core's [`Enrollment`].

use keyfob_authority::{AccountSummary, DeviceSummary, Refused};
use keyfob_core::{Enrollment, Step, Submission};

use super::Context;
use crate::args::Pair;
use crate::exit::Failure;
use crate::terminal;

/// What the codes are asked for.
#[derive(Clone, Copy)]
pub enum Purpose {
    Associate,
    Resynchronise,
}

/// Asks for the serial number (for root once more), then for both codes. What would be refused whatever the
/// codes are is refused before they are asked for.
pub fn ask(context: &Context, pair: &Pair, purpose: Purpose) -> Result<Submission, Failure> {
    let account = context.authority.account(&pair.user)?;
    let mut enrollment = Enrollment::new(account.uid == Some(0));
    if let Some(serial) = &pair.serial {
        enter(&mut enrollment, context, serial.as_str());
    }
    while matches!(enrollment.step(context.now()), Step::SerialNumber | Step::SerialNumberAgain) {
        ask_for_step(&mut enrollment, context)?;
    }
    let serial = enrollment.serial().ok_or(Failure::NoInput)?;
    let device = context.authority.device(serial)?;
    purpose.check(&account, &device)?;
    enrollment.describe(&device.parameters);
    while enrollment.step(context.now()) != Step::Submit {
        ask_for_step(&mut enrollment, context)?;
    }
    enrollment.submission().ok_or(Failure::NoInput)
}

fn ask_for_step(enrollment: &mut Enrollment, context: &Context) -> Result<(), Failure> {
    let step = enrollment.step(context.now());
    let label = step.label().unwrap_or_default();
    let answer = match step {
        Step::Wait(_) | Step::SecondCode | Step::SecondCodeAfterPress => {
            terminal::ask_under_notice(label, || enrollment.step(context.now()).notice().unwrap_or_default())?
        }
        _ => terminal::ask(label)?,
    };
    enter(enrollment, context, &answer);
    Ok(())
}

/// A mistake that shows without the secret is told, and the same is asked for again.
fn enter(enrollment: &mut Enrollment, context: &Context, answer: &str) {
    if let Err(mistake) = enrollment.enter(answer, context.now()) {
        terminal::tell(&format!("{mistake}."));
    }
}

impl Purpose {
    fn check(self, account: &AccountSummary, device: &DeviceSummary) -> Result<(), Refused> {
        let serial = device.serial.clone();
        match (self, &device.owner) {
            (Self::Associate, Some(owner)) => Err(Refused::Taken { serial, owner: owner.account.clone() }),
            (Self::Resynchronise, owner)
                if owner.as_ref().map(|owner| &owner.account) != Some(&account.name) =>
            {
                Err(Refused::NotAssociated { serial, account: account.name.clone() })
            }
            _ => account.association_throttled.map_or(Ok(()), |throttled| Err(throttled.into())),
        }
    }
}
