//! The one place that says which failure is which of AWS's errors.

use std::fmt::Display;

use axum::http::StatusCode;
use keyfob_authority::{AccessRefusal, Error, Refused, Unusable};
use keyfob_core::{AccountName, SerialNumber, Throttled};
use thiserror::Error;

use crate::parameter::{TagsError, ValidationError};
use crate::query::QueryError;
use crate::sigv4::SignatureError;

/// Why a request is not done. Displayed as AWS words it.
#[derive(Debug, Error)]
#[allow(clippy::enum_variant_names, reason = "as AWS calls them")]
pub enum Failure {
    /// What the authority refuses, as AWS has it.
    #[error("{as_aws}")]
    Refused {
        /// One of the others.
        as_aws: Box<Self>,
        /// Why, more exactly.
        refused: Refused,
    },
    /// The body.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The body is too long, or did not come.
    #[error("the body has more than 65536 bytes: send less at once")]
    BodyTooLarge,
    /// A seed file that is too long.
    #[error("the seed file is larger than 64 MiB: split it")]
    SeedFileTooLarge,
    /// A seed file of unknown length.
    #[error("say in Content-Length how many bytes the seed file has")]
    LengthRequired,
    /// The body did not come in time, or was cut off.
    #[error("the body did not come whole: send the request again")]
    BodyIncomplete,
    /// A file that is another one than was signed.
    #[error(
        "the file's SHA-256 is not the one that was signed in X-Amz-Content-Sha256: send the file that was signed"
    )]
    ContentHashMismatch,
    /// A parameter.
    #[error(transparent)]
    Validation(#[from] ValidationError),
    /// A parameter that is well formed and can't be used as things are.
    #[error("{0}")]
    InvalidInput(String),
    /// No `Action`.
    #[error("Missing Action: name one of the actions of this API")]
    MissingAction,
    /// No such action in this version of the API.
    #[error("Could not find operation {action} for version {version}")]
    InvalidAction {
        /// The action.
        action: String,
        /// The version.
        version: String,
    },
    /// The signature's form.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// The signature is for another service than the action's.
    #[error("Credential should be scoped to correct service: '{0}'.")]
    OtherService(&'static str),
    /// The access key or its session.
    #[error("The security token included in the request is invalid.")]
    InvalidClientTokenId,
    /// The session has ended.
    #[error("The security token included in the request is expired")]
    ExpiredToken,
    /// The signature.
    #[error(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and \
         signing method. Consult the service documentation for details."
    )]
    SignatureDoesNotMatch,
    /// Another site, or nobody knows who.
    #[error("The request does not come from a page of this service: open the page again, and sign in there")]
    CrossSiteRequest,
    /// Two that may have sent it.
    #[error("The request has a signature and a session's cookie: send one of them")]
    TwoProofs,
    /// Nobody has signed in with this browser.
    #[error("Nobody is signed in, or the session has ended: sign in")]
    NotSignedIn,
    /// Password or account.
    #[error("The user name or the password is wrong")]
    SignInFailed,
    /// Too many wrong passwords.
    #[error("Too many sign-ins have failed: wait {0} seconds, and try again")]
    TooManyRequests(u64),
    /// The caller may not.
    #[error("{0}")]
    AccessDenied(String),
    /// Wrong, used or malformed codes.
    #[error("Authentication code for device is not valid.")]
    InvalidAuthenticationCode,
    /// What is asked for is not there.
    #[error("{0}")]
    NoSuchEntity(String),
    /// What is to be made is there.
    #[error("{0}")]
    EntityAlreadyExists(String),
    /// To be tried again later, or after an administrator has looked.
    #[error("{0}")]
    EntityTemporarilyUnmodifiable(String),
    /// Something is in use.
    #[error("{0}")]
    DeleteConflict(String),
    /// As many as there may be.
    #[error("{0}")]
    LimitExceeded(String),
    /// Somebody else changed it at the same moment.
    #[error("{0}")]
    ConcurrentModification(String),
    /// It can't be decided; the log says why.
    #[error("The request can't be processed at the moment: try again, and look at the service's log")]
    ServiceFailure,
    /// Too many requests wait for the daemon.
    #[error("Too many requests are being processed: try again")]
    ServiceUnavailable,
}

impl Failure {
    /// A defect, or something that is out of order: told to the log alone.
    pub fn internal(error: &impl Display) -> Self {
        tracing::error!(%error, "a request can't be decided");
        Self::ServiceFailure
    }

    /// No such user.
    pub fn unknown_user(name: &AccountName) -> Self {
        Self::NoSuchEntity(format!("The user with name {name} cannot be found."))
    }

    /// No such device.
    pub fn unknown_device(serial: &SerialNumber) -> Self {
        Self::NoSuchEntity(format!("MFA Device with serial number {serial} does not exist."))
    }

    /// The user has no such device.
    pub fn not_the_users_device() -> Self {
        Self::NoSuchEntity("MFA Device invalid for user.".into())
    }

    /// AWS's code, without `Exception`: with it, clients don't know the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused { as_aws, .. } => as_aws.code(),
            Self::Query(_) => "MalformedQueryString",
            Self::BodyTooLarge | Self::SeedFileTooLarge => "RequestEntityTooLarge",
            Self::LengthRequired => "MissingContentLength",
            Self::BodyIncomplete => "IncompleteBody",
            Self::ContentHashMismatch => "XAmzContentSHA256Mismatch",
            Self::Validation(_) => "ValidationError",
            Self::InvalidInput(_) => "InvalidInput",
            Self::MissingAction => "MissingAction",
            Self::InvalidAction { .. } => "InvalidAction",
            Self::Signature(error) => signature_code(error),
            Self::OtherService(_) | Self::SignatureDoesNotMatch => "SignatureDoesNotMatch",
            Self::InvalidClientTokenId => "InvalidClientTokenId",
            Self::ExpiredToken => "ExpiredToken",
            Self::CrossSiteRequest => "CrossSiteRequest",
            Self::TwoProofs => "AmbiguousAuthentication",
            Self::NotSignedIn => "NotSignedIn",
            Self::SignInFailed => "SignInFailed",
            Self::TooManyRequests(_) => "TooManyRequests",
            Self::AccessDenied(_) => "AccessDenied",
            Self::InvalidAuthenticationCode => "InvalidAuthenticationCode",
            Self::NoSuchEntity(_) => "NoSuchEntity",
            Self::EntityAlreadyExists(_) => "EntityAlreadyExists",
            Self::EntityTemporarilyUnmodifiable(_) => "EntityTemporarilyUnmodifiable",
            Self::DeleteConflict(_) => "DeleteConflict",
            Self::LimitExceeded(_) => "LimitExceeded",
            Self::ConcurrentModification(_) => "ConcurrentModification",
            Self::ServiceFailure => "ServiceFailure",
            Self::ServiceUnavailable => "ServiceUnavailable",
        }
    }

    /// Its HTTP status. Clients send again what gets a 5xx, and nothing else.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Refused { as_aws, .. } => as_aws.status(),
            Self::TooManyRequests(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Query(_)
            | Self::BodyIncomplete
            | Self::ContentHashMismatch
            | Self::Validation(_)
            | Self::InvalidInput(_)
            | Self::MissingAction
            | Self::InvalidAction { .. } => StatusCode::BAD_REQUEST,
            Self::BodyTooLarge | Self::SeedFileTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::LengthRequired => StatusCode::LENGTH_REQUIRED,
            Self::Signature(_)
            | Self::OtherService(_)
            | Self::SignatureDoesNotMatch
            | Self::InvalidClientTokenId
            | Self::ExpiredToken
            | Self::CrossSiteRequest
            | Self::TwoProofs
            | Self::NotSignedIn
            | Self::SignInFailed
            | Self::AccessDenied(_)
            | Self::InvalidAuthenticationCode => StatusCode::FORBIDDEN,
            Self::NoSuchEntity(_) => StatusCode::NOT_FOUND,
            Self::EntityAlreadyExists(_)
            | Self::EntityTemporarilyUnmodifiable(_)
            | Self::DeleteConflict(_)
            | Self::LimitExceeded(_)
            | Self::ConcurrentModification(_) => StatusCode::CONFLICT,
            Self::ServiceFailure => StatusCode::INTERNAL_SERVER_ERROR,
            Self::ServiceUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Who is to blame (AWS: `Type`).
    pub fn fault(&self) -> &'static str {
        if self.is_server_error() { "Receiver" } else { "Sender" }
    }

    /// Whether the service is to blame.
    pub fn is_server_error(&self) -> bool {
        self.status().is_server_error()
    }

    /// Without what AWS does not tell.
    pub fn as_aws(&self) -> &Self {
        match self {
            Self::Refused { as_aws, .. } => as_aws,
            other => other,
        }
    }

    /// Whether a page is to offer a resync.
    pub const fn offers_resync(&self) -> bool {
        matches!(self.refused(), Some(Refused::WrongCodes))
    }

    /// What the authority refused.
    pub const fn refused(&self) -> Option<&Refused> {
        match self {
            Self::Refused { refused, .. } => Some(refused),
            _ => None,
        }
    }
}

const fn signature_code(error: &SignatureError) -> &'static str {
    match error {
        SignatureError::MissingAuthenticationToken => "MissingAuthenticationToken",
        SignatureError::IncompleteSignature(_) => "IncompleteSignature",
        SignatureError::InvalidClientTokenId => "InvalidClientTokenId",
        SignatureError::SignatureDoesNotMatch(_) => "SignatureDoesNotMatch",
        SignatureError::RequestExpired => "RequestExpired",
    }
}

impl From<TagsError> for Failure {
    fn from(error: TagsError) -> Self {
        match error {
            TagsError::Member(error) => error.into(),
            TagsError::Query(error) => error.into(),
            TagsError::DuplicateKey => Self::InvalidInput(error.to_string()),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refused) => refused.into(),
            Error::Unusable(Unusable::ConcurrentModification(serial)) => Self::ConcurrentModification(
                format!("The device {serial} was changed at the same moment: try again"),
            ),
            Error::Unusable(unusable) => Self::internal(&unusable),
        }
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Refused { as_aws: Box::new(Self::as_aws_has_it(refused.clone())), refused }
    }
}

impl Failure {
    fn as_aws_has_it(refused: Refused) -> Self {
        match refused {
            Refused::Malformed
            | Refused::WrongCode
            | Refused::WrongCodes
            | Refused::AlreadyUsed
            | Refused::Pair(_) => Self::InvalidAuthenticationCode,
            Refused::Throttled(throttled) => Self::EntityTemporarilyUnmodifiable(wait(throttled)),
            Refused::NoDevice(_) | Refused::NotAssociated { .. } => Self::not_the_users_device(),
            Refused::UnknownSerialNumber(serial) => Self::unknown_device(&serial),
            Refused::Taken { .. } => Self::EntityAlreadyExists("MFA Device is already in use.".into()),
            Refused::KnownAccount(name) => {
                Self::EntityAlreadyExists(format!("User with name {name} already exists."))
            }
            Refused::KnownSerialNumber(_) => {
                Self::EntityAlreadyExists("MFADevice entity at the same path and name already exists.".into())
            }
            Refused::DeviceLimit(_) => {
                Self::LimitExceeded("Cannot exceed quota for MFADevicesPerUser: 8".into())
            }
            Refused::HasDevices(_) => {
                Self::DeleteConflict("Cannot delete entity, must deactivate MFA devices first.".into())
            }
            Refused::UnknownSession => Self::NoSuchEntity(refused.to_string()),
            Refused::UnassociatedLimit(_)
            | Refused::TagLimit(_)
            | Refused::AccessKeyLimit(_)
            | Refused::ImportLimit
            | Refused::TooManyDevices => Self::LimitExceeded(refused.to_string()),
            Refused::UnknownAccount(name) => Self::unknown_user(&name),
            Refused::Recreated { .. } => Self::EntityTemporarilyUnmodifiable(refused.to_string()),
            Refused::Access(refusal) => refusal.into(),
        }
    }
}

impl From<AccessRefusal> for Failure {
    fn from(refusal: AccessRefusal) -> Self {
        match refusal {
            AccessRefusal::UnknownAccessKey => Self::InvalidClientTokenId,
            AccessRefusal::WrongSignature => Self::SignatureDoesNotMatch,
            AccessRefusal::ExpiredSession => Self::ExpiredToken,
            AccessRefusal::NotSignedIn => Self::NotSignedIn,
            AccessRefusal::WrongPassword => Self::SignInFailed,
            AccessRefusal::Repeated | AccessRefusal::NotAllowed | AccessRefusal::CodeRequired => {
                Self::AccessDenied(refusal.to_string())
            }
        }
    }
}

/// Never a throttling error, which clients answer by sending the same code again.
fn wait(throttled: Throttled) -> String {
    match throttled {
        Throttled::Until(_) => "Too many wrong codes were entered. Wait some minutes and try again.".into(),
        Throttled::Locked => {
            "Too many wrong codes were entered. An administrator has to unlock the user with `keyfob user unlock`.".into()
        }
    }
}
