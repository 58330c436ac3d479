use clap::Subcommand;
use keyfob_authority::AccessKeyId;
use keyfob_core::AccountName;

#[derive(Subcommand)]
pub enum AccessKeyCommand {
    /// Create an access key that signs an account's requests, and show its secret once
    #[command(after_help = ACCESS_KEY_EXAMPLES)]
    Create {
        /// The account
        #[arg(long)]
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
  keyfob access-key create --user alice
  keyfob access-key create --user alice --json > alice.json

JSON:
  Version (1), UserName, AccessKeyId, SecretAccessKey";

const ACCESS_KEY_JSON: &str = "\
JSON:
  access_key_id, user_name, created (RFC 3339 in UTC)";
