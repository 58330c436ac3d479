//! What a request asks for, done.

use keyfob_authority::{Authority, Caller, Error, Refused, Unusable};
use keyfob_core::{AccountName, Code, ImportedDevice, Secret, Submission};

use crate::protocol::{DeviceToImport, Message, Pair, Reply, Request, SecretText};

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
                Reply::SignedIn(authority.answer(account, &answer.0, caller)?)
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
    fn code(&self) -> Result<Code, Refused> {
        Code::parse(&self.0).map_err(|_| Refused::Malformed)
    }
}

impl Pair {
    fn read(&self) -> Result<Submission, Refused> {
        Ok(Submission { serial: self.serial.clone(), code1: self.code1.code()?, code2: self.code2.code()? })
    }
}

impl DeviceToImport {
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
