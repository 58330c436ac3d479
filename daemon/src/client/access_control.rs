//! What the enrollment service asks for.

use keyfob_authority::{
    AccessControl, AccessKey, AccessKeyId, AccessKeySummary, AccountStatus, AccountSummary, BrowserSession,
    Caller, DeviceFilter, DeviceSummary, Error, NewSoftwareDevice, PolicySummary, Principal, Proof,
    Resynchronised, SessionCredentials, SessionId, SessionSignedIn, SessionToken, StoredDrift, Totals,
};
use keyfob_core::{AccountName, Code, Secret, SerialNumber};

use super::Client;
use crate::protocol::{Reply, Request, SecretText};

impl AccessControl for Client {
    fn create_access_key(&self, account: &AccountName, caller: &Caller) -> Result<AccessKey, Error> {
        let request = Request::CreateAccessKey { account: account.clone(), caller: caller.clone() };
        expect_reply!(self, self.ask(&request)?, Reply::AccessKey(key) => key)
    }

    fn access_keys(&self) -> Result<Vec<AccessKeySummary>, Error> {
        expect_reply!(self, self.ask(&Request::AccessKeys)?, Reply::AccessKeys(keys) => keys)
    }

    fn access_key(&self, id: &AccessKeyId) -> Result<AccessKeySummary, Error> {
        let request = Request::AccessKey(id.clone());
        let mut keys = expect_reply!(self, self.ask(&request)?, Reply::AccessKeys(keys) => keys)?;
        keys.pop().ok_or_else(|| self.nonsense())
    }

    fn delete_access_key(&self, id: &AccessKeyId, caller: &Caller) -> Result<(), Error> {
        let request = Request::DeleteAccessKey { id: id.clone(), caller: caller.clone() };
        expect_reply!(self, self.ask(&request)?, Reply::Nothing => ())
    }

    fn authenticate(&self, proof: &Proof) -> Result<Principal, Error> {
        let reply = self.ask_on_behalf(Some(proof), &Request::Identify, None)?;
        expect_reply!(self, reply, Reply::Principal(principal) => principal)
    }

    fn start_session(
        &self,
        account: &AccountName,
        serial: &SerialNumber,
        code: &str,
        seconds: u32,
        caller: &Caller,
    ) -> Result<SessionCredentials, Error> {
        let (account, serial, caller) = (account.clone(), serial.clone(), caller.clone());
        let code = SecretText::new(code.into());
        let request = Request::StartSession { account, serial, code, seconds, caller };
        expect_reply!(self, self.ask(&request)?, Reply::Session(session) => session)
    }

    fn devices_of(&self, account: &AccountName) -> Result<Vec<DeviceSummary>, Error> {
        let request = Request::DevicesOf(account.clone());
        expect_reply!(self, self.ask(&request)?, Reply::Devices(devices) => devices)
    }

    fn devices_matching(&self, filter: &DeviceFilter) -> Result<Vec<DeviceSummary>, Error> {
        let request = Request::DevicesMatching(filter.clone());
        expect_reply!(self, self.ask(&request)?, Reply::Devices(devices) => devices)
    }

    fn drifts(&self, serial: &SerialNumber) -> Result<Vec<StoredDrift>, Error> {
        expect_reply!(self, self.ask(&Request::Drifts(serial.clone()))?, Reply::Drifts(drifts) => drifts)
    }

    fn find_device(
        &self,
        account: &AccountName,
        code1: &Code,
        code2: Option<&Code>,
        caller: &Caller,
    ) -> Result<Vec<SerialNumber>, Error> {
        let (account, caller) = (account.clone(), caller.clone());
        let code1 = SecretText::new(code1.reveal());
        let code2 = code2.map(|code| SecretText::new(code.reveal()));
        let request = Request::FindDevice { account, code1, code2, caller };
        expect_reply!(self, self.ask(&request)?, Reply::Serials(serials) => serials)
    }

    fn accounts_after(&self, name: Option<&AccountName>, limit: u32) -> Result<Vec<AccountSummary>, Error> {
        let request = Request::AccountsAfter { name: name.cloned(), limit };
        expect_reply!(self, self.ask(&request)?, Reply::Accounts(accounts) => accounts)
    }

    fn accounts_named(&self, names: &[AccountName]) -> Result<Vec<AccountSummary>, Error> {
        let request = Request::AccountsNamed(names.to_vec());
        expect_reply!(self, self.ask(&request)?, Reply::Accounts(accounts) => accounts)
    }

    fn totals(&self) -> Result<Totals, Error> {
        expect_reply!(self, self.ask(&Request::Totals)?, Reply::Totals(totals) => totals)
    }

    fn account_statuses(&self, accounts: &[AccountName]) -> Result<Vec<AccountStatus>, Error> {
        let request = Request::AccountStatuses(accounts.to_vec());
        expect_reply!(self, self.ask(&request)?, Reply::AccountStatuses(statuses) => statuses)
    }

    fn policy(&self) -> Result<PolicySummary, Error> {
        expect_reply!(self, self.ask(&Request::Policy)?, Reply::Policy(policy) => policy)
    }

    fn create_software_device(
        &self,
        serial: &SerialNumber,
        tags: &[(String, String)],
        caller: &Caller,
    ) -> Result<NewSoftwareDevice, Error> {
        let (serial, tags, caller) = (serial.clone(), tags.to_vec(), caller.clone());
        let request = Request::CreateSoftwareDevice { serial, tags, caller };
        let reply = self.ask(&request)?;
        let (serial, secret) =
            expect_reply!(self, reply, Reply::SoftwareDevice { serial, secret } => (serial, secret))?;
        let secret = Secret::new(secret.as_slice().into()).map_err(|_| self.nonsense())?;
        Ok(NewSoftwareDevice { serial, secret })
    }

    fn tag_device(
        &self,
        serial: &SerialNumber,
        tags: &[(String, String)],
        caller: &Caller,
    ) -> Result<(), Error> {
        let (serial, tags, caller) = (serial.clone(), tags.to_vec(), caller.clone());
        expect_reply!(self, self.ask(&Request::TagDevice { serial, tags, caller })?, Reply::Nothing => ())
    }

    fn untag_device(&self, serial: &SerialNumber, keys: &[String], caller: &Caller) -> Result<(), Error> {
        let (serial, keys, caller) = (serial.clone(), keys.to_vec(), caller.clone());
        expect_reply!(self, self.ask(&Request::UntagDevice { serial, keys, caller })?, Reply::Nothing => ())
    }

    fn answer_in_session(
        &self,
        token: &SessionToken,
        answer: &str,
        caller: &Caller,
    ) -> Result<SessionSignedIn, Error> {
        let (token, caller) = (token.clone(), caller.clone());
        let request = Request::AnswerInSession { token, answer: SecretText::new(answer.into()), caller };
        expect_reply!(self, self.ask(&request)?, Reply::SessionSignedIn(signed_in) => signed_in)
    }

    fn resynchronise_in_session(
        &self,
        token: &SessionToken,
        code1: &Code,
        code2: &Code,
        caller: &Caller,
    ) -> Result<Resynchronised, Error> {
        let [code1, code2] = [code1, code2].map(|code| SecretText::new(code.reveal()));
        let (token, caller) = (token.clone(), caller.clone());
        let request = Request::ResynchroniseInSession { token, code1, code2, caller };
        expect_reply!(self, self.ask(&request)?, Reply::Resynchronised(resynchronised) => resynchronised)
    }

    fn browser_session(&self, token: &SessionToken) -> Result<BrowserSession, Error> {
        let request = Request::BrowserSession(token.clone());
        expect_reply!(self, self.ask(&request)?, Reply::BrowserSession(session) => session)
    }

    fn browser_sessions(&self, account: &AccountName) -> Result<Vec<BrowserSession>, Error> {
        let request = Request::BrowserSessions(account.clone());
        expect_reply!(self, self.ask(&request)?, Reply::BrowserSessions(sessions) => sessions)
    }

    fn end_browser_session(
        &self,
        account: &AccountName,
        id: &SessionId,
        caller: &Caller,
    ) -> Result<(), Error> {
        let (account, id, caller) = (account.clone(), id.clone(), caller.clone());
        expect_reply!(self, self.ask(&Request::EndBrowserSession { account, id, caller })?, Reply::Nothing => ())
    }

    fn sign_out(&self, token: &SessionToken) -> Result<(), Error> {
        expect_reply!(self, self.ask(&Request::SignOut(token.clone()))?, Reply::Nothing => ())
    }
}
