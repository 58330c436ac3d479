use std::io::{self, IsTerminal, Write};

use keyfob_core::{AccountName, RecoveryCode};
use zeroize::Zeroizing;

use super::{CALLER, Context};
use crate::exit::Failure;

pub fn run(context: &mut Context, user: &AccountName) -> Result<(), Failure> {
    let codes = context.authority.create_recovery_codes(user, &CALLER)?;
    if !io::stdout().is_terminal() {
        return Ok(write_codes(context.out, "", &codes)?);
    }
    writeln!(context.out, "Recovery codes of {user}. Earlier ones are void.\n")?;
    write_codes(context.out, "    ", &codes)?;
    writeln!(
        context.out,
        "\nEach signs in once, in place of a code. They are not shown again: print them, and keep them apart from the device."
    )?;
    Ok(())
}

fn write_codes(out: &mut dyn Write, indent: &str, codes: &[RecoveryCode]) -> io::Result<()> {
    for code in codes {
        let shown = Zeroizing::new(code.reveal());
        writeln!(out, "{indent}{}", *shown)?;
    }
    Ok(())
}
