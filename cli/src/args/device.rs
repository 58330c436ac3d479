use std::path::PathBuf;

use clap::{Args, Subcommand};
use keyfob_core::SerialNumber;

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
