//! The commands, one file for each noun.

mod device;
mod enrollment;
mod import;
mod init;
mod log;
mod pages;
mod pair;
mod recovery_codes;
mod user;
mod verify;

use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use keyfob_authority::{Authority, Caller, Clock, Door, Files, LocalAuthority, Surroundings};
use keyfob_core::UnixTime;
use keyfob_daemon::{Client, SOCKET};

use self::enrollment::Purpose;
use crate::args::{Arguments, Command};
use crate::exit::{self, Failure};
use crate::legacy;

/// What commands work with.
struct Context<'a> {
    authority: Box<dyn Authority>,
    files: Files,
    clock: Box<dyn Clock>,
    out: &'a mut dyn Write,
}

impl Context<'_> {
    fn now(&self) -> UnixTime {
        self.clock.now()
    }
}

/// The daemon, where its socket is, whether or not it answers there; else the acts themselves.
fn authority(files: &Files, socket: Option<PathBuf>) -> Result<Box<dyn Authority>, Failure> {
    match socket {
        Some(socket) if Client::is_there(&socket)? => {
            Ok(Box::new(Client::new(socket, Client::ADMINISTRATION_PATIENCE)))
        }
        _ => Ok(Box::new(LocalAuthority::new(files.clone(), Surroundings::system()))),
    }
}

/// Every act of this program is done by this caller.
const CALLER: Caller = Caller { door: Door::CommandLine, remote: None, uid: 0 };

/// Runs the program.
pub fn run(arguments: Vec<OsString>) -> ExitCode {
    let mut out = BufWriter::new(io::stdout().lock());
    let result = parse(arguments).and_then(|arguments| execute(arguments, &mut out));
    let result = result.and_then(|()| Ok(out.flush()?));
    drop(out);
    exit::end(result, Surroundings::system().clock.now())
}

fn parse(arguments: Vec<OsString>) -> Result<Arguments, Failure> {
    let parsed = Arguments::try_parse_from(legacy::rewrite(arguments));
    Ok(parsed.map_err(exit::escape_arguments)?)
}

fn execute(arguments: Arguments, out: &mut dyn Write) -> Result<(), Failure> {
    let files = Files::new(Some(arguments.store), Some(arguments.config));
    let socket = arguments.socket.or_else(|| (files == Files::new(None, None)).then(|| SOCKET.into()));
    if let Command::Daemon = arguments.command {
        return Ok(keyfob_daemon::run(files, socket.unwrap_or_else(|| SOCKET.into()))?);
    }
    let authority = authority(&files, socket)?;
    let mut context = Context { authority, files, clock: Surroundings::system().clock, out };
    match arguments.command {
        // It needs none of this.
        Command::Daemon => Ok(()),
        Command::Init => init::run(&mut context),
        Command::Device(command) => device::run(&mut context, &command),
        Command::Enable(pair) => pair::run(&mut context, &pair, Purpose::Associate),
        Command::Resync(pair) => pair::run(&mut context, &pair, Purpose::Resynchronise),
        Command::Disable { user, serial } => pair::disable(&mut context, &user, &serial),
        Command::User(command) => user::run(&mut context, &command),
        Command::Verify { user, code } => verify::run(&mut context, &user, code.as_deref()),
        Command::RecoveryCodes { user } => recovery_codes::run(&mut context, &user),
        Command::Log(options) => log::run(&mut context, &options),
        Command::Completions { shell } => pages::completions(&mut context, shell),
        Command::Man { folder } => pages::man(&folder),
        Command::ListMfaDevices { user } => user::list_serial_numbers(&mut context, &user),
    }
}
