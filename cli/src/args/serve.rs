use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

pub const EXAMPLES: &str = "\
Examples:
  keyfob serve
  AWS_ENDPOINT_URL=http://127.0.0.1:8080 AWS_DEFAULT_REGION=us-east-1 aws iam list-mfa-devices";

#[derive(Args, Clone)]
pub struct Serve {
    /// Where to listen; without TLS only on this machine, unless a proxy stands in front
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// The certificate chain in PEM, the service's own first; read again on SIGHUP
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,

    /// The certificate's private key in PEM, which others may not read
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,

    /// A proxy with TLS stands in front and adds X-Forwarded-For
    #[arg(long)]
    pub behind_proxy: bool,

    /// Where to tell Prometheus what is counted, under /metrics
    #[arg(long, value_name = "ADDRESS")]
    pub metrics_listen: Option<SocketAddr>,

    /// Let other machines read what is counted
    #[arg(long, requires = "metrics_listen")]
    pub metrics_public: bool,

    /// The folder of the pages, which are read once, at the start
    #[arg(long, value_name = "FOLDER")]
    pub pages: Option<PathBuf>,
}
