//! A form of the enrollment service's, whose parameters each stand once: the service and the daemon read it alike.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;
use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

/// The parameters of a form or a query, by name. Their values wipe themselves, since some are codes.
pub struct Form(BTreeMap<String, Zeroizing<String>>);

/// Why a body has no parameters that can be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FormError {
    /// Its type is another.
    #[error("send the parameters as application/x-www-form-urlencoded")]
    OtherType,
    /// Something in it is not `name=value`, percent-encoded.
    #[error("the body is not a form: send name=value, percent-encoded, joined by &")]
    NotAForm,
    /// Something in it is not UTF-8.
    #[error("the body is not UTF-8: encode the parameters as UTF-8")]
    NotUtf8,
    /// A parameter stands twice: which one counts is anybody's guess.
    #[error("the parameter {0} stands twice: send it once")]
    Repeated(String),
    /// The number of a list's member is none.
    #[error("the parameter {0} has no number: members are numbered from 1")]
    NotNumbered(String),
}

impl Form {
    /// Reads a body of this type.
    ///
    /// # Errors
    /// [`FormError`] says what is wrong with it.
    pub fn parse_body(kind: &str, body: &[u8]) -> Result<Self, FormError> {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(FormError::OtherType);
        }
        Self::parse(body)
    }

    /// Reads a form, or a query.
    ///
    /// # Errors
    /// [`FormError`] says what is wrong with it.
    pub fn parse(body: &[u8]) -> Result<Self, FormError> {
        let body = std::str::from_utf8(body).map_err(|_| FormError::NotUtf8)?;
        let mut parameters = BTreeMap::new();
        for pair in body.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').ok_or(FormError::NotAForm)?;
            let name = decoded(name)?.to_string();
            if parameters.contains_key(&name) {
                return Err(FormError::Repeated(printable(&name)));
            }
            parameters.insert(name, decoded(value)?);
        }
        Ok(Self(parameters))
    }

    /// The value of a parameter, where it was sent.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.as_str())
    }

    /// All parameters, by name.
    #[cfg(feature = "server")]
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The members of a list, `LIST.member.1` or `LIST.member.1.…`, in the order of their numbers: the names they go by.
    ///
    /// # Errors
    /// [`FormError::NotNumbered`].
    pub fn members(&self, list: &str) -> Result<Vec<String>, FormError> {
        let prefix = format!("{list}.member.");
        let sent = self.0.keys().filter_map(|name| Some((name, name.strip_prefix(&prefix)?)));
        let numbers: Result<BTreeSet<u16>, _> = sent
            .map(|(name, rest)| number(rest).ok_or_else(|| FormError::NotNumbered(printable(name))))
            .collect();
        Ok(numbers?.into_iter().map(|number| format!("{prefix}{number}")).collect())
    }
}

/// The number in front of a member's field, written in one way only, so that none can stand twice.
fn number(rest: &str) -> Option<u16> {
    let digits = rest.split_once('.').map_or(rest, |(digits, _)| digits);
    digits.parse().ok().filter(|number: &u16| *number > 0 && number.to_string() == digits)
}

fn decoded(text: &str) -> Result<Zeroizing<String>, FormError> {
    if !escapes_are_whole(text) {
        return Err(FormError::NotAForm);
    }
    let mut spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().map(|text| Zeroizing::new(text.into_owned()));
    spaced.zeroize();
    decoded.map_err(|_| FormError::NotUtf8)
}

fn escapes_are_whole(text: &str) -> bool {
    let is_escape =
        |rest: &str| rest.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    text.split('%').skip(1).all(is_escape)
}

/// The name of a parameter as a message shows it.
fn printable(name: &str) -> String {
    keyfob_core::escape(&name.chars().take(64).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(body: &[u8]) -> Option<FormError> {
        Form::parse(body).err()
    }

    #[test]
    fn parameters_are_decoded() -> Result<(), FormError> {
        let query = Form::parse(b"Action=ListMFADevices&UserName=a%2Bb+c&Marker=&&Z=%C3%AB")?;
        assert_eq!(query.get("UserName"), Some("a+b c"));
        assert_eq!(query.get("Marker"), Some(""));
        assert_eq!(query.get("Z"), Some("\u{eb}"));
        assert_eq!(query.get("MaxItems"), None);
        Ok(())
    }

    #[test]
    fn what_is_no_form_is_refused() {
        assert_eq!(error(b"{\"Action\":\"ListMFADevices\"}"), Some(FormError::NotAForm));
        assert_eq!(error(b"Action=a%"), Some(FormError::NotAForm));
        assert_eq!(error(b"Action=a%2"), Some(FormError::NotAForm));
        assert_eq!(error(b"Action=a%zz"), Some(FormError::NotAForm));
        assert_eq!(error(b"Action=a%\xc3\xab"), Some(FormError::NotAForm));
        assert_eq!(error(b"Action"), Some(FormError::NotAForm));
    }

    #[test]
    fn what_is_not_utf8_is_refused() {
        assert_eq!(error(b"UserName=\xff"), Some(FormError::NotUtf8));
        assert_eq!(error(b"UserName=%ff"), Some(FormError::NotUtf8));
        assert_eq!(error(b"%ff=a"), Some(FormError::NotUtf8));
    }

    #[test]
    fn a_repeated_parameter_is_refused_however_it_is_written() {
        assert_eq!(error(b"A=1&B=2&A=1"), Some(FormError::Repeated("A".into())));
        assert_eq!(error(b"A=1&%41=2"), Some(FormError::Repeated("A".into())));
    }

    #[test]
    fn members_come_in_the_order_of_their_numbers() -> Result<(), FormError> {
        let query =
            Form::parse(b"T.member.10.Key=c&T.member.2.Key=b&T.member.2.Value=x&T.member.1.Key=a&Tx=1")?;
        assert_eq!(query.members("T")?, ["T.member.1", "T.member.2", "T.member.10"]);
        assert!(query.members("Tags")?.is_empty());
        Ok(())
    }

    #[test]
    fn a_member_has_one_number() -> Result<(), FormError> {
        for name in ["0", "01", "-1", "+1", "x", "", "65536", "1e3"] {
            let body = format!("T.member.{}.Key=a", name.replace('+', "%2B"));
            let query = Form::parse(body.as_bytes())?;
            assert!(matches!(query.members("T"), Err(FormError::NotNumbered(_))), "{name}");
        }
        Ok(())
    }
}
