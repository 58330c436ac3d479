//! The commands, one file for each noun.

mod access_key;
mod device;
mod enrollment;
mod import;
mod init;
mod log;
mod pages;
mod pair;
mod recovery_codes;
mod serve;
mod user;
mod verify;

use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use keyfob_authority::{AccessControl, Caller, Clock, Door, Files, LocalAuthority, Surroundings};
use keyfob_core::UnixTime;
use keyfob_daemon::{Client, SOCKET};

use self::enrollment::Purpose;
use crate::args::{Act, Arguments, Command};
use crate::exit::{self, Failure};
use crate::legacy;

/// What acts work with.
struct Context<'a> {
    authority: Box<dyn AccessControl>,
    clock: Box<dyn Clock>,
    out: &'a mut dyn Write,
}

impl Context<'_> {
    fn now(&self) -> UnixTime {
        self.clock.now()
    }
}

/// The daemon, where its socket is, whether or not it answers there; else the acts themselves.
fn authority(files: Files, socket: Option<PathBuf>) -> Result<Box<dyn AccessControl>, Failure> {
    match socket {
        Some(socket) if Client::is_there(&socket)? => {
            Ok(Box::new(Client::new(socket, Client::ADMINISTRATION_PATIENCE)))
        }
        _ => Ok(Box::new(LocalAuthority::new(files, Surroundings::system()))),
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
    match arguments.command {
        Command::Init => init::run(&files, out),
        Command::Daemon => Ok(keyfob_daemon::run(files, socket.unwrap_or_else(|| SOCKET.into()))?),
        Command::Serve(options) => serve::run(&options, socket.unwrap_or_else(|| SOCKET.into())),
        Command::Act(act) => {
            let clock = Surroundings::system().clock;
            perform(&mut Context { authority: authority(files, socket)?, clock, out }, act)
        }
        Command::CheckPassword => Ok(keyfob_daemon::answer_password_check()?),
        Command::Completions { shell } => pages::completions(shell, out),
        Command::Man { folder } => pages::man(&folder),
    }
}

fn perform(context: &mut Context, act: Act) -> Result<(), Failure> {
    match act {
        Act::Device(command) => device::run(context, &command),
        Act::Enable(pair) => pair::run(context, &pair, Purpose::Associate),
        Act::Resync(pair) => pair::run(context, &pair, Purpose::Resynchronise),
        Act::Disable { user, serial } => pair::disable(context, &user, &serial),
        Act::User(command) => user::run(context, &command),
        Act::Verify { user, code } => verify::run(context, &user, code.as_deref()),
        Act::RecoveryCodes { user, expires: None } => recovery_codes::run(context, &user),
        Act::RecoveryCodes { user, expires: Some(lifetime) } => {
            recovery_codes::issue(context, &user, lifetime)
        }
        Act::AccessKey(command) => access_key::run(context, &command),
        Act::Log(options) => log::run(context, &options),
        Act::ListMfaDevices { user } => user::list_serial_numbers(context, &user),
    }
}
