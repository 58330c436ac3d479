//! What keeps other sites from using a browser's session: the browser says where a request comes from, and whoever holds the session says
//! something that only its own page has been told.

use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use data_encoding::HEXLOWER;
use keyfob_authority::SessionToken;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::error::Failure;

/// The header of [`token`].
const TOKEN: &str = "x-keyfob-csrf";

/// How browsers reach the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// In the clear, which browsers take for safe on loopback addresses.
    Http,
    /// By TLS, spoken here or by a proxy in front.
    Https,
}

/// What a page says with each request of a session. It changes with the session's token, which no script can read, and does not betray it.
pub fn token(session: &SessionToken) -> String {
    HEXLOWER.encode(&Sha256::new().chain_update("keyfob csrf ").chain_update(session.reveal()).finalize())
}

/// Whether a browser sends it: programs that sign say no such thing.
pub fn is_from_browser(headers: &HeaderMap) -> bool {
    headers.contains_key("sec-fetch-site") || headers.contains_key(ORIGIN)
}

/// Whether a request comes from a page of ours. Browsers that don't say it so say at least which origin the page has.
///
/// # Errors
/// [`Failure::CrossSiteRequest`].
pub fn check_origin(headers: &HeaderMap, scheme: Scheme) -> Result<(), Failure> {
    let is_ours = if headers.contains_key("sec-fetch-site") {
        only(headers, "sec-fetch-site") == Some("same-origin")
    } else {
        let scheme = match scheme {
            Scheme::Http => "http://",
            Scheme::Https => "https://",
        };
        let host = only(headers, ORIGIN.as_str()).and_then(|origin| origin.strip_prefix(scheme));
        host.is_some_and(|host| {
            only(headers, HOST.as_str()).is_some_and(|own| own.eq_ignore_ascii_case(host))
        })
    };
    if is_ours { Ok(()) } else { Err(Failure::CrossSiteRequest) }
}

/// Whether whoever sends a request has been told the session's token.
///
/// # Errors
/// [`Failure::CrossSiteRequest`].
pub fn check_token(headers: &HeaderMap, session: &SessionToken) -> Result<(), Failure> {
    let told = only(headers, TOKEN).unwrap_or_default();
    if bool::from(told.as_bytes().ct_eq(token(session).as_bytes())) {
        Ok(())
    } else {
        Err(Failure::CrossSiteRequest)
    }
}

/// The value of a header that stands there once.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}
