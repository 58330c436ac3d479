//! A scripted PAM transaction and a scripted authority. What is scripted has to happen, and nothing else may.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::ffi::CStr;
use std::thread;
use std::time::Duration;

use keyfob_authority::{
    AccountSummary, Ask, Authority, Begin, Begun, Caller, DeviceSummary, Error, Event, EventFilter,
    ImportMode, ImportReport, IssuedRecoveryCode, RecoveryCodeLifetime, SignedIn,
};
use keyfob_core::{AccountName, Code, Digits, ImportedDevice, RecoveryCode, SerialNumber, Submission};

use crate::answer::Answer;
use crate::forward::Password;
use crate::transaction::{ConversationFailed, Level, Message, NotKept, Transaction};

#[allow(clippy::unwrap_used)]
pub fn alice() -> AccountName {
    "alice".parse().unwrap()
}

/// Ask for a code of six digits.
pub fn ask() -> Begin {
    Begin::Ask(Ask { digits: vec![Digits::SIX], offer_resync: false })
}

/// A PAM transaction of alice's.
pub struct ScriptedPam {
    user: Result<Vec<u8>, ConversationFailed>,
    remote: Option<String>,
    conversation: VecDeque<Exchange>,
    ssh_auth_info: Option<Vec<u8>>,
    has_memory: bool,
    typing: Duration,
    pub password: Option<Vec<u8>>,
    pub kept: Option<String>,
    pub log: Vec<(Level, String)>,
    pub delays: Vec<Duration>,
}

/// What is shown in one conversation, and what comes back.
pub struct Exchange {
    shown: Vec<String>,
    reply: Result<Option<Vec<u8>>, ConversationFailed>,
}

impl ScriptedPam {
    pub fn new() -> Self {
        Self {
            user: Ok(b"alice".into()),
            remote: None,
            conversation: VecDeque::new(),
            ssh_auth_info: None,
            has_memory: true,
            typing: Duration::ZERO,
            password: None,
            kept: None,
            log: Vec::new(),
            delays: Vec::new(),
        }
    }

    /// Somebody else's, or one in which nobody says who they are.
    pub fn of(mut self, user: Result<&[u8], ConversationFailed>) -> Self {
        self.user = user.map(Into::into);
        self
    }

    pub fn at(mut self, remote: &str) -> Self {
        self.remote = Some(remote.into());
        self
    }

    /// One in which a module before this one asked for a password.
    pub fn with_password(mut self, password: &[u8]) -> Self {
        self.password = Some(password.into());
        self
    }

    /// One in which a line before this one kept a code.
    pub fn with_code(mut self, code: &str) -> Self {
        self.kept = Some(code.into());
        self
    }

    /// One in which sshd says by what a person was authenticated before.
    pub fn after(mut self, methods: &[u8]) -> Self {
        self.ssh_auth_info = Some(methods.into());
        self
    }

    /// One in which libpam can keep nothing more.
    pub fn out_of_memory(mut self) -> Self {
        self.has_memory = false;
        self
    }

    /// One in which the person takes so long for each answer.
    pub fn slowly(mut self, typing: Duration) -> Self {
        self.typing = typing;
        self
    }

    /// Then the person is asked this, and answers.
    pub fn asks(self, prompt: &str, answer: Option<&[u8]>) -> Self {
        self.shows(&[prompt], answer)
    }

    /// Then the person is shown this in one conversation, and answers.
    pub fn shows(mut self, messages: &[&str], answer: Option<&[u8]>) -> Self {
        let shown = messages.iter().map(ToString::to_string).collect();
        let exchange = Exchange { shown, reply: Ok(answer.map(Into::into)) };
        self.conversation.push_back(exchange);
        self
    }

    /// Then the person is told this.
    pub fn tells(self, message: &str) -> Self {
        self.asks(message, None)
    }

    /// Then the person would be shown this, and the conversation fails.
    pub fn fails_at(mut self, message: &str) -> Self {
        self.conversation.push_back(Exchange { shown: vec![message.into()], reply: Err(ConversationFailed) });
        self
    }
}

impl Transaction for ScriptedPam {
    fn user(&mut self) -> Result<Vec<u8>, ConversationFailed> {
        self.user.clone()
    }

    fn service(&self) -> String {
        "sshd".into()
    }

    fn remote(&self) -> Option<String> {
        self.remote.clone()
    }

    fn real_uid(&self) -> u32 {
        0
    }

    #[allow(clippy::expect_used)]
    fn converse(&mut self, messages: &[Message<'_>]) -> Result<Option<Answer>, ConversationFailed> {
        let shown: Vec<_> = messages.iter().map(describe).collect();
        let exchange = self.conversation.pop_front().expect("a conversation that is not in the script");
        assert_eq!(shown, exchange.shown);
        thread::sleep(self.typing);
        Ok(exchange.reply?.and_then(|typed| Answer::copy(&typed)))
    }

    fn password(&self) -> Option<Answer> {
        Answer::copy(self.password.as_deref()?)
    }

    fn set_password(&mut self, password: &Password) -> Result<(), NotKept> {
        self.password = Some(password.as_c_str().to_bytes().into());
        Ok(())
    }

    fn keep_code(&mut self, code: Answer) -> Result<(), NotKept> {
        self.kept = Some(code.code().into());
        if self.has_memory { Ok(()) } else { Err(NotKept) }
    }

    fn take_code(&mut self) -> Option<Answer> {
        self.kept.take().and_then(|code| Answer::copy(code.as_bytes()))
    }

    fn variable(&mut self, name: &CStr) -> Option<Vec<u8>> {
        assert_eq!(name, c"SSH_AUTH_INFO_0");
        self.ssh_auth_info.clone()
    }

    fn fail_delay(&mut self, delay: Duration) {
        self.delays.push(delay);
    }

    fn log(&mut self, level: Level, text: &str) {
        self.log.push((level, text.into()));
    }
}

impl Drop for ScriptedPam {
    fn drop(&mut self) {
        assert!(thread::panicking() || self.conversation.is_empty(), "part of the script did not happen");
    }
}

fn describe(message: &Message<'_>) -> String {
    match message {
        Message::Prompt { text, echo: false } => format!("prompt: {text}"),
        Message::Prompt { text, echo: true } => format!("echoing prompt: {text}"),
        Message::Error(text) => format!("error: {text}"),
        Message::Info(text) => format!("info: {text}"),
    }
}

/// What is asked, and what is decided on it.
type Script<T, D> = RefCell<VecDeque<(T, Result<D, Error>)>>;

/// An authority that is asked what stands in its script, in that order for each act.
#[derive(Default)]
pub struct ScriptedAuthority {
    begins: RefCell<VecDeque<Result<Begun, Error>>>,
    answers: Script<String, SignedIn>,
    pairs: Script<[String; 2], SerialNumber>,
    pub callers: RefCell<Vec<(AccountName, Caller)>>,
}

impl ScriptedAuthority {
    pub fn asked_nothing() -> Self {
        Self::default()
    }

    pub fn begins(begin: Result<Begin, Error>) -> Self {
        Self::asked_nothing().then_begins(begin)
    }

    /// Asks for a code, then gets this text and decides so.
    pub fn decides(text: &str, decision: Result<SignedIn, Error>) -> Self {
        Self::begins(Ok(ask())).then_decides(text, decision)
    }

    /// Asks for a code and offers to resynchronise.
    pub fn offers() -> Self {
        Self::begins(Ok(Begin::Ask(Ask { digits: vec![Digits::SIX], offer_resync: true })))
    }

    pub fn then_begins(self, begin: Result<Begin, Error>) -> Self {
        let begin = begin.map(|next| Begun { next, unresolved_groups: Vec::new() });
        self.begins.borrow_mut().push_back(begin);
        self
    }

    /// Does not know these groups of the policy.
    pub fn without_groups(self, groups: &[&str]) -> Self {
        for begun in self.begins.borrow_mut().iter_mut().flatten() {
            begun.unresolved_groups = groups.iter().map(ToString::to_string).collect();
        }
        self
    }

    pub fn then_decides(self, text: &str, decision: Result<SignedIn, Error>) -> Self {
        self.answers.borrow_mut().push_back((text.into(), decision));
        self
    }

    pub fn then_resynchronises(self, codes: [&str; 2], decision: Result<SerialNumber, Error>) -> Self {
        self.pairs.borrow_mut().push_back((codes.map(Into::into), decision));
        self
    }
}

impl Drop for ScriptedAuthority {
    fn drop(&mut self) {
        let left = self.begins.borrow().len() + self.answers.borrow().len() + self.pairs.borrow().len();
        assert!(thread::panicking() || left == 0, "the authority was not asked all");
    }
}

#[allow(clippy::expect_used)]
impl Authority for ScriptedAuthority {
    fn begin(&self, account: &AccountName, caller: &Caller) -> Result<Begun, Error> {
        self.callers.borrow_mut().push((account.clone(), caller.clone()));
        self.begins.borrow_mut().pop_front().expect("a beginning that is not in the script")
    }

    fn answer(&self, account: &AccountName, answer: &str, caller: &Caller) -> Result<SignedIn, Error> {
        self.callers.borrow_mut().push((account.clone(), caller.clone()));
        let next = self.answers.borrow_mut().pop_front();
        let (text, decision) = next.expect("an answer that is not in the script");
        assert_eq!(answer, text);
        decision
    }

    fn resynchronise_at_sign_in(
        &self,
        _: &AccountName,
        code1: &Code,
        code2: &Code,
        _: &Caller,
    ) -> Result<SerialNumber, Error> {
        let next = self.pairs.borrow_mut().pop_front();
        let (expected, decision) = next.expect("a pair that is not in the script");
        assert_eq!([code1.reveal(), code2.reveal()], expected);
        decision
    }

    fn import(
        &self,
        _: &[ImportedDevice],
        _: ImportMode,
        _: &mut dyn FnMut(usize),
        _: &Caller,
    ) -> Result<ImportReport, Error> {
        unreachable!("a sign-in imports nothing")
    }

    fn devices(&self) -> Result<Vec<DeviceSummary>, Error> {
        unreachable!("a sign-in lists nothing")
    }

    fn device(&self, _: &SerialNumber) -> Result<DeviceSummary, Error> {
        unreachable!("a sign-in shows nothing")
    }

    fn remove_device(&self, _: &SerialNumber, _: &Caller) -> Result<(), Error> {
        unreachable!("a sign-in removes nothing")
    }

    fn associate(&self, _: &AccountName, _: &Submission, _: &Caller) -> Result<DeviceSummary, Error> {
        unreachable!("a sign-in associates nothing")
    }

    fn resynchronise(&self, _: &AccountName, _: &Submission, _: &Caller) -> Result<DeviceSummary, Error> {
        unreachable!("a sign-in resynchronises nothing")
    }

    fn deactivate(&self, _: &AccountName, _: &SerialNumber, _: &Caller) -> Result<(), Error> {
        unreachable!("a sign-in deactivates nothing")
    }

    fn accounts(&self) -> Result<Vec<AccountSummary>, Error> {
        unreachable!("a sign-in lists nothing")
    }

    fn account(&self, _: &AccountName) -> Result<AccountSummary, Error> {
        unreachable!("a sign-in shows nothing")
    }

    fn add_account(&self, _: &AccountName, _: &Caller) -> Result<AccountSummary, Error> {
        unreachable!("a sign-in adds nothing")
    }

    fn remove_account(&self, _: &AccountName, _: &Caller) -> Result<Vec<SerialNumber>, Error> {
        unreachable!("a sign-in removes nothing")
    }

    fn unlock_account(&self, _: &AccountName, _: &Caller) -> Result<(), Error> {
        unreachable!("a sign-in unlocks nothing")
    }

    fn create_recovery_codes(&self, _: &AccountName, _: &Caller) -> Result<Vec<RecoveryCode>, Error> {
        unreachable!("a sign-in creates nothing")
    }

    fn issue_recovery_code(
        &self,
        _: &AccountName,
        _: RecoveryCodeLifetime,
        _: &Caller,
    ) -> Result<IssuedRecoveryCode, Error> {
        unreachable!("a sign-in issues nothing")
    }

    fn events(&self, _: &EventFilter) -> Result<Vec<Event>, Error> {
        unreachable!("a sign-in lists nothing")
    }
}
