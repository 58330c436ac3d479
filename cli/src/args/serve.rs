use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

pub const EXAMPLES: &str = "\
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
