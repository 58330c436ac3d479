//! The parameters of the actions: what each of them may be, with AWS's messages where one is something else.

use std::fmt::{self, Display};
use std::str::FromStr;

use keyfob_authority::{DEFAULT_SESSION_SECONDS, EventId, RecoveryCodeLifetime, SESSION_SECONDS, SessionId};
use keyfob_core::{AccountName, Code, SerialNumber};
use keyfob_tokens::Format;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::query::{Query, QueryError};

/// A text parameter, and what it may be.
pub struct Parameter {
    name: &'static str,
    min: usize,
    max: usize,
    pattern: &'static str,
    allows: fn(char) -> bool,
    /// Its value is shown in no message.
    is_secret: bool,
}

/// A parameter that is not what it may be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("1 validation error detected: Value {value}at '{member}' failed to satisfy constraint: {constraint}")]
pub struct ValidationError {
    member: String,
    value: Shown,
    constraint: Constraint,
}

/// A value as a message shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shown {
    Null,
    Text(String),
    Hidden,
}

/// What a parameter has to satisfy, in AWS's words.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
enum Constraint {
    #[error("Member must not be null")]
    NotNull,
    #[error("Member must have length greater than or equal to {0}")]
    MinLength(usize),
    #[error("Member must have length less than or equal to {0}")]
    MaxLength(usize),
    #[error("Member must satisfy regular expression pattern: {0}")]
    Pattern(&'static str),
    #[error("Member must have value greater than or equal to {0}")]
    MinValue(u32),
    #[error("Member must have value less than or equal to {0}")]
    MaxValue(u32),
    #[error("Member must satisfy enum value set: {0}")]
    OneOf(&'static str),
}

/// Why a list of tags can't be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TagsError {
    /// One of them.
    #[error(transparent)]
    Member(#[from] ValidationError),
    /// Their numbers.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// A key stands twice.
    #[error("Duplicate tag keys found. Please note that Tag keys are case insensitive.")]
    DuplicateKey,
}

/// Which part of a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging {
    /// The last item of the page before.
    pub marker: Option<String>,
    /// How many items at most.
    pub max_items: usize,
}

/// Which part of a long list is asked for, whose items are found by their key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<Key> {
    /// The last item of the page before.
    pub after: Option<Key>,
    /// How many items at most.
    pub max_items: usize,
}

impl<Key> Part<Key> {
    /// How many items to ask for: one more shows that there are more.
    pub fn limit(&self) -> u32 {
        u32::try_from(self.max_items).unwrap_or(u32::MAX).saturating_add(1)
    }
}

/// Most tags of one request.
const MAX_TAGS: usize = 50;

const fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '=' | ',' | '.' | '@' | '-')
}

const fn is_serial(c: char) -> bool {
    is_name(c) || matches!(c, '/' | ':')
}

const fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

const fn is_base32(c: char) -> bool {
    matches!(c, 'A'..='Z' | '2'..='7')
}

fn is_printable(c: char) -> bool {
    !c.is_control()
}

/// AWS: letters, digits and white space of any language, and `_.:/=+-@`.
fn is_tag(c: char) -> bool {
    c.is_alphanumeric() || c == ' ' || "_.:/=+-@".contains(c)
}

const fn text(name: &'static str, max: usize, pattern: &'static str, allows: fn(char) -> bool) -> Parameter {
    Parameter { name, min: 1, max, pattern, allows, is_secret: false }
}

const fn secret(
    name: &'static str,
    max: usize,
    pattern: &'static str,
    allows: fn(char) -> bool,
) -> Parameter {
    Parameter { is_secret: true, ..text(name, max, pattern, allows) }
}

/// As long as the shortest and the longest code of a token; AWS knows those of 6 digits alone.
const fn code(name: &'static str) -> Parameter {
    Parameter { name, min: 6, max: 10, pattern: r"[\d]+", allows: is_digit, is_secret: true }
}

/// AWS knows ASCII names alone; systems and directories have others, which their owners sign in with.
const USER_NAME: Parameter = text("UserName", 128, r"[\w+=,.@-]+", |_| true);
/// AWS asks for at least 9 characters; real tokens have shorter serial numbers too.
const SERIAL_NUMBER: Parameter = text("SerialNumber", 256, r"[\w+=/:,.@-]+", is_serial);
const CODE_1: Parameter = code("AuthenticationCode1");
const CODE_2: Parameter = code("AuthenticationCode2");
const TOKEN_CODE: Parameter = code("TokenCode");
/// Any text, since some systems have other names than AWS; what can't be one is as wrong as any other.
const ANY_USER_NAME: Parameter = text("UserName", 128, ".+", |_| true);
/// As long as PAM takes it (`PAM_MAX_RESP_SIZE`).
const PASSWORD: Parameter = secret("Password", 511, r"[^\u0000]+", |c| c != '\0');
const CODE_OR_RECOVERY_CODE: Parameter = secret("Code", 64, r"[^\u0000]+", |c| c != '\0');
const SESSION_ID: Parameter = Parameter { min: 26, ..text("SessionId", 26, "[A-Z2-7]+", is_base32) };
const DEVICE_NAME: Parameter = text("VirtualMFADeviceName", 226, r"[\w+=,.@-]+", is_name);
const PATH: Parameter = text("Path", 512, r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)", is_serial);
const PATH_PREFIX: Parameter = text("PathPrefix", 512, r"\u002F[\u0021-\u007F]*", is_printable);
const MARKER: Parameter = text("Marker", 320, r"[\u0020-\u00FF]+", is_printable);
const FILTER: Parameter = text("Filter", 128, r"[\u0020-\u00FF]+", is_printable);
const AFTER: Parameter = text("After", 18, r"[\d]+", is_digit);
const BEFORE: Parameter = text("Before", 18, r"[\d]+", is_digit);
const TAG_KEY: Parameter = text("Key", 128, r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+", is_tag);
const TAG_VALUE: Parameter =
    Parameter { min: 0, ..text("Value", 256, r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", is_tag) };

/// `UserName`, which has to be there.
pub fn user_name(query: &Query) -> Result<AccountName, ValidationError> {
    USER_NAME.required(query)
}

/// `UserName`, where it was sent.
pub fn optional_user_name(query: &Query) -> Result<Option<AccountName>, ValidationError> {
    USER_NAME.optional(query)
}

/// `UserName` and `Password` of a browser's sign-in.
pub fn name_and_password(query: &Query) -> Result<(&str, Zeroizing<String>), ValidationError> {
    let name = ANY_USER_NAME.required_text(query)?;
    Ok((name, Zeroizing::new(PASSWORD.required_text(query)?.to_owned())))
}

/// `Code` of a browser's sign-in.
pub fn code_or_recovery_code(query: &Query) -> Result<Zeroizing<String>, ValidationError> {
    Ok(Zeroizing::new(CODE_OR_RECOVERY_CODE.required_text(query)?.to_owned()))
}

/// `SessionId` of a browser's session.
pub fn session_id(query: &Query) -> Result<SessionId, ValidationError> {
    SESSION_ID.required(query)
}

/// `SerialNumber`, which has to be there.
pub fn serial_number(query: &Query) -> Result<SerialNumber, ValidationError> {
    SERIAL_NUMBER.required(query)
}

/// `SerialNumber`, where it was sent.
pub fn optional_serial_number(query: &Query) -> Result<Option<SerialNumber>, ValidationError> {
    SERIAL_NUMBER.optional(query)
}

/// `AuthenticationCode1` and `AuthenticationCode2`.
pub fn codes(query: &Query) -> Result<[Code; 2], ValidationError> {
    Ok([CODE_1.required_code(query)?, CODE_2.required_code(query)?])
}

/// `AuthenticationCode1`, and `AuthenticationCode2` where it was sent.
pub fn codes_to_find(query: &Query) -> Result<(Code, Option<Code>), ValidationError> {
    let code2 = query.get(CODE_2.name).map(|_| CODE_2.required_code(query)).transpose()?;
    Ok((CODE_1.required_code(query)?, code2))
}

/// `TokenCode`, where it was sent.
pub fn optional_token_code(query: &Query) -> Result<Option<Code>, ValidationError> {
    query.get(TOKEN_CODE.name).map(|_| TOKEN_CODE.required_code(query)).transpose()
}

/// `DurationSeconds` of a session.
pub fn duration_seconds(query: &Query) -> Result<u32, ValidationError> {
    let (least, most) = (*SESSION_SECONDS.start(), *SESSION_SECONDS.end());
    number(query, "DurationSeconds", least, most, DEFAULT_SESSION_SECONDS)
}

/// `ExpiresIn` of a recovery code, in seconds, where it was sent.
pub fn expires_in(query: &Query) -> Result<Option<RecoveryCodeLifetime>, ValidationError> {
    const NAME: &str = "ExpiresIn";
    const MAX: u32 = RecoveryCodeLifetime::MAX;
    let Some(text) = query.get(NAME) else { return Ok(None) };
    let seconds = number(query, NAME, RecoveryCodeLifetime::MIN, MAX, MAX)?;
    seconds.try_into().map(Some).map_err(|_| invalid(NAME, text, Constraint::MaxValue(MAX)))
}

/// `Path` and `VirtualMFADeviceName`, as they stand in a serial number: `/path/name`.
pub fn device_path(query: &Query) -> Result<String, ValidationError> {
    let (name, path) = (DEVICE_NAME.required_text(query)?, path(query)?);
    // The whole has to fit into a serial number.
    if path.len() + name.len() > SerialNumber::MAX_LENGTH - crate::arn::DEVICE_PREFIX.len() {
        return Err(PATH.invalid(path, Constraint::MaxLength(SerialNumber::MAX_LENGTH)));
    }
    Ok(format!("{path}{name}"))
}

/// `Path` of a user, which is `/`: an account has no other.
pub fn user_path(query: &Query) -> Result<(), ValidationError> {
    let path = path(query)?;
    if path == "/" { Ok(()) } else { Err(PATH.invalid(path, Constraint::OneOf("[/]"))) }
}

/// Whether users of the path `/` have the `PathPrefix`.
pub fn path_prefix_fits(query: &Query) -> Result<bool, ValidationError> {
    let prefix = PATH_PREFIX.optional_text(query)?.unwrap_or("/");
    if prefix.starts_with('/') && prefix.bytes().all(|byte| matches!(byte, 0x21..=0x7f)) {
        return Ok(prefix == "/");
    }
    Err(PATH_PREFIX.invalid(prefix, Constraint::Pattern(PATH_PREFIX.pattern)))
}

fn path(query: &Query) -> Result<&str, ValidationError> {
    let path = PATH.optional_text(query)?.unwrap_or("/");
    let is_path = path.starts_with('/') && path.ends_with('/') && path != "//";
    if is_path { Ok(path) } else { Err(PATH.invalid(path, Constraint::Pattern(PATH.pattern))) }
}

/// `AssignmentStatus`: devices that somebody has, or nobody; `None`: all.
pub fn assignment_status(query: &Query) -> Result<Option<bool>, ValidationError> {
    const NAME: &str = "AssignmentStatus";
    match query.get(NAME) {
        Some("Assigned") => Ok(Some(true)),
        Some("Unassigned") => Ok(Some(false)),
        Some("Any") | None => Ok(None),
        Some(other) => Err(invalid(NAME, other, Constraint::OneOf("[Assigned, Unassigned, Any]"))),
    }
}

/// `Marker` and `MaxItems`.
pub fn paging(query: &Query) -> Result<Paging, ValidationError> {
    let marker = MARKER.optional_text(query)?.map(str::to_owned);
    Ok(Paging { marker, max_items: usize::try_from(max_items(query)?).unwrap_or(usize::MAX) })
}

/// `Marker` and `MaxItems`, where a marker is a key.
pub fn part<Key: FromStr>(query: &Query) -> Result<Part<Key>, ValidationError> {
    let max_items = paging(query)?.max_items;
    Ok(Part { after: MARKER.optional(query)?, max_items })
}

/// `DryRun` and `SkipRejects` of an import.
pub fn flag(query: &Query, name: &str) -> Result<bool, ValidationError> {
    match query.get(name) {
        Some("true") => Ok(true),
        Some("false") | None => Ok(false),
        Some(other) => Err(invalid(name, other, Constraint::OneOf("[true, false]"))),
    }
}

/// `Format` of a seed file, where it was sent.
pub fn seed_file_format(query: &Query) -> Result<Option<Format>, ValidationError> {
    const NAME: &str = "Format";
    let wrong = |other: &str| invalid(NAME, other, Constraint::OneOf("[pskc, csv, otpauth]"));
    query.get(NAME).map(|text| text.parse().map_err(|_| wrong(text))).transpose()
}

/// `Filter` of a list of devices.
pub fn filter(query: &Query) -> Result<Option<String>, ValidationError> {
    Ok(FILTER.optional_text(query)?.map(str::to_owned))
}

/// `After` and `Before`: the numbers of events.
pub fn event_range(query: &Query) -> Result<[Option<EventId>; 2], ValidationError> {
    let id = |parameter: Parameter| Ok(parameter.optional(query)?.map(EventId));
    Ok([id(AFTER)?, id(BEFORE)?])
}

/// `MaxItems` of a list that has no marker.
pub fn max_items(query: &Query) -> Result<u32, ValidationError> {
    number(query, "MaxItems", 1, 1000, 100)
}

/// `Tags`, each key once.
pub fn tags(query: &Query) -> Result<Vec<(String, String)>, TagsError> {
    let members = members(query, "Tags")?;
    let mut tags: Vec<(String, String)> = Vec::with_capacity(members.len());
    for member in members {
        let key = TAG_KEY.member_of(query, &member, "Key")?;
        if tags.iter().any(|(other, _)| other.to_lowercase() == key.to_lowercase()) {
            return Err(TagsError::DuplicateKey);
        }
        tags.push((key, TAG_VALUE.member_of(query, &member, "Value")?));
    }
    Ok(tags)
}

/// `Tags` of an action that is about them: at least one.
pub fn required_tags(query: &Query) -> Result<Vec<(String, String)>, TagsError> {
    let tags = tags(query)?;
    if tags.is_empty() { Err(null("Tags").into()) } else { Ok(tags) }
}

/// `TagKeys`, at least one.
pub fn tag_keys(query: &Query) -> Result<Vec<String>, TagsError> {
    let members = members(query, "TagKeys")?;
    if members.is_empty() {
        return Err(null("TagKeys").into());
    }
    Ok(members.iter().map(|member| TAG_KEY.check(member, query.get(member))).collect::<Result<_, _>>()?)
}

fn members(query: &Query, list: &str) -> Result<Vec<String>, TagsError> {
    let members = query.members(list)?;
    if members.len() > MAX_TAGS {
        let count = format!("{} members", members.len());
        return Err(invalid(list, &count, Constraint::MaxLength(MAX_TAGS)).into());
    }
    Ok(members)
}

/// A number between `min` and `max`, or `default` where none was sent.
fn number(query: &Query, name: &str, min: u32, max: u32, default: u32) -> Result<u32, ValidationError> {
    let Some(text) = query.get(name) else { return Ok(default) };
    let is_number = !text.is_empty() && text.chars().all(is_digit);
    match text.parse::<u32>() {
        _ if !is_number => Err(invalid(name, text, Constraint::Pattern(r"[\d]+"))),
        Ok(number) if number < min => Err(invalid(name, text, Constraint::MinValue(min))),
        Ok(number) if number <= max => Ok(number),
        _ => Err(invalid(name, text, Constraint::MaxValue(max))),
    }
}

impl Parameter {
    fn required<T: FromStr>(&self, query: &Query) -> Result<T, ValidationError> {
        let text = self.required_text(query)?;
        text.parse().map_err(|_| self.invalid(text, Constraint::Pattern(self.pattern)))
    }

    fn optional<T: FromStr>(&self, query: &Query) -> Result<Option<T>, ValidationError> {
        query.get(self.name).map(|_| self.required(query)).transpose()
    }

    fn required_code(&self, query: &Query) -> Result<Code, ValidationError> {
        let text = self.required_text(query)?;
        Code::parse(text).map_err(|_| self.invalid(text, Constraint::Pattern(self.pattern)))
    }

    fn required_text<'a>(&self, query: &'a Query) -> Result<&'a str, ValidationError> {
        let text = query.get(self.name).ok_or_else(|| null(self.name))?;
        self.mistake(text).map_or(Ok(text), |constraint| Err(self.invalid(text, constraint)))
    }

    fn optional_text<'a>(&self, query: &'a Query) -> Result<Option<&'a str>, ValidationError> {
        query.get(self.name).map(|_| self.required_text(query)).transpose()
    }

    fn member_of(&self, query: &Query, member: &str, field: &str) -> Result<String, ValidationError> {
        let name = format!("{member}.{field}");
        self.check(&name, query.get(&name))
    }

    /// As this parameter, under another name.
    fn check(&self, name: &str, text: Option<&str>) -> Result<String, ValidationError> {
        let text = text.ok_or_else(|| null(name))?;
        self.mistake(text).map_or(Ok(text.to_owned()), |constraint| Err(invalid(name, text, constraint)))
    }

    fn mistake(&self, text: &str) -> Option<Constraint> {
        let length = text.chars().count();
        if length < self.min {
            Some(Constraint::MinLength(self.min))
        } else if length > self.max {
            Some(Constraint::MaxLength(self.max))
        } else if !text.chars().all(self.allows) {
            Some(Constraint::Pattern(self.pattern))
        } else {
            None
        }
    }

    fn invalid(&self, text: &str, constraint: Constraint) -> ValidationError {
        let value = if self.is_secret { Shown::Hidden } else { Shown::text(text) };
        ValidationError { member: member_name(self.name), value, constraint }
    }
}

fn null(name: &str) -> ValidationError {
    ValidationError { member: member_name(name), value: Shown::Null, constraint: Constraint::NotNull }
}

fn invalid(name: &str, text: &str, constraint: Constraint) -> ValidationError {
    ValidationError { member: member_name(name), value: Shown::text(text), constraint }
}

/// AWS's messages write `UserName` as `userName`, and `Tags.member.1.Key` as `tags.1.member.key`.
fn member_name(name: &str) -> String {
    if let Some((list, member)) = name.split_once(".member.") {
        let (number, field) = member.split_once('.').unwrap_or((member, ""));
        let separator = if field.is_empty() { "" } else { "." };
        return format!("{}.{number}.member{separator}{}", member_name(list), member_name(field));
    }
    let mut letters = name.chars();
    letters
        .next()
        .map_or_else(String::new, |first| format!("{}{}", first.to_ascii_lowercase(), letters.as_str()))
}

impl Shown {
    /// Values are shown, but not without end.
    fn text(text: &str) -> Self {
        Self::Text(keyfob_core::escape(&text.chars().take(512).collect::<String>()))
    }
}

impl Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null "),
            Self::Text(text) => write!(f, "'{text}' "),
            Self::Hidden => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
