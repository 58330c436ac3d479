use std::io::{self, IsTerminal, Write};

use keyfob_authority::{IssuedRecoveryCode, RecoveryCodeLifetime};
use keyfob_core::{AccountName, RecoveryCode};
use zeroize::Zeroizing;

use super::{CALLER, Context};
use crate::exit::Failure;
use crate::output::local;

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

/// One more code, which ends.
pub fn issue(
    context: &mut Context,
    user: &AccountName,
    lifetime: RecoveryCodeLifetime,
) -> Result<(), Failure> {
    let IssuedRecoveryCode { code, expires } =
        context.authority.issue_recovery_code(user, lifetime, &CALLER)?;
    if !io::stdout().is_terminal() {
        return Ok(write_codes(context.out, "", &[code])?);
    }
    writeln!(context.out, "Recovery code of {user}, good until {}:\n", local(expires))?;
    write_codes(context.out, "    ", &[code])?;
    writeln!(
        context.out,
        "\nIt signs in once, in place of a code. It is not shown again: tell it to nobody but {user}."
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
