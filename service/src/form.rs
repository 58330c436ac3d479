//! The body of a request: read within limits, a form.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use http_body_util::LengthLimitError;
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::error::Failure;
use crate::query::{Query, QueryError};

/// Most bytes of a body.
pub const MAX_BODY: usize = 64 * 1024;

/// How long a body may take to come.
const BODY_PATIENCE: Duration = Duration::from_secs(10);

/// The body, if it comes in time and is not too long. It may hold codes, and wipes itself.
///
/// # Errors
/// [`Failure::BodyTooLarge`] or [`Failure::BodyIncomplete`].
pub async fn read(body: Body) -> Result<Zeroizing<Vec<u8>>, Failure> {
    match timeout(BODY_PATIENCE, to_bytes(body, MAX_BODY)).await {
        Ok(Ok(bytes)) => Ok(Zeroizing::new(bytes.into())),
        Ok(Err(error)) if is_too_long(&error) => Err(Failure::BodyTooLarge),
        Ok(Err(_)) | Err(_) => Err(Failure::BodyIncomplete),
    }
}

fn is_too_long(error: &axum::Error) -> bool {
    std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<LengthLimitError>)
}

/// Its parameters.
///
/// # Errors
/// [`QueryError`] says what is wrong with it.
pub fn parse(headers: &HeaderMap, body: &[u8]) -> Result<Query, QueryError> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    Query::parse_body(kind, body)
}
