//! TLS: the certificate and its key, which are read again on SIGHUP, so that a renewal stops nothing.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};
use tokio_rustls::server::TlsStream;
use zeroize::Zeroizing;

/// How long a handshake may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where certificate and key are.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The certificate chain, in PEM, the service's own first.
    pub certificate: PathBuf,
    /// Its private key, in PEM.
    pub key: PathBuf,
}

/// Why there is no TLS.
#[derive(Debug, Error)]
pub enum TlsError {
    /// The system.
    #[error("{path} can't be read: {source}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Others may read the key.
    #[error(
        "the key {path} is open to others (mode {mode:04o}): run `chmod {wanted:04o} {path}`, and have a new one certified"
    )]
    Exposed {
        /// Which file.
        path: PathBuf,
        /// What its mode is.
        mode: u32,
        /// What its mode should be.
        wanted: u32,
    },
    /// No certificate.
    #[error("{0} holds no certificate: give the chain in PEM, the service's own certificate first")]
    NoCertificate(PathBuf),
    /// No key.
    #[error("{0} holds no private key: give it in PEM, without a passphrase")]
    NoKey(PathBuf),
    /// They don't fit.
    #[error("the certificate {certificate} can't be used with the key {key}: {source}")]
    Unusable {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
        /// What is wrong.
        source: rustls::Error,
    },
}

/// What makes connections secret.
pub struct Tls {
    files: TlsFiles,
    acceptor: RwLock<TlsAcceptor>,
}

impl Tls {
    /// With the certificate that the files hold now.
    ///
    /// # Errors
    /// [`TlsError`] where they hold none that can be used.
    pub fn new(files: TlsFiles) -> Result<Self, TlsError> {
        let acceptor = RwLock::new(files.read()?);
        Ok(Self { files, acceptor })
    }

    /// Takes the certificate that the files hold now; where they hold none that can be used, the last one stays.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn reload(&self) -> Result<(), TlsError> {
        let acceptor = self.files.read()?;
        *self.acceptor.write().unwrap_or_else(PoisonError::into_inner) = acceptor;
        Ok(())
    }

    /// Shakes hands.
    ///
    /// # Errors
    /// The client can't, or takes too long.
    pub async fn accept<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: S) -> io::Result<TlsStream<S>> {
        let acceptor = self.acceptor.read().unwrap_or_else(PoisonError::into_inner).clone();
        timeout(PATIENCE, acceptor.accept(stream)).await?
    }
}

impl TlsFiles {
    fn read(&self) -> Result<TlsAcceptor, TlsError> {
        let Self { certificate, key } = self;
        let (chain, private_key) = (read_chain(certificate)?, read_key(key)?);
        let unusable =
            |source| TlsError::Unusable { certificate: certificate.clone(), key: key.clone(), source };
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, private_key))
            .map_err(unusable)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config).into())
    }
}

fn read_chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let (text, _) = read(path)?;
    let chain: Vec<_> = CertificateDer::pem_slice_iter(&text).collect::<Result<_, _>>().unwrap_or_default();
    if chain.is_empty() { Err(TlsError::NoCertificate(path.to_owned())) } else { Ok(chain) }
}

fn read_key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    let (text, mode) = read(path)?;
    // A group of the key's own is how many systems share it.
    if mode & 0o007 != 0 {
        return Err(TlsError::Exposed { path: path.to_owned(), mode, wanted: mode & 0o770 });
    }
    PrivateKeyDer::from_pem_slice(&text).map_err(|_| TlsError::NoKey(path.to_owned()))
}

/// A file's content and mode.
fn read(path: &Path) -> Result<(Zeroizing<Vec<u8>>, u32), TlsError> {
    let unreadable = |source| TlsError::Unreadable { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    // Room for all of it at once: growing would leave copies of a key behind.
    let mut content = Zeroizing::new(Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0) + 1));
    file.read_to_end(&mut content).map_err(unreadable)?;
    Ok((content, metadata.permissions().mode() & 0o777))
}
