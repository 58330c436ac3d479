//! What a request asks for, done.

use keyfob_authority::{
    About, AccessRefusal, Act, Authorisation, Caller, Error, EventFilter, NewSoftwareDevice, Operation,
    Principal, Proof, Refused, SessionToken, SignedChange, Unusable,
};
use keyfob_core::{AccountName, Code, ImportedDevice, Secret, Submission};

use zeroize::Zeroizing;

use super::{log, repeats};
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
            | Self::CreateRecoveryCodes { account, .. }
            | Self::IssueRecoveryCode { account, .. }
            | Self::CreateAccessKey { account, .. }
            | Self::StartSession { account, .. }
            | Self::DevicesOf(account)
            | Self::SignInWithPassword { account, .. }
            | Self::BrowserSessions(account)
            | Self::EndBrowserSession { account, .. }
            | Self::FindDevice { account, .. }
            | Self::SearchDevices { account, .. }
            | Self::EndSearch { account, .. } => Some(account),
            Self::Import { .. }
            | Self::Devices
            | Self::Device(_)
            | Self::RemoveDevice { .. }
            | Self::Accounts
            | Self::Events(_)
            | Self::AccessKeys
            | Self::AccessKey(_)
            | Self::DeleteAccessKey { .. }
            | Self::Identify
            | Self::CreateSoftwareDevice { .. }
            | Self::TagDevice { .. }
            | Self::UntagDevice { .. }
            | Self::ClaimedAccount(_)
            | Self::AnswerInSession { .. }
            | Self::ResynchroniseInSession { .. }
            | Self::BrowserSession(_)
            | Self::SignOut(_)
            | Self::DevicesMatching(_)
            | Self::Drifts(_)
            | Self::AccountsAfter { .. }
            | Self::AccountStatuses(_)
            | Self::AccountsNamed(_)
            | Self::Totals
            | Self::Policy => None,
        }
    }

    /// The accounts that the name service has to be asked about for it.
    pub fn accounts_to_look_up(&self) -> &[AccountName] {
        match self {
            Self::AccountStatuses(accounts) => accounts,
            _ => self.account().map_or(&[], std::slice::from_ref),
        }
    }

    /// The account whose events it is about: whether they are the caller's own is for the name service to say.
    pub const fn account_of_events(&self) -> Option<&AccountName> {
        match self {
            Self::Events(filter) => filter.account.as_ref(),
            _ => None,
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
            | Self::CreateRecoveryCodes { caller, .. }
            | Self::IssueRecoveryCode { caller, .. }
            | Self::CreateAccessKey { caller, .. }
            | Self::DeleteAccessKey { caller, .. }
            | Self::StartSession { caller, .. }
            | Self::CreateSoftwareDevice { caller, .. }
            | Self::TagDevice { caller, .. }
            | Self::UntagDevice { caller, .. }
            | Self::SignInWithPassword { caller, .. }
            | Self::AnswerInSession { caller, .. }
            | Self::ResynchroniseInSession { caller, .. }
            | Self::EndBrowserSession { caller, .. }
            | Self::FindDevice { caller, .. }
            | Self::SearchDevices { caller, .. }
            | Self::EndSearch { caller, .. } => Some(caller),
            Self::Devices
            | Self::Device(_)
            | Self::Accounts
            | Self::Account(_)
            | Self::Events(_)
            | Self::AccessKeys
            | Self::AccessKey(_)
            | Self::Identify
            | Self::DevicesOf(_)
            | Self::ClaimedAccount(_)
            | Self::BrowserSession(_)
            | Self::BrowserSessions(_)
            | Self::SignOut(_)
            | Self::DevicesMatching(_)
            | Self::Drifts(_)
            | Self::AccountsAfter { .. }
            | Self::AccountStatuses(_)
            | Self::AccountsNamed(_)
            | Self::Totals
            | Self::Policy => None,
        }
    }

    /// Whether it is part of a sign-in: whoever signs in may ask for it; the rest is administration.
    pub const fn is_sign_in(&self) -> bool {
        matches!(self, Self::Begin { .. } | Self::Answer { .. } | Self::ResynchroniseAtSignIn { .. })
    }

    /// Whether a browser's sign-in is started, continued or ended by it, for which the password or the token that it holds is proof enough.
    pub const fn is_of_browser(&self) -> bool {
        matches!(
            self,
            Self::SignInWithPassword { .. }
                | Self::AnswerInSession { .. }
                | Self::ResynchroniseInSession { .. }
                | Self::BrowserSession(_)
                | Self::SignOut(_)
        )
    }

    /// Whether a password has to be checked before it is done.
    pub const fn has_password(&self) -> bool {
        matches!(self, Self::SignInWithPassword { .. })
    }

    /// The token of the browser that sends it.
    pub const fn browser_token(&self) -> Option<&SessionToken> {
        match self {
            Self::AnswerInSession { token, .. }
            | Self::ResynchroniseInSession { token, .. }
            | Self::BrowserSession(token)
            | Self::SignOut(token) => Some(token),
            _ => None,
        }
    }

    /// What the caller of the enrollment service who signed it wants; `None`: nothing that it can be asked for.
    fn wanted(&self) -> Option<(Operation, About<'_>)> {
        let change = |act, about| Some((Operation::Change(act), about));
        match self {
            Self::Identify => Some((Operation::Identify, About::All)),
            Self::Account(account)
            | Self::DevicesOf(account)
            | Self::BrowserSessions(account)
            | Self::Events(EventFilter { account: Some(account), .. }) => {
                Some((Operation::Read, About::Account(account)))
            }
            Self::AccountStatuses(accounts) => Some(match accounts.as_slice() {
                [account] => (Operation::Read, About::Account(account)),
                _ => (Operation::ReadAll, About::All),
            }),
            Self::Devices
            | Self::DevicesMatching(_)
            | Self::Accounts
            | Self::AccountsAfter { .. }
            | Self::AccountsNamed(_)
            | Self::Totals
            | Self::Events(_)
            | Self::AccessKeys
            | Self::Policy => Some((Operation::ReadAll, About::All)),
            Self::Device(serial) | Self::Drifts(serial) => Some((Operation::Read, About::Device(serial))),
            Self::Import { .. } => change(Act::ImportDevice, About::All),
            Self::RemoveDevice { serial, .. } => change(Act::RemoveDevice, About::Device(serial)),
            Self::TagDevice { serial, .. } => change(Act::TagDevice, About::Device(serial)),
            Self::UntagDevice { serial, .. } => change(Act::UntagDevice, About::Device(serial)),
            Self::Associate { account, .. } => change(Act::Associate, About::Account(account)),
            Self::Resynchronise { account, .. } => change(Act::Resynchronise, About::Account(account)),
            Self::Deactivate { account, .. } => change(Act::Deactivate, About::Account(account)),
            Self::AddAccount { account, .. } => change(Act::AddAccount, About::Account(account)),
            Self::RemoveAccount { account, .. } => change(Act::RemoveAccount, About::Account(account)),
            Self::UnlockAccount { account, .. } => change(Act::UnlockAccount, About::Account(account)),
            Self::CreateRecoveryCodes { account, .. } => {
                change(Act::CreateRecoveryCodes, About::Account(account))
            }
            Self::IssueRecoveryCode { account, .. } => {
                change(Act::IssueRecoveryCode, About::Account(account))
            }
            Self::FindDevice { account, .. } => change(Act::FindDevice, About::Account(account)),
            Self::StartSession { account, .. } => change(Act::SignIn, About::Account(account)),
            Self::CreateSoftwareDevice { .. } => change(Act::CreateSoftwareDevice, About::New),
            Self::CreateAccessKey { account, .. } => change(Act::CreateAccessKey, About::Account(account)),
            Self::DeleteAccessKey { .. } => change(Act::DeleteAccessKey, About::All),
            Self::EndBrowserSession { account, .. } => change(Act::EndSession, About::Account(account)),
            Self::Begin { .. }
            | Self::Answer { .. }
            | Self::ResynchroniseAtSignIn { .. }
            | Self::SearchDevices { .. }
            | Self::EndSearch { .. }
            | Self::AccessKey(_)
            | Self::ClaimedAccount(_)
            | Self::SignInWithPassword { .. }
            | Self::AnswerInSession { .. }
            | Self::ResynchroniseInSession { .. }
            | Self::BrowserSession(_)
            | Self::SignOut(_) => None,
        }
    }

    /// Does it on behalf of whoever proves to have sent it, if that caller may.
    pub fn perform_on_behalf(
        &self,
        authority: &dyn Authorisation,
        (proof, caller): (&Proof, &Caller),
        progress: &mut dyn FnMut(usize),
    ) -> Result<Reply, Error> {
        let (operation, about) = self.wanted().ok_or(Refused::Access(AccessRefusal::NotAllowed))?;
        let change = SignedChange::of(proof, operation, about);
        if let Some(change) = &change
            && let Some(ended) = authority.done_before(proof, change)?
        {
            return repeats::outcome(&ended);
        }
        let mut perform = || {
            let principal = authority.authorise(proof, operation, about, caller)?;
            if let Some(change) = &change {
                self.check_signed(change, &principal)?;
            }
            match self {
                Self::Identify => Ok(Reply::Principal(principal)),
                _ => self.perform(authority, progress),
            }
        };
        let outcome = perform();
        if let Some(change) = &change
            && let Some(ended) = repeats::ended(self, &outcome)?
        {
            authority.remember(change, &ended)?;
        }
        outcome
    }

    fn check_signed(&self, change: &SignedChange<'_>, sender: &Principal) -> Result<(), Refused> {
        if self.is_signed_by(change.signed(), sender) {
            return Ok(());
        }
        log(&format!(
            "another change than {} has signed was refused: the enrollment service is of another version, or taken over",
            sender.account
        ));
        Err(AccessRefusal::WrongSignature.into())
    }

    /// Does it.
    pub fn perform(
        &self,
        authority: &dyn Authorisation,
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
            Self::Import { devices, mode, caller } => {
                let devices = devices.iter().map(DeviceToImport::read).collect::<Result<Vec<_>, _>>()?;
                Reply::Imported(authority.import(&devices, *mode, progress, caller)?)
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
            Self::IssueRecoveryCode { account, lifetime, caller } => {
                let issued = authority.issue_recovery_code(account, *lifetime, caller)?;
                let code = SecretText::new(issued.code.reveal());
                Reply::IssuedRecoveryCode { code, expires: issued.expires }
            }
            Self::Events(filter) => Reply::Events(authority.events(filter)?),
            Self::CreateAccessKey { account, caller } => {
                Reply::AccessKey(authority.create_access_key(account, caller)?)
            }
            Self::AccessKeys => Reply::AccessKeys(authority.access_keys()?),
            Self::AccessKey(id) => Reply::AccessKeys(vec![authority.access_key(id)?]),
            Self::DeleteAccessKey { id, caller } => nothing(authority.delete_access_key(id, caller)?),
            // Nobody has signed it.
            Self::Identify => return Err(Refused::Access(AccessRefusal::NotAllowed).into()),
            Self::StartSession { account, serial, code, seconds, caller } => {
                Reply::Session(authority.start_session(account, serial, &code.0, *seconds, caller)?)
            }
            Self::DevicesOf(account) => Reply::Devices(authority.devices_of(account)?),
            Self::CreateSoftwareDevice { serial, tags, caller } => {
                let NewSoftwareDevice { serial, secret } =
                    authority.create_software_device(serial, tags, caller)?;
                Reply::SoftwareDevice { serial, secret: Zeroizing::new(secret.expose().to_vec()) }
            }
            Self::TagDevice { serial, tags, caller } => nothing(authority.tag_device(serial, tags, caller)?),
            Self::UntagDevice { serial, keys, caller } => {
                nothing(authority.untag_device(serial, keys, caller)?)
            }
            Self::DevicesMatching(filter) => Reply::Devices(authority.devices_matching(filter)?),
            Self::Drifts(serial) => Reply::Drifts(authority.drifts(serial)?),
            // Whoever lets it come here makes the search.
            Self::FindDevice { account, code1, code2, caller } => {
                let (code1, code2) = (code1.code()?, code2.as_ref().map(SecretText::code).transpose()?);
                nothing(authority.begin_search(account, (&code1, code2.as_ref()), caller)?)
            }
            Self::SearchDevices { account, code1, code2, place, caller } => {
                let (code1, code2) = (code1.code()?, code2.as_ref().map(SecretText::code).transpose()?);
                Reply::Searched(authority.search_devices(account, (&code1, code2.as_ref()), place, caller)?)
            }
            Self::EndSearch { account, found, caller } => {
                Reply::Serials(authority.end_search(account, found.clone(), caller)?)
            }
            Self::AccountsAfter { name, limit } => {
                Reply::Accounts(authority.accounts_after(name.as_ref(), *limit)?)
            }
            Self::AccountsNamed(names) => Reply::Accounts(authority.accounts_named(names)?),
            Self::Totals => Reply::Totals(authority.totals()?),
            Self::AccountStatuses(accounts) => Reply::AccountStatuses(authority.account_statuses(accounts)?),
            Self::Policy => Reply::Policy(authority.policy()?),
            Self::ClaimedAccount(proof) => Reply::Name(authority.claimed_account(proof)?),
            // Whoever lets it come here has checked the password.
            Self::SignInWithPassword { account, caller, .. } => {
                Reply::StartedSession(authority.start_browser_session(account, caller)?)
            }
            Self::AnswerInSession { token, answer, caller } => {
                Reply::SessionSignedIn(authority.answer_in_session(token, &answer.0, caller)?)
            }
            Self::ResynchroniseInSession { token, code1, code2, caller } => {
                let (code1, code2) = (code1.code()?, code2.code()?);
                Reply::Resynchronised(authority.resynchronise_in_session(token, &code1, &code2, caller)?)
            }
            Self::BrowserSession(token) => Reply::BrowserSession(authority.browser_session(token)?),
            Self::BrowserSessions(account) => Reply::BrowserSessions(authority.browser_sessions(account)?),
            Self::EndBrowserSession { account, id, caller } => {
                nothing(authority.end_browser_session(account, id, caller)?)
            }
            Self::SignOut(token) => nothing(authority.sign_out(token)?),
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
            Err(Error::Unusable(Unusable::ConcurrentModification(serial))) => {
                Self::ConcurrentModification(serial)
            }
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
        let Self { serial, parameters, position, manufacturer, model, expires, .. } = self;
        Ok(ImportedDevice {
            serial: serial.clone(),
            secret,
            parameters: *parameters,
            position: *position,
            manufacturer: manufacturer.clone(),
            model: model.clone(),
            expires: *expires,
        })
    }
}
