//! What was signed together with a request's head.

use axum::http::{HeaderMap, Uri};
use data_encoding::HEXLOWER;

use super::error::SignatureError::{self, SignatureDoesNotMatch};
use super::error::{CONTENT_HASH_MISSING, OTHER_PLACE, OTHER_QUERY};
use super::{hash, header, parse_hash};

const CONTENT_HASH: &str = "x-amz-content-sha256";

/// What comes with the head that was signed.
#[derive(Clone, Copy, Debug)]
pub enum Payload<'a> {
    /// An action's form. It is hashed here, whatever `X-Amz-Content-Sha256` says.
    Form(&'a [u8]),
    /// A seed file, which has not been read yet: whoever reads it compares it with its [`content_hash`].
    SeedFile,
}

impl Payload<'_> {
    /// The form, where it is one.
    pub fn form(&self) -> &[u8] {
        match self {
            Self::Form(form) => form,
            Self::SeedFile => &[],
        }
    }

    /// The hash that was signed.
    pub fn hash(&self, headers: &HeaderMap) -> Result<String, SignatureError> {
        match self {
            Self::Form(form) => Ok(hash(form)),
            Self::SeedFile => Ok(HEXLOWER.encode(&content_hash(headers)?)),
        }
    }

    /// The query that was signed: an action's parameters stand in its form.
    pub fn canonical_query(&self, uri: &Uri) -> Result<String, SignatureError> {
        match self {
            Self::SeedFile => canonical_query(uri),
            Self::Form(_) if uri.path() == "/" && uri.query().is_none() => Ok(String::new()),
            Self::Form(_) => Err(SignatureDoesNotMatch(OTHER_PLACE)),
        }
    }
}

/// The SHA-256 that a body has to have whose head was signed before it is read.
///
/// # Errors
/// [`SignatureError::IncompleteSignature`] where the head does not say it.
pub fn content_hash(headers: &HeaderMap) -> Result<[u8; 32], SignatureError> {
    parse_hash(header(headers, CONTENT_HASH)?.unwrap_or_default(), CONTENT_HASH_MISSING)
}

/// In order, and of characters alone that are never encoded: there is one way to write it.
fn canonical_query(uri: &Uri) -> Result<String, SignatureError> {
    let is_plain =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte));
    let is_pair =
        |pair: &&str| pair.split_once('=').is_some_and(|(name, value)| is_plain(name) && is_plain(value));
    let query = uri.query().filter(|query| !query.is_empty());
    let mut pairs: Vec<&str> = query.into_iter().flat_map(|query| query.split('&')).collect();
    if !pairs.iter().all(is_pair) {
        return Err(SignatureDoesNotMatch(OTHER_QUERY));
    }
    pairs.sort_unstable();
    Ok(pairs.join("&"))
}
