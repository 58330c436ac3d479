use keyfob_core::{SerialNumber, UnixTime};
use keyfob_store::SessionId;
use serde::{Deserialize, Serialize};

use crate::{Begin, SessionToken, SignedIn, SignedRequest};

/// What proves on whose behalf the enrollment service asks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Proof {
    /// A request that was signed with an access key.
    Signature(Box<SignedRequest>),
    /// The cookie of a browser's session.
    Session(SessionToken),
}

impl From<SignedRequest> for Proof {
    fn from(signed: SignedRequest) -> Self {
        Self::Signature(Box::new(signed))
    }
}

/// A browser's session as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrowserSession {
    /// Its name.
    pub id: SessionId,
    /// Whether it began with a code.
    pub with_code: bool,
    /// Since when.
    pub created: UnixTime,
    /// When it was last used, to the minute.
    pub last_used: UnixTime,
    /// When it ends if it is not used.
    pub idle_expires: UnixTime,
    /// When it ends, however much it is used.
    pub expires: UnixTime,
    /// Where it comes from, escaped.
    pub remote: Option<String>,
}

/// What follows from a right password.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StartedSession {
    /// The browser's token from now on; none while tries are throttled.
    pub token: Option<SessionToken>,
    /// What the sign-in has to do next; where a code is not required, the session is signed in.
    pub next: Begin,
}

/// A sign-in that was ended by a code or a recovery code.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SessionSignedIn {
    /// The browser's token from now on.
    pub token: SessionToken,
    /// By what, and what has happened since.
    pub signed_in: SignedIn,
}

/// A device that was resynchronised in the middle of a sign-in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Resynchronised {
    /// The browser's token from now on.
    pub token: SessionToken,
    /// Which device it was.
    pub serial: SerialNumber,
}
