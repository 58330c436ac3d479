//! The cookie that holds a browser's session. Its prefix makes browsers refuse it from anybody but this very host, by whom only TLS and
//! loopback addresses are trusted.

use axum::http::header::{COOKIE, HeaderMap, HeaderValue};
use keyfob_authority::SessionToken;

use crate::error::Failure;

const NAME: &str = "__Host-keyfob";

/// No script reads it, and no other site's request carries it.
const ATTRIBUTES: &str = "Path=/; Secure; HttpOnly; SameSite=Strict";

/// Tokens have 44 characters.
const MAX_TOKEN: usize = 128;

/// Takes the cookie away.
pub const REMOVAL: HeaderValue =
    HeaderValue::from_static("__Host-keyfob=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict");

/// The token that a browser sends, where it sends one.
///
/// # Errors
/// [`Failure::NotSignedIn`] where it is no token, or there are two: which one counts is anybody's guess.
pub fn read(headers: &HeaderMap) -> Result<Option<SessionToken>, Failure> {
    let mut values = headers.get_all(COOKIE).iter().flat_map(|header| values(header.as_bytes()));
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => token(value).map(Some).ok_or(Failure::NotSignedIn),
        (Some(_), Some(_)) => Err(Failure::NotSignedIn),
    }
}

fn values(header: &[u8]) -> impl Iterator<Item = &[u8]> {
    let pairs = header.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
    pairs.filter_map(|pair| pair.strip_prefix(NAME.as_bytes())?.strip_prefix(b"="))
}

fn token(value: &[u8]) -> Option<SessionToken> {
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    let is_valid = (1..=MAX_TOKEN).contains(&value.len()) && value.iter().all(is_token);
    let text = std::str::from_utf8(value).ok().filter(|_| is_valid)?;
    Some(SessionToken::new(text.into()))
}

/// Gives the browser a token, in place of the one that it has.
///
/// # Errors
/// [`Failure::ServiceFailure`] where the token is no text for a header, which is a defect.
pub fn set(token: &SessionToken) -> Result<HeaderValue, Failure> {
    let text = zeroize::Zeroizing::new(format!("{NAME}={}; {ATTRIBUTES}", token.reveal()));
    let mut value = HeaderValue::from_str(&text).map_err(|error| Failure::internal(&error))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn sent(headers: &[&'static str]) -> Result<Option<String>, String> {
        let pairs = headers.iter().map(|header| (COOKIE, HeaderValue::from_static(header)));
        let mut map = HeaderMap::new();
        pairs.for_each(|(name, value)| {
            map.append(name, value);
        });
        let token = read(&map).map_err(|failure| failure.code().to_owned())?;
        Ok(token.map(|token| token.reveal().to_owned()))
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        assert_eq!(sent(&[]), Ok(None));
        assert_eq!(sent(&["a=b; keyfob=c; __Host-keyfob2=d; __host-keyfob=e; __Host-keyfob"]), Ok(None));
        let found = Ok(Some("aB+/=".to_owned()));
        assert_eq!(sent(&["__Host-keyfob=aB+/="]), found);
        assert_eq!(sent(&["a=b; __Host-keyfob=aB+/=;c=d"]), found);
        assert_eq!(sent(&["a=b", "__Host-keyfob=aB+/="]), found);
    }

    #[test]
    fn what_is_no_token_or_stands_twice_is_refused() {
        let refused = Err("NotSignedIn".to_owned());
        let long: &'static str = format!("__Host-keyfob={}", "a".repeat(129)).leak();
        for value in
            ["__Host-keyfob=", "__Host-keyfob=a b", "__Host-keyfob=\"a\"", "__Host-keyfob=a%20", long]
        {
            assert_eq!(sent(&[value]), refused, "{value}");
        }
        assert_eq!(sent(&["__Host-keyfob=a; __Host-keyfob=a"]), refused);
        assert_eq!(sent(&["__Host-keyfob=a", "__Host-keyfob=b"]), refused);
    }

    #[test]
    fn it_is_set_for_this_host_alone_and_hidden_from_scripts() {
        let value = set(&SessionToken::new("aB+/=".into())).unwrap();
        assert_eq!(value, "__Host-keyfob=aB+/=; Path=/; Secure; HttpOnly; SameSite=Strict");
        assert!(!format!("{value:?}").contains("aB"));
    }
}
