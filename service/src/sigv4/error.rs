//! What may be wrong with a signature, in one table of messages.

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

pub const CREDENTIAL: &str = "Credential must be KEY/YYYYMMDD/REGION/SERVICE/aws4_request.";
pub const NO_DATE: &str = "Authorization header requires existence of a 'X-Amz-Date' header.";
pub const DATE: &str = "X-Amz-Date must be YYYYMMDD'T'HHMMSS'Z'.";
pub const DOUBLED: &str = "A header of the request stands twice.";
pub const NO_TEXT: &str = "A header of the request is not ASCII.";
pub const PARTS: &str =
    "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature', each once.";
pub const SIGNED_HEADERS: &str =
    "SignedHeaders must be names of headers in small letters, in order, each once.";
pub const UNSIGNED: &str =
    "'Host', 'Content-Type' and every 'X-Amz-' header must be a 'SignedHeader' in the AWS Authorization.";
pub const OTHER_ALGORITHM: &str = "Authorization header requires the algorithm AWS4-HMAC-SHA256.";
pub const OTHER_DATE: &str =
    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.";
pub const OTHER_PLACE: &str = "Requests go to / without a query.";
pub const OTHER_QUERY: &str = "A query must be name=value, joined by &, of letters, digits and -_.~ alone.";
pub const CONTENT_HASH_MISSING: &str =
    "A seed file's 'X-Amz-Content-Sha256' must be its SHA-256, 64 hexadecimal digits in small letters.";
pub const SIGNATURE: &str = "Signature must be 64 hexadecimal digits in small letters.";
