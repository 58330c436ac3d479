//! What is generated from the definitions of the commands: shell completions and man pages.

use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use super::Context;
use crate::args::Arguments;
use crate::exit::Failure;

/// The section of the manual for administration commands.
const SECTION: &str = "8";

pub fn completions(context: &mut Context, shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "keyfob", &mut script);
    Ok(context.out.write_all(&script)?)
}

/// Writes the page of every command that the help shows.
pub fn man(folder: &Path) -> Result<(), Failure> {
    let mut command = Arguments::command();
    command.build();
    write_pages(&command, folder)
}

fn write_pages(command: &clap::Command, folder: &Path) -> Result<(), Failure> {
    write_page(command, folder)?;
    command
        .get_subcommands()
        .filter(|subcommand| !subcommand.is_hide_set() && subcommand.get_name() != "help")
        .try_for_each(|subcommand| write_pages(subcommand, folder))
}

fn write_page(command: &clap::Command, folder: &Path) -> Result<(), Failure> {
    let man = Man::new(command.clone()).section(SECTION).manual("Keyfob");
    let path = folder.join(man.get_filename());
    man.generate_to(folder).map_err(|source| Failure::UnwritableFile { path, source })?;
    Ok(())
}
