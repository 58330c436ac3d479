mod access_key;
mod device;
mod serve;
mod user;

use std::error::Error;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use jiff::SignedDuration;
use keyfob_authority::{Files, LifetimeOutOfRange, RecoveryCodeLifetime};
use keyfob_core::{AccountName, SerialNumber};

pub use self::access_key::AccessKeyCommand;
pub use self::device::{DeviceCommand, Import};
pub use self::serve::Serve;
pub use self::user::UserCommand;

/// Put hardware one-time-code tokens (key fobs) on Linux sign-in
///
/// An administrator imports the tokens' seed file, associates a token with an account by its serial number
/// and two consecutive codes, and from then on that account's sign-in asks for a code.
#[derive(Parser)]
#[command(name = "keyfob", version, max_term_width = 100, after_long_help = OVERVIEW)]
pub struct Arguments {
    /// The store
    #[arg(long, global = true, value_name = "PATH", default_value_os_t = default_files().store, help_heading = "Files")]
    pub store: PathBuf,

    /// The policy file; the master key (master.key) stands beside it
    #[arg(long, global = true, value_name = "PATH", default_value_os_t = default_files().policy, help_heading = "Files")]
    pub config: PathBuf,

    /// The daemon's socket; where it is there, the daemon is asked [default: /run/keyfob/keyfob.sock, unless --store or
    /// --config is given]
    #[arg(long, global = true, value_name = "PATH", help_heading = "Files")]
    pub socket: Option<PathBuf>,

    #[command(subcommand)]
    pub command: Command,
}

fn default_files() -> Files {
    Files::new(None, None)
}

const OVERVIEW: &str = "\
Examples:
  keyfob init
  keyfob device import tokens.xml
  keyfob enable --user alice --serial GAHT12345678
  keyfob verify --user alice
  keyfob log --follow

Exit codes:
  0  done
  1  refused: a wrong code, a taken serial number, an unknown account, and the like
  2  the command can't be understood
  3  the store, the master key or the policy can't be used

Names of the first IAM command line, as links to this program:
  iam-userenablemfadevice      -u USER -s SERIAL -c1 CODE -c2 CODE
  iam-userresyncmfadevice      -u USER -s SERIAL -c1 CODE -c2 CODE
  iam-userdeactivatemfadevice  -u USER -s SERIAL
  iam-userlistmfadevices       -u USER";

/// What this program does.
#[derive(Subcommand)]
pub enum Command {
    /// Make the store, the policy file and the master key
    ///
    /// What is there already is left as it is, so running it again is safe. The master key of an existing
    /// store is never made anew.
    Init,

    /// Own the store and serve sign-ins over a Unix socket, in the foreground
    ///
    /// The PAM module and this command ask it. su, sudo and screen lockers need it; sshd and login get faster. Ends on
    /// SIGTERM or SIGINT.
    #[command(after_help = "Examples:\n  keyfob daemon\n  systemctl enable --now keyfob.socket")]
    Daemon,

    /// Serve the IAM actions over HTTP, in the foreground
    ///
    /// AWS's own clients associate, list and deactivate devices with it. Needs no privileges: it asks the daemon. Ends
    /// on SIGTERM or SIGINT.
    #[command(after_help = serve::EXAMPLES)]
    Serve(Serve),

    #[command(flatten)]
    Act(Act),

    /// Write the completions of a shell
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions {
        /// The shell
        shell: Shell,
    },

    /// Check one password with PAM; `keyfob daemon` runs it for each
    #[command(hide = true)]
    CheckPassword,

    /// Write the man pages into a folder
    #[command(hide = true)]
    Man {
        /// The folder; it has to exist
        folder: PathBuf,
    },
}

/// What the daemon is asked for, where there is one.
#[derive(Subcommand)]
pub enum Act {
    /// Import, list, show and remove devices
    #[command(subcommand)]
    Device(DeviceCommand),

    /// Associate a device with an account
    ///
    /// From then on the account's sign-in asks for a code. Neither of the two codes signs in afterwards, the
    /// device's next one does.
    #[command(after_help = ENABLE_EXAMPLES)]
    Enable(Pair),

    /// Find the clock or counter of an account's device again
    ///
    /// For a device whose codes are refused, since its clock went wrong or its button was pressed too often.
    #[command(after_help = RESYNC_EXAMPLES)]
    Resync(Pair),

    /// Deactivate a device: take it from its account
    ///
    /// The device stays known and can be associated again.
    #[command(after_help = "Examples:\n  keyfob disable --user alice --serial GAHT12345678")]
    Disable {
        /// The account
        #[arg(long)]
        user: AccountName,
        /// The device's Serial Number
        #[arg(long)]
        serial: SerialNumber,
    },

    /// List, show, add, remove and unlock accounts
    #[command(subcommand)]
    User(UserCommand),

    /// Verify a code as a sign-in does
    ///
    /// The code is spent. Exits with 0 where it is accepted, with 1 where it is refused or the account has no
    /// device.
    #[command(after_help = VERIFY_EXAMPLES)]
    Verify {
        /// The account
        #[arg(long)]
        user: AccountName,
        /// The code, or a recovery code; `-` reads it from standard input
        ///
        /// Left out, it is asked for on a terminal and read from standard input elsewhere. On the command
        /// line it shows in the process list.
        #[arg(long)]
        code: Option<String>,
    },

    /// Make ten recovery codes for an account with a device
    ///
    /// They are shown once. Each signs in once, in place of a code. Earlier ones are void. In a pipe or a
    /// file they are written one a line, and nothing else.
    #[command(
        after_help = "Examples:\n  keyfob recovery-codes --user alice\n  keyfob recovery-codes --user alice --expires 24h"
    )]
    RecoveryCodes {
        /// The account
        #[arg(long)]
        user: AccountName,

        /// Make one more, which ends after this time, and leave the others as they are
        ///
        /// For whoever has neither device nor recovery code at hand. From a minute to a week: `30m`, `24h`. One that
        /// was made so before is void.
        #[arg(long, value_name = "TIME", value_parser = lifetime)]
        expires: Option<RecoveryCodeLifetime>,
    },

    /// Create, list and delete access keys of the enrollment service's callers
    #[command(subcommand)]
    AccessKey(AccessKeyCommand),

    /// Show the audit log, oldest first
    #[command(after_help = LOG_EXAMPLES)]
    Log(LogOptions),

    /// List the serial numbers of an account's devices, one a line
    #[command(hide = true)]
    ListMfaDevices {
        /// The account
        #[arg(long)]
        user: AccountName,
    },
}

const ENABLE_EXAMPLES: &str = "\
Examples:
  keyfob enable --user alice --serial GAHT12345678        asks for both codes
  keyfob enable --user alice --serial GAHT12345678 --code1 123456 --code2 654321
  printf '%s\\n' 123456 654321 | keyfob enable --user alice --serial GAHT12345678";

const RESYNC_EXAMPLES: &str = "\
Examples:
  keyfob resync --user alice --serial GAHT12345678        asks for both codes
  printf '%s\\n' 123456 654321 | keyfob resync --user alice --serial GAHT12345678";

const VERIFY_EXAMPLES: &str = "\
Examples:
  keyfob verify --user alice                              asks for the code
  echo 123456 | keyfob verify --user alice --code -";

const LOG_EXAMPLES: &str = "\
Examples:
  keyfob log --user alice
  keyfob log --follow --json

JSON:
  One object a line. Null stands for what there is not; times are RFC 3339 in UTC.
  id, time, act, user_name, serial_number, door, remote,
  outcome (done or refused), reason";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  keyfob completions bash > /etc/bash_completion.d/keyfob
  keyfob completions zsh > /usr/local/share/zsh/site-functions/_keyfob";

#[derive(Args)]
pub struct Pair {
    /// The account
    #[arg(long)]
    pub user: AccountName,

    /// The device's Serial Number, as it stands on its back; asked for on a terminal where it is left out
    ///
    /// For root a terminal asks for it once more.
    #[arg(long)]
    pub serial: Option<SerialNumber>,

    /// Authentication Code 1; `-` reads it from standard input
    ///
    /// Left out, both codes are asked for on a terminal and read from standard input elsewhere, one a line.
    /// On the command line they show in the process list.
    #[arg(long, value_name = "CODE", requires = "code2")]
    pub code1: Option<String>,

    /// Authentication Code 2, the one that the device shows next; `-` reads it from standard input
    #[arg(long, value_name = "CODE", requires = "code1")]
    pub code2: Option<String>,
}

#[derive(Args)]
pub struct LogOptions {
    /// Only what concerns this account
    #[arg(long)]
    pub user: Option<AccountName>,

    /// Only what concerns this device
    #[arg(long)]
    pub serial: Option<SerialNumber>,

    /// Then wait for more
    #[arg(long)]
    pub follow: bool,

    /// Write one JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// `24h`, `30m`, as jiff reads a duration.
fn lifetime(text: &str) -> Result<RecoveryCodeLifetime, Box<dyn Error + Send + Sync>> {
    let seconds = text.parse::<SignedDuration>()?.as_secs();
    let seconds = u32::try_from(seconds).map_err(|_| LifetimeOutOfRange)?;
    Ok(seconds.try_into()?)
}
