//! What is said over the socket: a [`Request`], and in answer any number of [`Message::Progress`] and one other [`Message`].

use std::io;

use keyfob_authority::{
    AccountSummary, Authority, Begun, Caller, DeviceSummary, Error, Event, EventFilter, ImportReport,
    Refused, SignedIn, Unusable,
};
use keyfob_core::{
    AccountName, Code, ImportedDevice, Parameters, Position, RecoveryCode, Secret, SerialNumber, Submission,
};
use postcard::ser_flavors::Size;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::frame;

/// One act to do.
#[derive(Serialize, Deserialize)]
pub enum Request {
    Begin { account: AccountName, caller: Caller },
    Answer { account: AccountName, answer: SecretText, caller: Caller },
    ResynchroniseAtSignIn { account: AccountName, code1: SecretText, code2: SecretText, caller: Caller },
    Import { devices: Vec<DeviceToImport>, dry_run: bool, caller: Caller },
    Devices,
    Device(SerialNumber),
    RemoveDevice { serial: SerialNumber, caller: Caller },
    Associate { account: AccountName, pair: Pair, caller: Caller },
    Resynchronise { account: AccountName, pair: Pair, caller: Caller },
    Deactivate { account: AccountName, serial: SerialNumber, caller: Caller },
    Accounts,
    Account(AccountName),
    AddAccount { account: AccountName, caller: Caller },
    RemoveAccount { account: AccountName, caller: Caller },
    UnlockAccount { account: AccountName, caller: Caller },
    CreateRecoveryCodes { account: AccountName, caller: Caller },
    Events(EventFilter),
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
    Events(Vec<Event>),
}

/// A code, a recovery code, or whatever somebody typed in place of one.
#[derive(Serialize, Deserialize)]
pub struct SecretText(Zeroizing<String>);

/// Serial number and two codes.
#[derive(Serialize, Deserialize)]
pub struct Pair {
    serial: SerialNumber,
    code1: SecretText,
    code2: SecretText,
}

/// A device of a seed file.
#[derive(Serialize, Deserialize)]
pub struct DeviceToImport {
    serial: SerialNumber,
    secret: Zeroizing<Vec<u8>>,
    parameters: Parameters,
    position: Position,
    manufacturer: Option<String>,
    model: Option<String>,
}

/// A frame that holds a message. Its buffer is made as long as it gets, so that no copy of a secret is left behind.
pub fn encode(message: &impl Serialize) -> io::Result<Zeroizing<Vec<u8>>> {
    let length = postcard::serialize_with_flavor(message, Size::default()).map_err(io::Error::other)?;
    let mut frame = frame::start(length)?;
    let bytes = std::mem::take(&mut *frame);
    Ok(Zeroizing::new(postcard::to_extend(message, bytes).map_err(io::Error::other)?))
}

impl Request {
    /// The account it is about.
    pub fn account(&self) -> Option<&AccountName> {
        match self {
            Self::Begin { account, .. }
            | Self::Answer { account, .. }
            | Self::ResynchroniseAtSignIn { account, .. }
            | Self::Associate { account, .. }
            | Self::Resynchronise { account, .. }
            | Self::Deactivate { account, .. }
            | Self::Account(account)
            | Self::AddAccount { account, .. }
            | Self::RemoveAccount { account, .. }
            | Self::UnlockAccount { account, .. }
            | Self::CreateRecoveryCodes { account, .. } => Some(account),
            Self::Import { .. }
            | Self::Devices
            | Self::Device(_)
            | Self::RemoveDevice { .. }
            | Self::Accounts
            | Self::Events(_) => None,
        }
    }

    /// The caller that it says it comes from.
    pub fn caller_mut(&mut self) -> Option<&mut Caller> {
        match self {
            Self::Begin { caller, .. }
            | Self::Answer { caller, .. }
            | Self::ResynchroniseAtSignIn { caller, .. }
            | Self::Import { caller, .. }
            | Self::RemoveDevice { caller, .. }
            | Self::Associate { caller, .. }
            | Self::Resynchronise { caller, .. }
            | Self::Deactivate { caller, .. }
            | Self::AddAccount { caller, .. }
            | Self::RemoveAccount { caller, .. }
            | Self::UnlockAccount { caller, .. }
            | Self::CreateRecoveryCodes { caller, .. } => Some(caller),
            Self::Devices | Self::Device(_) | Self::Accounts | Self::Account(_) | Self::Events(_) => None,
        }
    }

    /// Whether it is part of a sign-in: whoever signs in may ask for it; the rest is administration.
    pub const fn is_sign_in(&self) -> bool {
        matches!(self, Self::Begin { .. } | Self::Answer { .. } | Self::ResynchroniseAtSignIn { .. })
    }

    /// Does it.
    pub fn perform(
        &self,
        authority: &dyn Authority,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Reply, Error> {
        Ok(match self {
            Self::Begin { account, caller } => Reply::Begun(authority.begin(account, caller)?),
            Self::Answer { account, answer, caller } => {
                Reply::SignedIn(authority.answer(account, answer.as_str(), caller)?)
            }
            Self::ResynchroniseAtSignIn { account, code1, code2, caller } => {
                let (code1, code2) = (code1.code()?, code2.code()?);
                Reply::Serial(authority.resynchronise_at_sign_in(account, &code1, &code2, caller)?)
            }
            Self::Import { devices, dry_run, caller } => {
                let devices = devices.iter().map(DeviceToImport::read).collect::<Result<Vec<_>, _>>()?;
                Reply::Imported(authority.import(&devices, *dry_run, progress, caller)?)
            }
            Self::Devices => Reply::Devices(authority.devices()?),
            Self::Device(serial) => Reply::Device(authority.device(serial)?),
            Self::RemoveDevice { serial, caller } => nothing(authority.remove_device(serial, caller)?),
            Self::Associate { account, pair, caller } => {
                Reply::Device(authority.associate(account, &pair.read()?, caller)?)
            }
            Self::Resynchronise { account, pair, caller } => {
                Reply::Device(authority.resynchronise(account, &pair.read()?, caller)?)
            }
            Self::Deactivate { account, serial, caller } => {
                nothing(authority.deactivate(account, serial, caller)?)
            }
            Self::Accounts => Reply::Accounts(authority.accounts()?),
            Self::Account(account) => Reply::Account(authority.account(account)?),
            Self::AddAccount { account, caller } => Reply::Account(authority.add_account(account, caller)?),
            Self::RemoveAccount { account, caller } => {
                Reply::Serials(authority.remove_account(account, caller)?)
            }
            Self::UnlockAccount { account, caller } => nothing(authority.unlock_account(account, caller)?),
            Self::CreateRecoveryCodes { account, caller } => {
                let codes = authority.create_recovery_codes(account, caller)?;
                Reply::RecoveryCodes(codes.iter().map(|code| SecretText::new(code.reveal())).collect())
            }
            Self::Events(filter) => Reply::Events(authority.events(filter)?),
        })
    }
}

const fn nothing((): ()) -> Reply {
    Reply::Nothing
}

impl Message {
    /// What the daemon says of an outcome.
    pub fn of(outcome: Result<Reply, Error>) -> Self {
        match outcome {
            Ok(reply) => Self::Done(reply),
            Err(Error::Refused(refused)) => Self::Refused(refused),
            Err(Error::Unusable(unusable)) => Self::Unusable(unusable.to_string()),
        }
    }
}

impl SecretText {
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn code(&self) -> Result<Code, Refused> {
        Code::parse(&self.0).map_err(|_| Refused::Malformed)
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

    fn read(&self) -> Result<Submission, Refused> {
        Ok(Submission { serial: self.serial.clone(), code1: self.code1.code()?, code2: self.code2.code()? })
    }
}

impl DeviceToImport {
    pub fn new(device: &ImportedDevice) -> Self {
        let ImportedDevice { serial, secret, parameters, position, manufacturer, model } = device;
        Self {
            serial: serial.clone(),
            secret: Zeroizing::new(secret.expose().to_vec()),
            parameters: *parameters,
            position: *position,
            manufacturer: manufacturer.clone(),
            model: model.clone(),
        }
    }

    fn read(&self) -> Result<ImportedDevice, Unusable> {
        let secret = Secret::new(self.secret.as_slice().into())
            .map_err(|error| Unusable::Remote(format!("{}: {error}", self.serial)))?;
        let Self { serial, parameters, position, manufacturer, model, .. } = self;
        Ok(ImportedDevice {
            serial: serial.clone(),
            secret,
            parameters: *parameters,
            position: *position,
            manufacturer: manufacturer.clone(),
            model: model.clone(),
        })
    }
}
