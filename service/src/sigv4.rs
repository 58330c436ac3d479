//! Signature Version 4: from a request to what proves who sent it. The daemon checks the proof; here only its form is checked.

use axum::http::request::Parts;
use keyfob_authority::SignedRequest;
use keyfob_core::UnixTime;
use thiserror::Error;

/// Why a request's signature can't be used, before anybody has computed it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SignatureError {
    /// Nothing is signed.
    #[error("Request is missing Authentication Token")]
    MissingAuthenticationToken,
    /// A part of the signature is missing, stands twice or can't be read.
    #[error("{0}")]
    IncompleteSignature(&'static str),
    /// No access key looks like this.
    #[error("The security token included in the request is invalid.")]
    InvalidClientTokenId,
    /// The parts contradict each other.
    #[error("{0}")]
    SignatureDoesNotMatch(&'static str),
    /// The request is older or younger than a signature may be.
    #[error("Signature expired: the request's date is more than 15 minutes from the time here")]
    RequestExpired,
}

/// What the daemon checks, from a request's headers and body.
///
/// # Errors
/// [`SignatureError`] says what is missing or wrong.
pub fn signed_request(parts: &Parts, body: &[u8], now: UnixTime) -> Result<SignedRequest, SignatureError> {
    let _ = (parts, body, now);
    Err(SignatureError::MissingAuthenticationToken)
}
