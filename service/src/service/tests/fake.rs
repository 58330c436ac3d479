use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use keyfob_authority::{
    AccessControl, AccessKey, AccessKeyId, AccessKeySummary, AccessRefusal, AccountStatus, AccountSummary,
    Authority, Begin, Begun, BrowserSession, Caller, DeviceFilter, DeviceSummary, Error, Event, EventFilter,
    Factor, ImportMode, ImportReport, IssuedRecoveryCode, NewSoftwareDevice, Notice, NoticeKind,
    PolicySummary, Principal, Proof, RecoveryCodeLifetime, Refused, Resynchronised, Role, SessionCredentials,
    SessionId, SessionSignedIn, SessionToken, SignedIn, StartedSession, StoredDrift, Totals, Unusable,
};
use keyfob_core::{AccountName, Code, ImportedDevice, RecoveryCode, SerialNumber, Submission, UnixTime};

use crate::backend::Backend;

/// A daemon that finds every signature good or bad, refuses every act, and counts them.
#[derive(Clone)]
pub struct Fake {
    /// What whoever signed is, or why that is not known.
    pub signer: Result<Role, AccessRefusal>,
    /// Why acts are refused; `None`: they can't be decided.
    pub refusal: Option<Refused>,
    /// How many acts it was asked for.
    pub count: Arc<AtomicUsize>,
    /// What follows from every password, and every code is right; `None`: they are refused as other acts are.
    pub sign_in: Option<Begin>,
    /// Whose passwords it was asked to check.
    pub names: Arc<Mutex<Vec<String>>>,
    /// The tokens that were signed out.
    pub signed_out: Arc<Mutex<Vec<String>>>,
}

impl Default for Fake {
    fn default() -> Self {
        Self {
            signer: Ok(Role::Administrator),
            refusal: None,
            count: Arc::default(),
            sign_in: None,
            names: Arc::default(),
            signed_out: Arc::default(),
        }
    }
}

impl Fake {
    /// How many acts it will have been asked for.
    pub fn asked(&self) -> impl Fn() -> usize + use<> {
        let count = Arc::clone(&self.count);
        move || count.load(Ordering::SeqCst)
    }

    /// A token that it has given to no browser yet.
    fn token(&self) -> SessionToken {
        SessionToken::new(format!("token/+{}=", self.count.fetch_add(1, Ordering::SeqCst)))
    }

    fn refuse<T>(&self) -> Result<T, Error> {
        self.count.fetch_add(1, Ordering::SeqCst);
        let undecided = || Unusable::Missing { what: "store", path: "/nowhere".into() }.into();
        Err(self.refusal.clone().map_or_else(undecided, Error::Refused))
    }
}

impl Backend for Fake {
    fn on_behalf(&self, _: Proof) -> Box<dyn AccessControl> {
        Box::new(self.clone())
    }

    fn for_browser(&self) -> Box<dyn AccessControl> {
        Box::new(self.clone())
    }

    fn sign_in_with_password(
        &self,
        name: &AccountName,
        _: &str,
        _: &Caller,
    ) -> Result<StartedSession, Error> {
        self.names.lock().unwrap().push(name.to_string());
        let Some(next) = self.sign_in.clone() else { return self.refuse() };
        let token = (!matches!(next, Begin::Throttled(_))).then(|| self.token());
        Ok(StartedSession { token, next })
    }
}

macro_rules! refused {
    ($(fn $name:ident($($argument:ty),*) -> $result:ty;)*) => {
        $(fn $name(&self, $(_: $argument),*) -> Result<$result, Error> { self.refuse() })*
    };
}

impl Authority for Fake {
    refused! {
        fn begin(&AccountName, &Caller) -> Begun;
        fn answer(&AccountName, &str, &Caller) -> SignedIn;
        fn resynchronise_at_sign_in(&AccountName, &Code, &Code, &Caller) -> SerialNumber;
        fn import(&[ImportedDevice], ImportMode, &mut dyn FnMut(usize), &Caller) -> ImportReport;
        fn devices() -> Vec<DeviceSummary>;
        fn device(&SerialNumber) -> DeviceSummary;
        fn remove_device(&SerialNumber, &Caller) -> ();
        fn associate(&AccountName, &Submission, &Caller) -> DeviceSummary;
        fn resynchronise(&AccountName, &Submission, &Caller) -> DeviceSummary;
        fn deactivate(&AccountName, &SerialNumber, &Caller) -> ();
        fn accounts() -> Vec<AccountSummary>;
        fn account(&AccountName) -> AccountSummary;
        fn add_account(&AccountName, &Caller) -> AccountSummary;
        fn remove_account(&AccountName, &Caller) -> Vec<SerialNumber>;
        fn unlock_account(&AccountName, &Caller) -> ();
        fn create_recovery_codes(&AccountName, &Caller) -> Vec<RecoveryCode>;
        fn issue_recovery_code(&AccountName, RecoveryCodeLifetime, &Caller) -> IssuedRecoveryCode;
        fn events(&EventFilter) -> Vec<Event>;
    }
}

impl AccessControl for Fake {
    fn authenticate(&self, _: &Proof) -> Result<Principal, Error> {
        let role = self.signer.map_err(Refused::Access)?;
        let account = "alice".parse().unwrap();
        Ok(Principal {
            account,
            uid: Some(1000),
            role,
            with_code: false,
            needs_code: false,
            in_browser: false,
        })
    }

    refused! {
        fn create_access_key(&AccountName, &Caller) -> AccessKey;
        fn access_keys() -> Vec<AccessKeySummary>;
        fn access_key(&AccessKeyId) -> AccessKeySummary;
        fn delete_access_key(&AccessKeyId, &Caller) -> ();
        fn start_session(&AccountName, &SerialNumber, &str, u32, &Caller) -> SessionCredentials;
        fn devices_of(&AccountName) -> Vec<DeviceSummary>;
        fn devices_matching(&DeviceFilter) -> Vec<DeviceSummary>;
        fn drifts(&SerialNumber) -> Vec<StoredDrift>;
        fn find_device(&AccountName, &Code, Option<&Code>, &Caller) -> Vec<SerialNumber>;
        fn accounts_after(Option<&AccountName>, u32) -> Vec<AccountSummary>;
        fn accounts_named(&[AccountName]) -> Vec<AccountSummary>;
        fn totals() -> Totals;
        fn account_statuses(&[AccountName]) -> Vec<AccountStatus>;
        fn policy() -> PolicySummary;
        fn create_software_device(&SerialNumber, &[(String, String)], &Caller) -> NewSoftwareDevice;
        fn tag_device(&SerialNumber, &[(String, String)], &Caller) -> ();
        fn untag_device(&SerialNumber, &[String], &Caller) -> ();
        fn browser_sessions(&AccountName) -> Vec<BrowserSession>;
        fn end_browser_session(&AccountName, &SessionId, &Caller) -> ();
    }

    fn answer_in_session(&self, _: &SessionToken, _: &str, _: &Caller) -> Result<SessionSignedIn, Error> {
        if self.sign_in.is_none() {
            return self.refuse();
        }
        let notice = Notice {
            kind: NoticeKind::Associated,
            time: UnixTime(1_795_535_717),
            serial: "GAHT12345678".parse().ok(),
            door: "service:alice".into(),
            remote: None,
            count: 1,
        };
        let signed_in = SignedIn { factor: Factor::RecoveryCode { left: 7 }, notices: vec![notice] };
        Ok(SessionSignedIn { token: self.token(), signed_in })
    }

    fn resynchronise_in_session(
        &self,
        _: &SessionToken,
        _: &Code,
        _: &Code,
        _: &Caller,
    ) -> Result<Resynchronised, Error> {
        if self.sign_in.is_none() {
            return self.refuse();
        }
        Ok(Resynchronised { token: self.token(), serial: "GAHT12345678".parse().unwrap() })
    }

    fn browser_session(&self, _: &SessionToken) -> Result<BrowserSession, Error> {
        if self.sign_in.is_none() {
            return self.refuse();
        }
        let time = |seconds: u64| UnixTime(1_795_535_717 + seconds);
        Ok(BrowserSession {
            id: "ABCDEFGHIJKLMNOPQRSTUVWX27".parse().unwrap(),
            with_code: true,
            created: time(0),
            last_used: time(60),
            idle_expires: time(120),
            expires: time(180),
            remote: None,
        })
    }

    fn sign_out(&self, token: &SessionToken) -> Result<(), Error> {
        self.signed_out.lock().unwrap().push(token.reveal().to_owned());
        if self.sign_in.is_none() { self.refuse() } else { Ok(()) }
    }
}
