//! What is said over the socket: a [`Request`], and in answer any number of [`Message::Progress`] and one other [`Message`].

use std::io;

use keyfob_authority::{
    AccessKey, AccessKeyId, AccessKeySummary, AccountStatus, AccountSummary, Begin, Begun, BrowserSession,
    Caller, DeviceFilter, DeviceSummary, Event, EventFilter, ImportMode, ImportReport, PolicySummary,
    Principal, Proof, RecoveryCodeLifetime, Refused, Resynchronised, SearchPlace, Searched,
    SessionCredentials, SessionId, SessionSignedIn, SessionToken, SignedIn, StartedSession, StoredDrift,
    Totals,
};
use keyfob_core::{
    AccountName, ImportedDevice, Parameters, Position, RecoveryCode, SerialNumber, Submission, UnixTime,
};
use postcard::ser_flavors::Size;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::frame;

/// What is sent: a request, and what proves on whose behalf the enrollment service sends it. Without a proof it is the sender's own.
#[cfg(feature = "server")]
pub type Sent = (Option<Proof>, Request);

/// One act to do.
#[derive(Serialize, Deserialize)]
pub enum Request {
    Begin {
        account: AccountName,
        caller: Caller,
    },
    Answer {
        account: AccountName,
        answer: SecretText,
        caller: Caller,
    },
    ResynchroniseAtSignIn {
        account: AccountName,
        code1: SecretText,
        code2: SecretText,
        caller: Caller,
    },
    Import {
        devices: Vec<DeviceToImport>,
        mode: ImportMode,
        caller: Caller,
    },
    Devices,
    Device(SerialNumber),
    RemoveDevice {
        serial: SerialNumber,
        caller: Caller,
    },
    Associate {
        account: AccountName,
        pair: Pair,
        caller: Caller,
    },
    Resynchronise {
        account: AccountName,
        pair: Pair,
        caller: Caller,
    },
    Deactivate {
        account: AccountName,
        serial: SerialNumber,
        caller: Caller,
    },
    Accounts,
    Account(AccountName),
    AddAccount {
        account: AccountName,
        caller: Caller,
    },
    RemoveAccount {
        account: AccountName,
        caller: Caller,
    },
    UnlockAccount {
        account: AccountName,
        caller: Caller,
    },
    CreateRecoveryCodes {
        account: AccountName,
        caller: Caller,
    },
    IssueRecoveryCode {
        account: AccountName,
        lifetime: RecoveryCodeLifetime,
        caller: Caller,
    },
    Events(EventFilter),
    CreateAccessKey {
        account: AccountName,
        caller: Caller,
    },
    AccessKeys,
    AccessKey(AccessKeyId),
    DeleteAccessKey {
        id: AccessKeyId,
        caller: Caller,
    },
    Identify,
    StartSession {
        account: AccountName,
        serial: SerialNumber,
        code: SecretText,
        seconds: u32,
        caller: Caller,
    },
    DevicesOf(AccountName),
    CreateSoftwareDevice {
        serial: SerialNumber,
        tags: Vec<(String, String)>,
        caller: Caller,
    },
    TagDevice {
        serial: SerialNumber,
        tags: Vec<(String, String)>,
        caller: Caller,
    },
    UntagDevice {
        serial: SerialNumber,
        keys: Vec<String>,
        caller: Caller,
    },
    DevicesMatching(DeviceFilter),
    Drifts(SerialNumber),
    FindDevice {
        account: AccountName,
        code1: SecretText,
        code2: Option<SecretText>,
        caller: Caller,
    },
    /// A part of a search by codes, which the daemon makes of a [`Self::FindDevice`].
    SearchDevices {
        account: AccountName,
        code1: SecretText,
        code2: Option<SecretText>,
        place: SearchPlace,
        caller: Caller,
    },
    /// And its end.
    EndSearch {
        account: AccountName,
        found: Vec<SerialNumber>,
        caller: Caller,
    },
    AccountsAfter {
        name: Option<AccountName>,
        limit: u32,
    },
    AccountStatuses(Vec<AccountName>),
    Policy,
    /// Whose a proof claims to be.
    ClaimedAccount(Proof),
    SignInWithPassword {
        account: AccountName,
        password: SecretText,
        caller: Caller,
    },
    AnswerInSession {
        token: SessionToken,
        answer: SecretText,
        caller: Caller,
    },
    ResynchroniseInSession {
        token: SessionToken,
        code1: SecretText,
        code2: SecretText,
        caller: Caller,
    },
    BrowserSession(SessionToken),
    BrowserSessions(AccountName),
    EndBrowserSession {
        account: AccountName,
        id: SessionId,
        caller: Caller,
    },
    SignOut(SessionToken),
    AccountsNamed(Vec<AccountName>),
    Totals,
}

/// What the daemon answers.
#[derive(Serialize, Deserialize)]
pub enum Message {
    /// So many devices have been looked at.
    Progress(u64),
    Done(Reply),
    Refused(Refused),
    /// Why it can't be decided, as a sentence.
    Unusable(String),
    /// Somebody changed the device at the same moment.
    ConcurrentModification(SerialNumber),
}

/// What comes of an act that was done.
#[derive(Serialize, Deserialize)]
pub enum Reply {
    Nothing,
    Begun(Begun),
    SignedIn(SignedIn),
    Imported(ImportReport),
    Devices(Vec<DeviceSummary>),
    Device(DeviceSummary),
    Serial(SerialNumber),
    Serials(Vec<SerialNumber>),
    Accounts(Vec<AccountSummary>),
    Account(AccountSummary),
    RecoveryCodes(Vec<SecretText>),
    IssuedRecoveryCode { code: SecretText, expires: UnixTime },
    Events(Vec<Event>),
    AccessKey(AccessKey),
    AccessKeys(Vec<AccessKeySummary>),
    Principal(Principal),
    Session(SessionCredentials),
    SoftwareDevice { serial: SerialNumber, secret: Zeroizing<Vec<u8>> },
    Name(AccountName),
    StartedSession(StartedSession),
    SessionSignedIn(SessionSignedIn),
    Resynchronised(Resynchronised),
    BrowserSession(BrowserSession),
    BrowserSessions(Vec<BrowserSession>),
    Drifts(Vec<StoredDrift>),
    AccountStatuses(Vec<AccountStatus>),
    Policy(PolicySummary),
    Totals(Totals),
    Searched(Searched),
}

impl Reply {
    /// Whether a code is to follow.
    pub const fn asks(&self) -> bool {
        matches!(self, Self::Begun(Begun { next: Begin::Ask(_), .. }))
    }
}

/// A code, a recovery code, or whatever somebody typed in place of one.
#[derive(Clone, Serialize, Deserialize)]
pub struct SecretText(pub Zeroizing<String>);

/// Serial number and two codes.
#[derive(Serialize, Deserialize)]
pub struct Pair {
    pub serial: SerialNumber,
    pub code1: SecretText,
    pub code2: SecretText,
}

/// A device of a seed file.
#[derive(Serialize, Deserialize)]
pub struct DeviceToImport {
    pub serial: SerialNumber,
    pub secret: Zeroizing<Vec<u8>>,
    pub parameters: Parameters,
    pub position: Position,
    pub manufacturer: Option<String>,
    pub model: Option<String>,
    pub expires: Option<UnixTime>,
}

/// A frame that holds a message. Its buffer is made as long as it gets, so that no copy of a secret is left behind.
pub fn encode(message: &impl Serialize) -> io::Result<Zeroizing<Vec<u8>>> {
    let length = encoded_length(message)?;
    let mut frame = frame::start(length)?;
    let bytes = std::mem::take(&mut *frame);
    Ok(Zeroizing::new(postcard::to_extend(message, bytes).map_err(io::Error::other)?))
}

/// How many bytes a message has.
pub fn encoded_length(message: &impl Serialize) -> io::Result<usize> {
    postcard::serialize_with_flavor(message, Size::default()).map_err(io::Error::other)
}

impl SecretText {
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    pub fn recovery_code(&self) -> Option<RecoveryCode> {
        RecoveryCode::parse(&self.0).ok()
    }
}

impl Pair {
    pub fn new(submission: &Submission) -> Self {
        Self {
            serial: submission.serial.clone(),
            code1: SecretText::new(submission.code1.reveal()),
            code2: SecretText::new(submission.code2.reveal()),
        }
    }
}

impl DeviceToImport {
    pub fn new(device: &ImportedDevice) -> Self {
        let ImportedDevice { serial, secret, parameters, position, manufacturer, model, expires } = device;
        Self {
            serial: serial.clone(),
            secret: Zeroizing::new(secret.expose().to_vec()),
            parameters: *parameters,
            position: *position,
            manufacturer: manufacturer.clone(),
            model: model.clone(),
            expires: *expires,
        }
    }
}
