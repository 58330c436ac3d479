use std::io::Write;

use keyfob_authority::{Files, Initialised, InitialisedStore, Surroundings, init};

use crate::exit::Failure;

const MADE: &str = "made";
const LEFT: &str = "there already, left as it is";

pub fn run(files: &Files, out: &mut dyn Write) -> Result<(), Failure> {
    let made = init(files, &Surroundings::system())?;
    let store = match made.store {
        InitialisedStore::New => MADE,
        InitialisedStore::There => LEFT,
        InitialisedStore::InUse => "there already, in use by another process",
    };
    writeln!(out, "store: {} ({store})", files.store.display())?;
    for (name, path, is_new) in [("policy", &files.policy, made.policy), ("master key", &files.key, made.key)]
    {
        writeln!(out, "{name}: {} ({})", path.display(), if is_new { MADE } else { LEFT })?;
    }
    writeln!(out, "{}", next_step(made))?;
    Ok(())
}

fn next_step(made: Initialised) -> &'static str {
    match made {
        Initialised { store: InitialisedStore::InUse, .. } => {
            "Nothing has to be made. It is most likely `keyfob daemon` that has the store open: commands ask it by its socket, which \
             --socket names where it is another one than usual"
        }
        Initialised { key: true, .. } => {
            "Back up the master key apart from the store. Next, import the tokens' seed file: keyfob device import FILE"
        }
        _ => "Next, import the tokens' seed file: keyfob device import FILE",
    }
}
