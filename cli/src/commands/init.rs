use std::io::Write;

use keyfob_authority::{Files, Initialised, Surroundings, init};

use crate::exit::Failure;

pub fn run(files: &Files, out: &mut dyn Write) -> Result<(), Failure> {
    let made = init(files, &Surroundings::system())?;
    for (name, path, is_new) in [
        ("store", &files.store, made.store),
        ("policy", &files.policy, made.policy),
        ("master key", &files.key, made.key),
    ] {
        let state = if is_new { "made" } else { "there already, left as it is" };
        writeln!(out, "{name}: {} ({state})", path.display())?;
    }
    writeln!(out, "{}", next_step(made))?;
    Ok(())
}

fn next_step(made: Initialised) -> &'static str {
    if made.key {
        "Back up the master key apart from the store. Next, import the tokens' seed file: keyfob device import FILE"
    } else {
        "Next, import the tokens' seed file: keyfob device import FILE"
    }
}
