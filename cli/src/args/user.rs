use clap::Subcommand;
use keyfob_core::AccountName;

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
