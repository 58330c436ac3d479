//! What follows from the definitions of the commands: shell completions and man pages.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use crate::args::Arguments;
use crate::exit::Failure;

/// The section of the manual for administration commands.
const SECTION: &str = "8";

/// The one command whose page is written by hand, since it tells more than its flags.
const BY_HAND: (&str, &str) = ("keyfob-daemon.8", include_str!("../../../docs/man/keyfob-daemon.8"));

pub fn completions(shell: Shell, out: &mut dyn Write) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "keyfob", &mut script);
    Ok(out.write_all(&script)?)
}

/// Writes the page of every command that the help shows.
pub fn man(folder: &Path) -> Result<(), Failure> {
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    write_pages(&command, folder)
}

fn write_pages(command: &clap::Command, folder: &Path) -> Result<(), Failure> {
    let name = Man::new(command.clone()).section(SECTION).get_filename();
    let page = if name == BY_HAND.0 { Ok(BY_HAND.1.into()) } else { generated_page(command) };
    let path = folder.join(name);
    page.and_then(|page| fs::write(&path, page))
        .map_err(|source| Failure::UnwritableFile { path, source })?;
    let mut shown = command.get_subcommands().filter(|subcommand| !subcommand.is_hide_set());
    shown.try_for_each(|subcommand| write_pages(subcommand, folder))
}

fn generated_page(command: &clap::Command) -> io::Result<Vec<u8>> {
    let man = Man::new(command.clone()).section(SECTION).manual("Keyfob");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    let extra = command.get_after_long_help().or_else(|| command.get_after_help());
    sections(&extra.map(ToString::to_string).unwrap_or_default()).to_writer(&mut page)?;
    Ok(page)
}

/// What stands after a help's options, in blocks with a heading each (`Examples:`), as sections whose lines
/// stay as they are.
fn sections(extra: &str) -> Roff {
    let mut roff = Roff::new();
    for block in extra.split("\n\n").filter(|block| !block.is_empty()) {
        let (heading, lines) = block.split_once(":\n").unwrap_or(("Notes", block));
        roff.control("SH", [heading.to_uppercase().as_str()]).control("nf", []);
        for line in lines.lines() {
            roff.text([roman(line.strip_prefix("  ").unwrap_or(line))]);
        }
        roff.control("fi", []);
    }
    roff
}
