use keyfob_authority::{Begin, Factor, Refused};
use keyfob_core::AccountName;

use super::{CALLER, Context};
use crate::exit::Failure;
use crate::terminal;

/// Signs in as every door does: first whether to ask, then the answer.
pub fn run(context: &mut Context, user: &AccountName, code: Option<&str>) -> Result<(), Failure> {
    match context.authority.begin(user, &CALLER)?.next {
        Begin::NotRequired => return Err(Refused::NoDevice(user.clone()).into()),
        Begin::Throttled(throttled) => return Err(Refused::Throttled(throttled).into()),
        Begin::Ask(_) => {}
    }
    let answer = match code {
        None if terminal::is_interactive() => terminal::ask("Authentication Code")?,
        code => terminal::argument_or_line(code)?,
    };
    let signed_in = context.authority.answer(user, &answer, &CALLER)?;
    match signed_in.factor {
        Factor::Device(serial) => writeln!(context.out, "Accepted: device {serial}")?,
        Factor::RecoveryCode { left } => writeln!(context.out, "Accepted: recovery code, {left} left")?,
    }
    Ok(())
}
