use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use keyfob_authority::{AccessKeyId, Files};
use keyfob_core::{AccountName, SerialNumber};

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
    #[command(after_help = SERVE_EXAMPLES)]
    Serve(Serve),

    #[command(flatten)]
    Act(Act),

    /// Write the completions of a shell
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions {
        /// The shell
        shell: Shell,
    },

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
    #[command(after_help = "Examples:\n  keyfob recovery-codes --user alice")]
    RecoveryCodes {
        /// The account
        #[arg(long)]
        user: AccountName,
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

const SERVE_EXAMPLES: &str = "\
Examples:
  keyfob serve
  AWS_ENDPOINT_URL=http://127.0.0.1:8080 AWS_DEFAULT_REGION=us-east-1 aws iam list-mfa-devices";

#[derive(Args)]
pub struct Serve {
    /// Where to listen; without TLS, so only on this machine unless a proxy stands in front
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// A proxy with TLS stands in front and adds X-Forwarded-For
    #[arg(long)]
    pub behind_proxy: bool,

    /// The folder of the pages, which are read once, at the start
    #[arg(long, value_name = "FOLDER")]
    pub pages: Option<PathBuf>,
}

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

#[derive(Subcommand)]
pub enum DeviceCommand {
    /// Import the devices of a seed file
    ///
    /// Reads PSKC in plain text (RFC 6030), CSV with a header (serial, secret, and optionally type,
    /// algorithm, digits, period, counter, manufacturer, model), and otpauth:// lines. Unless --skip-rejects
    /// is given, one record that fails keeps everything out. Importing the same file again changes nothing.
    #[command(after_help = IMPORT_EXAMPLES)]
    Import(Import),

    /// List all devices
    #[command(after_help = DEVICE_JSON)]
    List {
        /// Write one JSON array
        #[arg(long)]
        json: bool,
    },

    /// Show a device; never its secret
    #[command(after_help = DEVICE_JSON)]
    Show {
        /// The device's Serial Number
        serial: SerialNumber,
        /// Write one JSON object
        #[arg(long)]
        json: bool,
    },

    /// Forget a device that no account has
    Remove {
        /// The device's Serial Number
        serial: SerialNumber,
    },
}

const IMPORT_EXAMPLES: &str = "\
Examples:
  keyfob device import tokens.xml --dry-run
  keyfob device import tokens.xml && shred -u tokens.xml
  gpg --decrypt tokens.csv.gpg | keyfob device import -";

#[derive(Args)]
pub struct Import {
    /// The seed file; `-` reads standard input
    pub file: PathBuf,

    /// The file's format, where its content should not decide
    #[arg(long, value_parser = crate::seed_file::format_parser())]
    pub format: Option<keyfob_tokens::Format>,

    /// Say what would be imported, and change nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Import the good records although others fail; exits with 1 where one did
    #[arg(long)]
    pub skip_rejects: bool,
}

const DEVICE_JSON: &str = "\
JSON:
  Null stands for what there is not; times are RFC 3339 in UTC.
  serial_number, type (TOTP or HOTP), algorithm (SHA1, SHA256, SHA512), digits,
  period (s), t0 (seconds since 1970), accepted_counter (counter or time step),
  drift (s the clock is ahead), manufacturer, model, imported,
  user_name, enable_date, software (made here, not imported), tags";

#[derive(Subcommand)]
pub enum UserCommand {
    /// List all accounts that Keyfob knows
    #[command(after_help = USER_JSON)]
    List {
        /// Write one JSON array
        #[arg(long)]
        json: bool,
    },

    /// Show an account: its devices, recovery codes and wrong codes
    #[command(after_help = USER_JSON)]
    Show {
        /// The account
        user: AccountName,
        /// Write one JSON object
        #[arg(long)]
        json: bool,
    },

    /// Make an account known
    ///
    /// For an account that this machine doesn't have, or that was made anew under another uid and still
    /// belongs to the same person.
    Add {
        /// The account
        user: AccountName,
    },

    /// Forget an account: its devices are deactivated, its recovery codes void
    Remove {
        /// The account
        user: AccountName,
    },

    /// Forgive an account's wrong codes, so that it need not wait
    Unlock {
        /// The account
        user: AccountName,
    },
}

const USER_JSON: &str = "\
JSON:
  Null stands for what there is not; times are RFC 3339 in UTC.
  user_name, uid, created, serial_numbers, recovery_codes (how many are unused),
  sign_in and association, each with failures, throttled_until, locked";

#[derive(Subcommand)]
pub enum AccessKeyCommand {
    /// Create an access key that signs an account's requests, and show its secret once
    #[command(after_help = ACCESS_KEY_EXAMPLES)]
    Create {
        /// The account
        user: AccountName,
        /// Write one JSON object, as AWS's clients read it from a credential process
        #[arg(long)]
        json: bool,
    },

    /// List all access keys; never their secrets
    #[command(after_help = ACCESS_KEY_JSON)]
    List {
        /// Write one JSON array
        #[arg(long)]
        json: bool,
    },

    /// Delete an access key and end its account's sessions
    ///
    /// What they sign is refused from then on.
    Delete {
        /// The access key's id
        id: AccessKeyId,
    },
}

const ACCESS_KEY_EXAMPLES: &str = "\
Examples:
  keyfob access-key create alice
  keyfob access-key create alice --json > alice.json

JSON:
  Version (1), UserName, AccessKeyId, SecretAccessKey";

const ACCESS_KEY_JSON: &str = "\
JSON:
  access_key_id, user_name, created (RFC 3339 in UTC)";

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
